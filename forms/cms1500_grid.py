"""Where things stand on a CMS-1500 (02/12), read from two tables: the characters, and the boxes of
the copy.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from forms.form_grid import INCH, PAGE_HEIGHT, Frame, Key, Position, read_positions, read_rows

FRAME = Frame(left=0.20, top=2 / 6, rise=0.05)


@dataclass(frozen=True, kw_only=True)
class Box:
    label: str
    left: float
    right: float
    top: float
    bottom: float


@functools.cache
def positions() -> Mapping[Key, Position]:
    return read_positions("cms1500-positions.tsv", FRAME)


@functools.cache
def boxes() -> tuple[Box, ...]:
    return tuple(
        Box(
            label=row["label"],
            left=edge_x(float(row["column_from"])),
            right=edge_x(float(row["column_to"])),
            top=edge_y(int(row["line_from"]) - 1),
            bottom=edge_y(int(row["line_to"])),
        )
        for row in read_rows("cms1500-boxes.tsv")
    )


def edge_x(column: float) -> float:
    """The rule left of a column: a third of a character before it."""
    return (0.167 + 0.1 * column) * INCH


def edge_y(line: int) -> float:
    """The rule under a line, a little below the baseline of its characters."""
    return PAGE_HEIGHT - ((line + 2) / 6 + 0.011) * INCH
