"""The simulator as a process: it says when it is up, survives kill -9, and stops when told."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30.0


@contextmanager
def simulator(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "sim", "run", "--home", str(home), "--encounters", "12"]
    process = subprocess.Popen([*command, "--arrive-over-days", "2"], cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=PATIENCE_SECONDS)


def wait_for(is_so: Callable[[], bool], what: str) -> None:
    limit = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < limit, f"waited in vain for {what}"
        time.sleep(0.02)


def start_clock(home: Path) -> None:
    segment = {
        "real_start": time.time(),
        "business_start": "2026-01-05T12:00:00+00:00",
        "speed": 86400.0 * 4,
        "running": True,
    }
    (home / "clock.json").write_text(json.dumps({"segments": [segment]}))


def bundles(home: Path) -> int:
    return len(list(home.glob("exchange/inbound/ehr/encounter-*.json")))


def test_it_waits_for_a_clock_and_says_when_it_is_up(tmp_path: Path) -> None:
    with simulator(tmp_path) as process:
        wait_for((tmp_path / "run" / "sim.ready").exists, "the ready file")

        assert process.poll() is None
        assert bundles(tmp_path) == 0


def test_a_kill_loses_and_repeats_nothing(tmp_path: Path) -> None:
    start_clock(tmp_path)
    with simulator(tmp_path) as first:
        wait_for(lambda: bundles(tmp_path) > 0, "the first bundle")
        first.kill()
        first.wait(timeout=PATIENCE_SECONDS)
    with simulator(tmp_path) as second:
        wait_for(lambda: bundles(tmp_path) >= 12, "all bundles")
        wait_for(lambda: idle(tmp_path) == 0, "an empty agenda")

        second.terminate()

        assert second.wait(timeout=PATIENCE_SECONDS) == 0
    assert not list(tmp_path.glob("exchange/inbound/*/.*.part"))


def idle(home: Path) -> int:
    return int(json.loads((home / "sim" / "idle.json").read_text())["pending"])


def test_books_of_a_home_without_a_simulator_are_refused_in_words(tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "sim", "books", "--home", str(tmp_path)]

    answer = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)

    assert answer.returncode == 1
    assert "no simulator has run here" in answer.stderr
    assert not answer.stdout
