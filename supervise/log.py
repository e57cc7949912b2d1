"""One readable log of all processes, to the file and the screen: time, process, line.

A screen that has gone away (a closed terminal) never stops a process: the file goes on alone.
"""

import datetime as dt
import sys
import threading
from collections import deque
from pathlib import Path
from typing import IO

NAME_WIDTH = 9
TAIL_LINES = 40
FILE_BYTES_MAX = 50_000_000
LINE_MAX = 4_000


class Log:
    def __init__(self, folder: Path, *, screen: bool) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = folder / "claimflow.log"
        self._file = self._open()
        self._screen = screen
        self._lock = threading.Lock()
        self._tails: dict[str, deque[str]] = {}

    def line(self, name: str, text: str) -> None:
        stamp = dt.datetime.now(dt.UTC).strftime("%H:%M:%S.%f")[:-3]
        text = text[:LINE_MAX]
        with self._lock:
            self._tails.setdefault(name, deque(maxlen=TAIL_LINES)).append(text)
            self._write(f"{stamp} {name:<{NAME_WIDTH}} | {text}\n")

    def tail(self, name: str, lines: int = 8) -> list[str]:
        """The last lines of one process, for the message that says why it failed."""
        with self._lock:
            return list(self._tails.get(name, ()))[-lines:]

    def pump(self, name: str, stream: IO[bytes]) -> None:
        """Copy a process's output, line by line, until it closes it."""
        with stream:
            for line in iter(lambda: stream.readline(LINE_MAX), b""):
                self.line(name, line.decode("utf-8", "replace").rstrip())

    def leave_screen(self) -> None:
        self._screen = False

    def close(self) -> None:
        with self._lock:
            self._file.close()

    def _write(self, line: str) -> None:
        if self._file.closed:
            return
        self._file.write(line)
        if self._file.tell() > FILE_BYTES_MAX:
            self._turn_over()
        if self._screen:
            try:
                sys.stderr.write(line)
                sys.stderr.flush()
            except (OSError, ValueError):
                self._screen = False

    def _turn_over(self) -> None:
        self._file.close()
        self.path.replace(self.path.with_suffix(".log.1"))
        self._file = self._open()

    def _open(self) -> IO[str]:
        self.path.touch(mode=0o600)
        return self.path.open("a", encoding="utf-8", buffering=1)
