"""A committed practice to which bad input happens, and every row of it before and after."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, text

from db.base import Base

Rows = dict[str, Counter[str]]


@dataclass
class Change:
    """What came and what went meanwhile: a row that was changed is in both."""

    came: dict[str, int] = field(default_factory=dict)
    went: dict[str, int] = field(default_factory=dict)


@contextmanager
def watching(engine: Engine) -> Iterator[Change]:
    """Compares every row of every table, as text, before and after."""
    change = Change()
    before = _rows(engine)
    yield change
    after = _rows(engine)
    change.came = _more(after, before)
    change.went = _more(before, after)


def _rows(engine: Engine) -> Rows:
    with engine.connect() as connection:
        return {
            name: Counter(connection.scalars(text(f'SELECT t::text FROM "{name}" t')))
            for name in Base.metadata.tables
        }


def _more(rows: Rows, than: Rows) -> dict[str, int]:
    return {name: extra for name in rows if (extra := (rows[name] - than[name]).total())}
