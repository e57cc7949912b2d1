"""Where characters stand on a preprinted form: ten columns and six lines an inch, from a table.

Positions are facts measured on the form; the rules and labels of a drawn copy are our own.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
INCH = 72.0
PAGE_HEIGHT = 11 * INCH
PITCH = 7.2  # Ten characters an inch.


class Key(NamedTuple):
    """A printed position: item or locator, service line (0 for what is no such line), part."""

    item: str
    row: int
    part: str


@dataclass(frozen=True, kw_only=True)
class Position:
    """`x` and `baseline` in points, from the left and from the foot as a PDF counts."""

    x: float
    baseline: float
    length: int
    is_right_justified: bool


@dataclass(frozen=True, kw_only=True)
class Frame:
    """How the form's own columns and lines lie on the paper, in inches."""

    left: float
    """Where a column 0 would begin."""
    top: float
    """Where the foot of a line 0 would be."""
    rise: float
    """How far above the foot of its line a character stands."""

    def x(self, column: float) -> float:
        return (self.left + 0.1 * column) * INCH

    def foot(self, line: float) -> float:
        return PAGE_HEIGHT - (self.top + line / 6) * INCH

    def position(self, row: Mapping[str, str]) -> Position:
        return Position(
            x=self.x(int(row["column"])),
            baseline=self.foot(int(row["line"])) + self.rise * INCH,
            length=int(row["length"]),
            is_right_justified=row["justify"] == "R",
        )


def read_positions(table: str, frame: Frame) -> Mapping[Key, Position]:
    return {
        Key(row["item"], int(row["row"]), row["part"]): frame.position(row)
        for row in read_rows(table)
    }


def read_rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t"))
