"""Processes start in order, come back when they die, and none is left when it is over."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from supervise.child import Process
from supervise.errors import StartFailed
from supervise.log import Log
from supervise.processes import Seat, Supervisor
from tests.supervise.processes_of_a_test import (
    AWHILE,
    comes_true,
    is_alive,
    process,
    processes_naming,
)


class Watched:
    """A supervisor and what it told its listener."""

    def __init__(self, folder: Path, *processes: Process) -> None:
        self.log = Log(folder / "log", screen=False)
        self.changes: list[bool] = []
        self.supervisor = Supervisor(
            processes, self.log, on_change=self.changes.append, on_start=lambda: None
        )

    def lines(self) -> str:
        return self.log.path.read_text(encoding="utf-8")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    watched = Watched(tmp_path, process("first"), process("second"))
    watched.supervisor.start()
    yield watched
    watched.supervisor.stop()
    watched.log.close()


def test_a_process_starts_only_when_the_one_before_is_ready(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    first = process("first", f"open({str(ready)!r}, 'w'); {AWHILE}", is_ready=ready.exists)
    second = process("second", f"import os; print(os.path.exists({str(ready)!r})); {AWHILE}")
    watched = Watched(tmp_path, first, second)

    watched.supervisor.start()

    assert comes_true(lambda: "second    | True" in watched.lines())
    watched.supervisor.stop()
    watched.log.close()


def test_processes_stop_in_reverse_order(watched: Watched) -> None:
    watched.supervisor.stop()

    assert watched.lines().index("second has stopped") < watched.lines().index("first has stopped")


def test_after_a_stop_none_is_left(watched: Watched) -> None:
    pids = watched.supervisor.pids.values()

    watched.supervisor.stop()

    assert len(pids) == 2
    assert not any(is_alive(pid) for pid in pids)


def test_a_killed_process_comes_back(watched: Watched) -> None:
    before = watched.supervisor.pids["first"]

    watched.supervisor.kill("first")

    assert watched.supervisor.wait_healthy(20)
    assert watched.supervisor.pids["first"] != before
    assert "first was ended by SIGKILL; it is started again" in watched.lines()


def test_the_listener_hears_of_each_fall_and_of_each_recovery(watched: Watched) -> None:
    watched.supervisor.kill("second")
    watched.supervisor.wait_healthy(20)
    watched.supervisor.stop()

    assert watched.changes == [True, False, True, False]


def test_a_killed_process_takes_what_it_started_with_it(tmp_path: Path) -> None:
    mark = str(tmp_path / "grandchild")
    code = (
        "import subprocess, sys; "
        f"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)', {mark!r}]); "
        f"{AWHILE}"
    )
    watched = Watched(tmp_path, process("parent", code))
    watched.supervisor.start()
    assert comes_true(lambda: len(processes_naming(mark)) >= 2)
    grandchildren = processes_naming(mark)

    watched.supervisor.kill("parent")

    assert comes_true(lambda: not any(is_alive(pid) for pid in grandchildren))
    watched.supervisor.stop()
    assert comes_true(lambda: not processes_naming(mark))
    watched.log.close()


def test_a_process_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    deaf = f"import signal; signal.signal(15, signal.SIG_IGN); open({str(ready)!r}, 'w'); {AWHILE}"
    watched = Watched(tmp_path, process("deaf", deaf, is_ready=ready.exists, stop_seconds=0.2))
    watched.supervisor.start()
    pid = watched.supervisor.pids["deaf"]

    watched.supervisor.stop()

    assert not is_alive(pid)
    watched.log.close()


def test_a_failed_start_names_the_process_and_its_last_words(tmp_path: Path) -> None:
    first = process("first", f"{AWHILE}  # {tmp_path}")
    broken = process("broken", "import sys; sys.exit('no such table')", is_ready=lambda: False)
    watched = Watched(tmp_path, first, broken)

    with pytest.raises(StartFailed, match=r"broken ended 4 times(.|\n)*no such table"):
        watched.supervisor.start()

    assert not processes_naming(str(tmp_path))
    assert watched.changes == [False]
    watched.log.close()


def test_a_process_that_never_gets_ready_fails_the_start(tmp_path: Path) -> None:
    slow = process("slow", is_ready=lambda: False, start_seconds=0.3)
    watched = Watched(tmp_path, slow)

    with pytest.raises(StartFailed, match="slow was not ready"):
        watched.supervisor.start()

    assert watched.supervisor.pids == {}
    watched.log.close()


def test_a_step_that_fails_stops_the_start(tmp_path: Path) -> None:
    step = process("db", "import sys; sys.exit('schema is newer than this version')", is_step=True)
    watched = Watched(tmp_path, process("first"), step, process("second"))

    with pytest.raises(StartFailed, match=r"db ended with exit status 1(.|\n)*schema is newer"):
        watched.supervisor.start()

    assert "second" not in watched.lines()
    watched.log.close()


def test_a_step_runs_to_its_end_before_the_next_process_starts(tmp_path: Path) -> None:
    done = tmp_path / "done"
    step = process("db", f"open({str(done)!r}, 'w')", is_step=True)
    after = process("after", f"import os; print(os.path.exists({str(done)!r})); {AWHILE}")
    watched = Watched(tmp_path, step, after)

    watched.supervisor.start()

    assert comes_true(lambda: "after     | True" in watched.lines())
    watched.supervisor.stop()
    watched.log.close()


def test_a_start_can_be_broken_off(tmp_path: Path) -> None:
    slow = process("slow")
    watched = Watched(tmp_path, slow, process("never", is_ready=lambda: False))
    watched.supervisor.ask_to_stop()

    with pytest.raises(StartFailed, match="broken off"):
        watched.supervisor.start()

    assert watched.supervisor.pids == {}
    watched.log.close()


def test_a_listener_that_fails_leaves_no_process_untended(tmp_path: Path) -> None:
    def fail(_all_up: bool) -> None:
        raise RuntimeError("the clock is broken")

    log = Log(tmp_path / "log", screen=False)
    supervisor = Supervisor([process("only")], log, on_change=fail, on_start=lambda: None)
    supervisor.start()

    supervisor.kill("only")

    assert supervisor.wait_healthy(20)
    supervisor.stop()
    assert "the clock is broken" in log.path.read_text(encoding="utf-8")
    log.close()


def test_each_death_waits_longer_for_the_next_start(watched: Watched) -> None:
    waits: list[float] = []
    for _ in range(10):
        seat = Seat(process("any"))
        seat.failures = len(waits)
        seat.child = watched.supervisor._seats["first"].child
        waits.append(seat.take_note_of_end())

    assert waits[:4] == [0.1, 0.2, 0.4, 0.8]
    assert waits[-1] == 10.0


def test_what_stands_on_a_fallen_process_waits_until_that_is_back(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    below = process(
        "below",
        f"import time; time.sleep(0.5); open({str(ready)!r}, 'w'); {AWHILE}",
        is_ready=ready.exists,
        before_start=lambda: ready.unlink(missing_ok=True),
        carries_others=True,
    )
    above = process("above", f"import os; print(os.path.exists({str(ready)!r})); {AWHILE}")
    watched = Watched(tmp_path, below, above)
    watched.supervisor.start()

    watched.supervisor.kill("below")
    watched.supervisor.kill("above")

    assert watched.supervisor.wait_healthy(20)
    assert comes_true(lambda: watched.lines().count("above     | True") == 2)
    assert "above     | False" not in watched.lines()
    watched.supervisor.stop()
    watched.log.close()


def test_a_stopped_process_that_goes_on_is_the_same_one(watched: Watched) -> None:
    before = watched.supervisor.pids["first"]

    watched.supervisor.kill("first", signal.SIGSTOP)
    watched.supervisor.kill("first", signal.SIGCONT)

    assert watched.supervisor.pids["first"] == before
