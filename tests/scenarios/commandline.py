"""`claimflow inbox --wait FILE…` as a scenario runs it: here, or beside a system that is up."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

import cli
from casework import remittances, subjects
from db.models import Remittance
from tests.scenarios.engine import run_queue

CHECKOUT = Path(__file__).parents[2]
LOOK_EVERY = 0.02
LIMIT_SECONDS = 120


def in_this_process(database_url: str) -> Callable[[list[Path]], int]:
    """The command itself, in this process; what the worker does for remittances goes on beside."""

    def run(paths: list[Path]) -> int:
        with _posting(database_url):
            return cli.run(["inbox", "--wait", *map(str, paths)])

    return run


def beside_a_system(home: Path) -> Callable[[list[Path]], int]:
    """The command as a process of its own; posting is the running worker's."""

    def run(paths: list[Path]) -> int:
        return _claimflow(home, "inbox", "--wait", *map(str, paths)).returncode

    return run


def verify(home: Path) -> subprocess.CompletedProcess[str]:
    """`claimflow verify` beside a system that is up: its status, and what it said."""
    return _claimflow(home, "verify")


def _claimflow(home: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", name, "--home", str(home), *arguments],
        cwd=CHECKOUT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )


@contextmanager
def _posting(database_url: str) -> Iterator[None]:
    """Posts what is taken in, in transactions of its own, until the command has returned."""
    ended = threading.Event()
    failed: list[Exception] = []
    engine = create_engine(database_url)
    worker = threading.Thread(target=_post, args=(sessionmaker(engine), ended, failed))
    worker.start()
    try:
        yield
    finally:
        ended.set()
        worker.join()
        engine.dispose()
    if failed:
        raise failed[0]


def _post(sessions: sessionmaker[Session], ended: threading.Event, failed: list[Exception]) -> None:
    unposted = select(Remittance).where(Remittance.posted_at.is_(None)).order_by(Remittance.id)
    while not ended.wait(LOOK_EVERY):
        try:
            with sessions.begin() as session:
                for remittance in session.scalars(unposted).all():
                    run_queue(session, subjects.remittance_key(remittance), remittances.take_step)
        except Exception as error:
            failed.append(error)
            return
