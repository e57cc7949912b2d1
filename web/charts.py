"""Where the bars and lines of a chart lie, in percent and pixels; what they look like is the
sheet's."""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 150
TOP = 24
WIDTH = 400


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A column of two parts; `x` in percent, the rest in pixels from the top."""

    label: str
    x: float
    y: int
    height: int
    upper_y: int
    upper_height: int
    cents: int


def stacked(parts: Sequence[tuple[str, int, int]]) -> list[Bar]:
    """One column a row, lower and upper part; negative parts have no height, the table has them."""
    most = max((max(low, 0) + max(high, 0) for _, low, high in parts), default=0) or 1
    step = 100 / max(len(parts), 1)
    bars = []
    for n, (label, low, high) in enumerate(parts):
        height, upper = _scaled(low, most), _scaled(high, most)
        y = TOP + HEIGHT - height
        bars.append(
            Bar(
                label=label,
                x=round(n * step + step / 10, 1),
                y=y,
                height=height,
                upper_y=y - upper,
                upper_height=upper,
                cents=low + high,
            )
        )
    return bars


def lines(series: Sequence[Sequence[int]]) -> list[str]:
    """The points of each line in a box of 400 × 150, all on one scale that begins at zero."""
    most = max((value for values in series for value in values), default=0) or 1
    return [
        " ".join(_point(n, v, len(values), most) for n, v in enumerate(values)) for values in series
    ]


def _point(n: int, value: int, count: int, most: int) -> str:
    x = WIDTH * n / max(count - 1, 1)
    return f"{x:.1f},{HEIGHT - _scaled(value, most)}"


def _scaled(value: int, most: int) -> int:
    return round(HEIGHT * max(value, 0) / most)
