"""Where things stand on a CMS-1500 (02/12): ten columns and six lines an inch, read from two
tables. Positions are facts measured on the form; the boxes and labels of the copy are our own.
"""

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
INCH = 72.0
PAGE_HEIGHT = 11 * INCH


class Key(NamedTuple):
    """A printed position: item, service line (0 outside item 24), part."""

    item: str
    row: int
    part: str


@dataclass(frozen=True, kw_only=True)
class Position:
    line: int
    column: int
    length: int
    is_right_justified: bool

    @property
    def x(self) -> float:
        """Points from the left: column 1 begins 0.30 in from the edge."""
        return (0.20 + 0.1 * self.column) * INCH

    @property
    def baseline(self) -> float:
        """Points from the foot of the page, as a PDF counts."""
        return PAGE_HEIGHT - ((self.line + 2) / 6 - 0.05) * INCH


@dataclass(frozen=True, kw_only=True)
class Box:
    label: str
    left: float
    right: float
    top: float
    bottom: float


@functools.cache
def positions() -> Mapping[Key, Position]:
    return {
        Key(row["item"], int(row["row"]), row["part"]): Position(
            line=int(row["line"]),
            column=int(row["column"]),
            length=int(row["length"]),
            is_right_justified=row["justify"] == "R",
        )
        for row in _rows("cms1500-positions.tsv")
    }


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
        for row in _rows("cms1500-boxes.tsv")
    )


def edge_x(column: float) -> float:
    """The rule left of a column: a third of a character before it."""
    return (0.167 + 0.1 * column) * INCH


def edge_y(line: int) -> float:
    """The rule under a line, a little below the baseline of its characters."""
    return PAGE_HEIGHT - ((line + 2) / 6 + 0.011) * INCH


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t"))
