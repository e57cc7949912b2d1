"""One visit of a process that is killed (kill -9) at its n-th step, of those that leave a trace.

Run as a program: DATABASE_URL HOME STEP [FOLDER]. With a folder, a person moves the route there as
soon as a file is brought. Exit status 0 when there were fewer steps than that.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from db.engine import connect
from db.engine import sessions as sessions_of
from dispatch import remote
from dispatch.exchange import Inbound
from dispatch.sftp import Door
from tests.dispatch.partner import move_to

ACTS = ("files", "look", "upload", "rename", "remove", "make_folder")
CHECKOUT = Path(__file__).parents[2]
_left = [0]


def run(url: str, home: Path, step: int, *more: str) -> int:
    """The exit status of one visit by a process of its own: -9 when it was killed at the step."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.dispatch.killed_visit", url, str(home), str(step), *more],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, -9), done.stderr[-600:]
    return done.returncode


def main(url: str, home: Path, step: int, folder: str | None) -> None:
    _left[0] = step
    if folder is not None:
        Door.upload = _moved(Door.upload, url, folder)  # type: ignore[method-assign]
    for name in ACTS:
        setattr(Door, name, _counted(getattr(Door, name)))
    Path.rename = _counted(Path.rename)  # type: ignore[method-assign]
    event.listen(Session, "after_commit", lambda _: _step())
    engine = connect(url, "claimflow_worker")
    sessions = sessions_of(engine)
    inbound = Inbound(sessions=sessions, exchange=home / "exchange")
    for at in remote.due(sessions, home):
        remote.visit(sessions, inbound, at)
    os._exit(0)


def _moved(act: Callable[..., Any], url: str, folder: str) -> Callable[..., Any]:
    people = sessions_of(connect(url, "claimflow_web"))

    def moved(*arguments: Any) -> None:
        act(*arguments)
        with people.begin() as session:
            move_to(session, upload_folder=folder)

    return moved


def _counted(act: Callable[..., Any]) -> Callable[..., Any]:
    """Die just after the act has been done, before anybody could say so."""

    def counted(*arguments: Any, **more: Any) -> Any:
        done = act(*arguments, **more)
        _step()
        return done

    return counted


def _step() -> None:
    _left[0] -= 1
    if _left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), next(iter(sys.argv[4:]), None))
