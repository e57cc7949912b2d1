"""What a process may tell of a failure: its kinds and its places in the code, never its message.

A message may quote a patient: a database names the row that it refuses, a parser the value.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

CAUSES_MAX = 5
PLACES_MAX = 12
Told = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """For every handler of a process, those of libraries too."""

    def formatException(self, ei: Told) -> str:  # noqa: N802 - the name is the library's.
        return tell(ei[1])


def tell(error: BaseException | None) -> str:
    """One line for the failure and one for each failure behind it."""
    return "\n".join(
        f"{type(one).__module__}.{type(one).__qualname__} at {_places(one)}"
        for one in _with_causes(error)
    )


def install() -> None:
    """From now on nothing in this process writes an exception's message by itself."""
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    # Else a record that cannot be written is shown with all its arguments.
    logging.raiseExceptions = False
    sys.excepthook = lambda _kind, error, _trace: _say(error)
    threading.excepthook = lambda failed: _say(failed.exc_value)
    sys.unraisablehook = lambda failed: _say(failed.exc_value)


def quiet(logger: logging.Logger) -> None:
    """For a library that brings handlers of its own."""
    for handler in logger.handlers:
        kept: Any = handler.formatter
        handler.setFormatter(Discreet(kept._fmt if kept else None, kept.datefmt if kept else None))


def _say(error: BaseException | None) -> None:
    sys.stderr.write(f"failed: {tell(error)}\n")


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(CAUSES_MAX):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _places(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-PLACES_MAX:]
    return " ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames) or "no place"
