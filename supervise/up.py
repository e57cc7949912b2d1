"""`claimflow up`: a system in the foreground, until Ctrl-C, SIGTERM or the end of the terminal."""

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

from supervise.system import System

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(system: System, *, when_ready: Callable[[System], None]) -> None:
    """Start, say so, wait for the end, stop. Raises `StartFailed`; nothing is left running then."""
    obey_signals(system)
    try:
        system.start()
        when_ready(system)
        system.wait_until_stopping()
    finally:
        system.stop()


def obey_signals(system: System) -> None:
    """The first signal stops in order, the second at once; a gone terminal is not written to."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)

    def note(number: int, _frame: FrameType | None) -> None:
        # A handler interrupts whatever holds a lock just then: it may take none itself.
        os.write(writing, bytes([number]))

    def obey() -> None:
        for order in range(len(STOP_SIGNALS)):
            number = os.read(reading, 1)[0]
            if number == signal.SIGHUP:
                system.leave_screen()
            system.ask_to_stop(hurry=order > 0)

    threading.Thread(target=obey, name="signals", daemon=True).start()
    for number in STOP_SIGNALS:
        signal.signal(number, note)
