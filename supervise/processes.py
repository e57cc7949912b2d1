"""Starts processes in order, starts again what dies, and stops them in reverse order.

One thread, the conductor, starts every child and lives as long as any: the kernel ends a child when
the thread that made it ends. Whatever happens in it, no child is left when it is over.
"""

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from supervise.child import Child, Process, ending_in_words
from supervise.errors import StartFailed
from supervise.log import Log

BACKOFF_FIRST_SECONDS = 0.1
# After so long it had worked: what ends it now is news, not the same failure again.
STEADY_SECONDS = 5.0
EARLY_DEATHS_MAX = 4
TICK_SECONDS = 0.05
IDLE_SECONDS = 1.0
HURRIED_STOP_SECONDS = 0.2
KILL_SECONDS = 10.0
STOP_MAX_SECONDS = 180.0

OnChange = Callable[[bool], None]


class _Stopping(Exception):
    """Somebody asked for the end while the start was still going on."""


class Seat:
    """A process's place: the child that fills it now, and when to try again if none does."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.child: Child | None = None
        self.is_ready = False
        self.failures = 0
        self.retry_at = 0.0

    def take_note_of_end(self) -> float:
        """The seconds to wait before the next start: longer each time, short again after calm."""
        assert self.child is not None
        calm = time.monotonic() - self.child.started_at > STEADY_SECONDS
        self.failures = 1 if calm else self.failures + 1
        longer = BACKOFF_FIRST_SECONDS * 2.0 ** (self.failures - 1)
        wait = min(longer, self.process.back_off_seconds_max)
        self.child, self.is_ready, self.retry_at = None, False, time.monotonic() + wait
        return wait


class Supervisor:
    def __init__(
        self,
        processes: Sequence[Process],
        log: Log,
        *,
        on_change: OnChange,
        on_start: Callable[[], None],
    ) -> None:
        self._steps_and_processes = processes
        self._seats = {p.name: Seat(p) for p in processes if not p.is_step}
        self._log = log
        self._on_change = on_change
        self._on_start = on_start
        self._nudge = threading.Event()
        self._stop = threading.Event()
        self._hurry = threading.Event()
        self._healthy = threading.Condition()
        self._all_up = False
        self._started = threading.Event()
        self._failure: Exception | None = None
        self._conductor = threading.Thread(target=self._conduct, name="conductor")

    def start(self) -> None:
        """Returns when everything is up; raises `StartFailed` when nothing is left running."""
        self._conductor.start()
        self._started.wait()
        if self._failure is not None:
            self._conductor.join()
            raise self._failure

    def stop(self) -> None:
        self._stop.set()
        self._nudge.set()
        if self._conductor.ident is not None:
            self._conductor.join(STOP_MAX_SECONDS)

    def ask_to_stop(self, *, hurry: bool = False) -> None:
        """From any thread; never waits."""
        if hurry:
            self._hurry.set()
        self._stop.set()
        self._nudge.set()

    def wait_until_stopping(self) -> None:
        self._stop.wait()

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to a process and all it started; after SIGKILL, return once it is dead."""
        child = self._seats[name].child
        if child is not None:
            child.signal(number)
            if number == signal.SIGKILL:
                child.await_end(KILL_SECONDS)

    def wait_healthy(self, seconds: float) -> bool:
        with self._healthy:
            return self._healthy.wait_for(self._is_healthy, seconds)

    @property
    def pids(self) -> Mapping[str, int]:
        children = ((name, seat.child) for name, seat in self._seats.items())
        return {name: child.pid for name, child in children if child and not child.has_ended}

    def _is_healthy(self) -> bool:
        # A process that died this instant counts as down before the conductor has noticed.
        return self._all_up and len(self.pids) == len(self._seats)

    def _conduct(self) -> None:
        try:
            for process in self._steps_and_processes:
                self._bring_up(process)
            self._tell(all_up=True)
            self._started.set()
            while not self._stop.is_set():
                self._tend()
        except _Stopping:
            self._failure = StartFailed("The start was broken off.")
        except Exception as error:  # What broke is raised again in the thread that waits for us.
            self._failure = error
        finally:
            self._tell(all_up=False)
            self._stop_all()
            self._stop.set()
            self._started.set()

    def _bring_up(self, process: Process) -> None:
        if process.is_step:
            self._run_step(process)
            return
        seat = self._seats[process.name]
        deadline = time.monotonic() + process.start_seconds
        while not seat.is_ready:
            if self._stop.is_set():
                raise _Stopping
            if time.monotonic() > deadline:
                raise self._failed(process.name, f"was not ready in {process.start_seconds:.0f} s")
            self._tend_seat(seat)
            if seat.failures >= EARLY_DEATHS_MAX:
                raise self._failed(process.name, f"ended {seat.failures} times before it was ready")
            self._rest(TICK_SECONDS)

    def _run_step(self, process: Process) -> None:
        process.before_start()
        child = Child(process, self._log, on_end=self._nudge.set)
        deadline = time.monotonic() + process.start_seconds
        while not child.has_ended:
            if self._stop.is_set() or time.monotonic() > deadline:
                child.stop(within=HURRIED_STOP_SECONDS)
                raise _Stopping if self._stop.is_set() else self._failed(process.name, "hung")
            self._rest(TICK_SECONDS)
        child.stop(within=0)
        if child.exit_status != 0:
            raise self._failed(process.name, ending_in_words(child.exit_status))

    def _tend(self) -> None:
        is_carried = True
        for seat in self._seats.values():
            # Started on a database that is down, a process would only die or wait for nothing.
            if is_carried or seat.child is not None:
                self._tend_seat(seat)
            is_carried = is_carried and (seat.is_ready or not seat.process.carries_others)
        all_up = all(seat.is_ready for seat in self._seats.values())
        if all_up != self._all_up:
            self._tell(all_up=all_up)
        self._rest(IDLE_SECONDS if all_up else TICK_SECONDS)

    def _tend_seat(self, seat: Seat) -> None:
        if seat.child is None:
            if time.monotonic() >= seat.retry_at:
                self._fill(seat)
        elif seat.child.has_ended:
            self._note_end(seat)
        elif not seat.is_ready:
            self._ask_whether_ready(seat, seat.child)

    def _fill(self, seat: Seat) -> None:
        seat.process.before_start()
        seat.child = Child(seat.process, self._log, on_end=self._nudge.set)
        self._on_start()

    def _note_end(self, seat: Seat) -> None:
        assert seat.child is not None
        how = ending_in_words(seat.child.exit_status)
        # First of all, since business time must not run on meanwhile.
        if self._all_up:
            self._tell(all_up=False)
        wait = seat.take_note_of_end()
        self._log.line("up", f"{seat.process.name} {how}; it is started again in {wait:.1f} s.")

    def _ask_whether_ready(self, seat: Seat, child: Child) -> None:
        if seat.process.is_ready():
            seat.is_ready = True
            self._log.line("up", f"{seat.process.name} is ready, pid {child.pid}.")
        elif time.monotonic() - child.started_at > seat.process.start_seconds:
            self._log.line("up", f"{seat.process.name} does not get ready; it is started anew.")
            child.stop(within=HURRIED_STOP_SECONDS)

    def _tell(self, *, all_up: bool) -> None:
        with self._healthy:
            self._all_up = all_up
            self._healthy.notify_all()
        try:
            self._on_change(all_up)
        except Exception as error:  # A listener's fault must not leave processes untended.
            self._log.line("up", f"The change to {all_up=} was not taken note of: {error!r}")

    def _stop_all(self) -> None:
        for seat in reversed(self._seats.values()):
            if seat.child is None:
                continue
            hurried = self._hurry.is_set()
            within = HURRIED_STOP_SECONDS if hurried else seat.process.stop_seconds
            with contextlib.suppress(OSError):
                seat.child.stop(within=within)
            self._log.line("up", f"{seat.process.name} has stopped.")

    def _failed(self, name: str, how: str) -> StartFailed:
        tail = "".join(f"\n  {line}" for line in self._log.tail(name))
        return StartFailed(f"{name} {how}; the log is {self._log.path}.{tail}")

    def _rest(self, seconds: float) -> None:
        self._nudge.wait(seconds)
        self._nudge.clear()
