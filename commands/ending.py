"""How a command ends: its failure in words, never a traceback, and an exit status."""

import os
import traceback
from pathlib import Path

import click

from commands.failure import CommandFailed
from settings import SettingsError
from supervise.errors import StartFailed

EXIT_FAILED = 1
EXIT_BROKEN_OFF = 130
EXIT_BROKEN_PIPE = 141


def explain(error: BaseException) -> int:
    match error:
        case click.exceptions.Abort() | KeyboardInterrupt():
            return EXIT_BROKEN_OFF
        case BrokenPipeError():
            return EXIT_BROKEN_PIPE
        case click.ClickException():
            error.show()
            return error.exit_code
        case CommandFailed():
            return _say(str(error), error.exit_status)
        case StartFailed() | SettingsError():
            return _say(str(error), EXIT_FAILED)
        case _:
            return _say(_unexpected(error), EXIT_FAILED)


def _say(text: str, exit_status: int) -> int:
    click.echo(f"claimflow: {text}", err=True)
    return exit_status


def _unexpected(error: BaseException) -> str:
    """The place but not the message, which may hold a patient's data."""
    if os.environ.get("CLAIMFLOW_TRACEBACK"):
        traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return (
        f"an unexpected error ({type(error).__name__} at {place}). Nothing half-done is kept; "
        "CLAIMFLOW_TRACEBACK=1 shows it whole."
    )
