"""Finds the part that a verb names, when it is asked for and not before, and what it is told."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from commands.failure import CommandFailed
from settings import Settings, home_from, load_settings
from supervise import discretion


def process(module: str) -> Callable[..., int]:
    """A part that serves: what it writes about failures ends up in the log of the home."""
    discretion.install()
    return part(module)


def part(module: str) -> Callable[..., int]:
    return verb(module, "main")


def verb(module: str, name: str) -> Callable[..., int]:
    """What a part does, imported only when it is asked for: a quick start, no part needed."""
    try:
        found = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        raise CommandFailed(f"This installation has no part “{module}”.") from None

    def call(*args: Any, **options: Any) -> int:
        return getattr(found, name)(*args, **options) or 0

    return call


def settings_of(home: str | None) -> Settings:
    return load_settings(home_from(home))


def existing(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise CommandFailed(f"There is no file or folder {', '.join(missing)}.", exit_status=2)
    return paths
