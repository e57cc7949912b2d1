"""A system goes on at the business moment at which it stood still, however it came to stand."""

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from demo.clock_keeper import BEAT_EVERY, ClockKeeper
from domain.clock import days_per_second
from supervise.postgres import THROW_AWAY
from supervise.system import System
from tests.supervise.processes_of_a_test import comes_true

START = dt.datetime(2026, 1, 5, 14, tzinfo=dt.UTC)
DAYS = 5.0
CHECKOUT = Path(__file__).parents[2]
# A supervisor whose clock runs; it is killed like any process.
RUNNING = """
import datetime as dt, sys, time
from pathlib import Path
from demo.clock_keeper import ClockKeeper
keeper = ClockKeeper(
    Path(sys.argv[1]), lambda: sys.argv[2],
    start=dt.datetime(2026, 1, 5, 14, tzinfo=dt.UTC), speed=5 * 86_400,
)
keeper.on_change(True)
print("running", flush=True)
time.sleep(60)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="claimflow-tests-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def keep(home: Path, database_url: str) -> ClockKeeper:
    return ClockKeeper(home, lambda: database_url, start=START, speed=days_per_second(DAYS))


def segments(home: Path) -> list[dict[str, Any]]:
    return list(json.loads((home / "clock.json").read_text(encoding="utf-8"))["segments"])


def in_database(database_url: str) -> list[tuple[dt.datetime, bool]]:
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            rows = connection.execute(
                text("SELECT business_start, is_running FROM clock_segment ORDER BY id")
            )
            return [(row.business_start, row.is_running) for row in rows]
    finally:
        engine.dispose()


def test_a_stopped_system_resumes_at_the_moment_at_which_it_stopped(
    home: Path, database_url: str
) -> None:
    first = keep(home, database_url)
    first.on_change(True)
    assert comes_true(lambda: first.business_now > START + dt.timedelta(days=1))
    first.stop()
    stopped_at = first.business_now

    second = keep(home, database_url)

    assert second.business_now == stopped_at
    second.on_change(True)
    assert in_database(database_url)[-1] == (stopped_at, True)
    second.stop()


def test_a_killed_supervisor_resumes_at_its_last_beat(home: Path, database_url: str) -> None:
    running = subprocess.Popen(
        [sys.executable, "-c", RUNNING, str(home), database_url],
        stdout=subprocess.PIPE,
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )
    assert running.stdout is not None
    assert running.stdout.readline() == b"running\n"
    assert comes_true((home / "clock.beat").exists)
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=20)
    beat_at = (home / "clock.beat").stat().st_mtime

    resumed = keep(home, database_url)

    began = segments(home)[0]
    up_for = beat_at - began["real_start"]
    missed = dt.timedelta(days=DAYS * (up_for + BEAT_EVERY))
    stood_at = resumed.business_now
    assert START <= stood_at <= START + missed
    assert comes_true(lambda: in_database(database_url)[-1] == (stood_at, False))
    resumed.stop()


def test_no_time_passes_between_two_runs(home: Path, database_url: str) -> None:
    first = keep(home, database_url)
    first.on_change(True)
    first.stop()

    second = keep(home, database_url)

    now = second.business_now
    assert not comes_true(lambda: second.business_now != now, within=0.3)
    second.stop()


def test_segments_wait_for_a_database_that_is_down(home: Path, database_url: str) -> None:
    url = "postgresql+psycopg2://nobody:nothing@127.0.0.1:1/none"
    keeper = ClockKeeper(home, lambda: url, start=START, speed=days_per_second(DAYS))
    keeper.on_change(True)
    keeper.on_change(False)
    assert [one["running"] for one in segments(home)] == [False, True, False]

    url = database_url

    assert comes_true(lambda: [ran for _, ran in in_database(database_url)] == [True, False])
    keeper.stop()


@pytest.mark.system
@pytest.mark.parametrize("name", ["postgres", "temporal"])
def test_a_kill_costs_no_business_day(home: Path, name: str) -> None:
    keeper = ClockKeeper(
        home,
        lambda: system.database_url,
        start=START,
        speed=days_per_second(DAYS),
    )
    system = System(
        home,
        processes=["postgres", "temporal"],
        on_change=keeper.on_change,
        postgres_settings=THROW_AWAY,
    )
    with system:
        before = keeper.business_now
        system.kill(name)
        assert comes_true(lambda: not segments(home)[-1]["running"], within=5)
        stood_at = keeper.business_now

        assert system.wait_healthy(60)

        assert comes_true(lambda: segments(home)[-1]["running"])
        stopped, started = segments(home)[-2:]
        assert stopped["business_start"] == started["business_start"]
        assert stood_at - before < dt.timedelta(days=1)
        keeper.stop()
