"""Small processes for the supervisor's tests, and what is left of them."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from supervise.child import Process

AWHILE = "import time; time.sleep(300)"
WAIT_SECONDS = 20.0


def python(code: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-u", "-c", code]


def process(name: str, code: str = AWHILE, **options: object) -> Process:
    return Process(name=name, command=lambda: python(code), **options)  # type: ignore[arg-type]


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def comes_true(condition: Callable[[], bool], within: float = WAIT_SECONDS) -> bool:
    """For what another process does; the only way is to look again."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def processes_naming(text: str) -> set[int]:
    """The living processes whose command line holds `text`."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            if text in command and is_alive(int(entry.name)):
                found.add(int(entry.name))
    return found
