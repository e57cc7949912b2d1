"""One child process: tethered to us, its output in the log, stopped with its whole group."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from supervise.log import Log

TETHER = str(Path(__file__).with_name("tether.py"))
DEATH_IS_SURE_SECONDS = 5


def _nothing() -> None:
    return None


def _always() -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Process:
    """What the supervisor must know of a process; a `step` runs to its end and must end well.

    What `carries_others` must be ready before another process is started again.
    """

    name: str
    command: Callable[[], list[str]]
    is_ready: Callable[[], bool] = _always
    before_start: Callable[[], None] = _nothing
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    user: str = "-"
    file_descriptors: tuple[int, ...] = ()
    start_seconds: float = 60.0
    stop_seconds: float = 15.0
    back_off_seconds_max: float = 10.0
    is_step: bool = False
    carries_others: bool = False


class Child:
    """A started process. Must be made by a thread that outlives it: the kernel ties it to that."""

    def __init__(self, process: Process, log: Log, *, on_end: Callable[[], None]) -> None:
        self.process = process
        self.started_at = time.monotonic()
        self._ended = threading.Event()
        self._popen = _spawn(process)
        assert self._popen.stdout is not None
        self._threads = (
            threading.Thread(target=log.pump, args=(process.name, self._popen.stdout), daemon=True),
            threading.Thread(target=self._await_end, args=(on_end,), daemon=True),
        )
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def has_ended(self) -> bool:
        return self._ended.is_set()

    @property
    def exit_status(self) -> int | None:
        return self._popen.returncode

    def signal(self, number: signal.Signals) -> None:
        """To the process and all it started, while it lives."""
        if not self.has_ended:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def await_end(self, seconds: float) -> bool:
        return self._ended.wait(seconds)

    def stop(self, *, within: float) -> None:
        self.signal(self.process.stop_signal)
        if not self._ended.wait(within):
            self.signal(signal.SIGKILL)
            self._ended.wait(DEATH_IS_SURE_SECONDS)
        self._threads[0].join(1)

    def _await_end(self, on_end: Callable[[], None]) -> None:
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        # Before the process is reaped its group's number is surely still its own.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()
        self._ended.set()
        on_end()


def ending_in_words(status: int | None) -> str:
    if status is not None and status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"ended with exit status {status}"


def _spawn(process: Process) -> subprocess.Popen[bytes]:
    tether = [sys.executable, "-I", "-S", TETHER, str(os.getpid())]
    return subprocess.Popen(
        [*tether, str(int(process.death_signal)), process.user, *process.command()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=process.file_descriptors,
        # A line of the log is wanted when it is written, not when a buffer is full.
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        cwd="/" if process.user != "-" else None,
    )
