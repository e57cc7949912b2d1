"""What a run has measured: each figure beside the bare thing that it is made of, as a ratio."""

from dataclasses import asdict, dataclass
from statistics import quantiles

from rich.table import Table

PERCENT = 100


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much of everything one run does."""

    encounters: int
    answers: int
    posted: int
    waiting: int
    idle_seconds: int
    tasks_few: int
    tasks_many: int
    pages: int
    batch: int
    remittance_few: int
    remittance_many: int


FULL = Size(
    encounters=150, answers=30, posted=140, waiting=1_000, idle_seconds=60,
    tasks_few=1_000, tasks_many=1_000_000, pages=40,
    batch=5_000, remittance_few=10_000, remittance_many=100_000,
)  # fmt: skip
QUICK = Size(
    encounters=3, answers=2, posted=8, waiting=3, idle_seconds=2,
    tasks_few=20, tasks_many=200, pages=3, batch=20, remittance_few=10, remittance_many=100,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`ours` beside `bare` in the same unit; without something to stand beside, `bare` is None."""

    name: str
    unit: str
    ours: float
    bare: float | None = None
    beside: str = ""

    @property
    def ratio(self) -> float | None:
        return self.ours / self.bare if self.bare else None

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "ratio": self.ratio}


def percentile(values: list[float], percent: int) -> float:
    if len(values) == 1:
        return values[0]
    return quantiles(values, n=PERCENT, method="inclusive")[percent - 1]


def sentence(figure: Figure) -> str:
    """For the screen, while the rest is being measured."""
    said = f"{figure.name}: {_shown(figure.ours)} {figure.unit}"
    if figure.bare is None:
        return said
    return f"{said}, {_shown(figure.ratio)} times {_shown(figure.bare)} of {figure.beside}"


def table(figures: list[Figure]) -> Table:
    made = Table(title="claimflow beside the bare thing, one run on one machine")
    made.add_column("what")
    made.add_column("ours", justify="right")
    made.add_column("bare", justify="right")
    made.add_column("unit")
    made.add_column("ours / bare", justify="right")
    made.add_column("beside")
    for one in figures:
        made.add_row(
            one.name, _shown(one.ours), _shown(one.bare), one.unit, _shown(one.ratio), one.beside
        )
    return made


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if value >= PERCENT else f"{value:.2f}"
