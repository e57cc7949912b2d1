"""Where things stand on a UB-04: 82 columns and 63 lines, read from tables of positions, of rules
and of our own labels.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forms.form_grid import Frame, Key, Position, read_positions, read_rows

# Line n of the form is line n + 1 of the sheet's 66; a column 0 would begin 0.08 in from the edge.
FRAME = Frame(left=0.08, top=1 / 6, rise=0.04)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`kind` is across, down, light or dark; the ends are in columns and lines of the form."""

    kind: str
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, kw_only=True)
class Label:
    x: float
    baseline: float
    words: str


@functools.cache
def positions() -> Mapping[Key, Position]:
    return read_positions("ub04-positions.tsv", FRAME)


@functools.cache
def rules() -> Sequence[Rule]:
    return tuple(
        Rule(
            kind=row["kind"],
            left=_edge(row["column_from"]),
            right=_edge(row["column_to"]),
            top=FRAME.foot(float(row["line_from"])),
            bottom=FRAME.foot(float(row["line_to"])),
        )
        for row in read_rows("ub04-rules.tsv")
    )


@functools.cache
def labels() -> Sequence[Label]:
    """The line of a label is that of its foot, in parts of a line where it shares a box."""
    return tuple(
        Label(
            x=FRAME.x(float(row["column"])),
            baseline=FRAME.foot(float(row["line"])) + 2.0,
            words=row["label"],
        )
        for row in read_rows("ub04-labels.tsv")
    )


def _edge(column: str) -> float:
    """The rule after so many columns: a fifth of a character before the next one's text."""
    return FRAME.x(float(column) + 0.8)
