"""How commands write: columns and sentences for people, JSON for programs, refusals on stderr."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, is_dataclass
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import track

Item = TypeVar("Item")

WORKING = Console(stderr=True)


def say(line: str = "") -> None:
    click.echo(line)


def complain(line: str) -> None:
    """One refusal: what, where, and what to do."""
    click.echo(line, err=True)


def say_json(value: object) -> None:
    click.echo(json.dumps(value, default=_plain, indent=1, ensure_ascii=False))


def columns(rows: Sequence[Sequence[str]], *, right: Iterable[int] = ()) -> Iterator[str]:
    """Rows as aligned lines; the columns of `right` hold figures. The first row is the heading."""
    if not rows:
        return
    figures = set(right)
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        cells = [
            text.rjust(width) if n in figures else text.ljust(width)
            for n, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def watched(items: Sequence[Item], words: str) -> Iterable[Item]:
    """The items, with a bar of progress for a person who watches a terminal."""
    if not WORKING.is_terminal:
        return items
    return track(items, description=words, console=WORKING, transient=True)


def plural(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")
