"""Which process is killed when, and at what moment of its work: drawn from the seed alone.

The same seed plans the same kills; the exact instant is the machine's.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# A run records at least so many effects for an encounter, so that the last kill meets work.
EFFECTS_PER_ENCOUNTER = 24
LAST_AT = 0.9


class Aim(StrEnum):
    """The moment of the work at which a process is killed."""

    EFFECT = "between an effect's commit and its completion"
    FILE = "while a file is written or renamed"
    POSTING = "while an 835 is posted"
    RECOVERY = "while the system recovers"


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How often an aim is taken, from which share of the run on, who is hit, and how much later."""

    times: int
    from_share: float
    victims: frozenset[str]
    delay_seconds: tuple[float, float]


EVERYBODY = frozenset({"worker", "web", "postgres", "temporal", "dispatch", "sim", "staff"})
MANNERS = {
    Aim.EFFECT: Manner(
        times=7, from_share=0.04, victims=EVERYBODY, delay_seconds=(0.0, 0.02)
    ),
    # The batch step asks for a file, dispatch writes it, and the database is told how far it is.
    Aim.FILE: Manner(
        times=5,
        from_share=0.04,
        victims=frozenset({"postgres", "dispatch", "worker"}),
        delay_seconds=(0.0, 0.002),
    ),
    # Before a third of the work is done no payer has answered.
    Aim.POSTING: Manner(
        times=5,
        from_share=0.35,
        victims=frozenset({"worker", "postgres", "temporal"}),
        delay_seconds=(0.0, 0.01),
    ),
    Aim.RECOVERY: Manner(
        times=7, from_share=0.0, victims=EVERYBODY, delay_seconds=(0.05, 1.2)
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Kill:
    """After `effects` journal rows, when the aim is met, and `delay_seconds` later."""

    process: str
    aim: Aim
    effects: int
    delay_seconds: float


def plan(*, seed: int, names: Sequence[str], encounters: int) -> list[Kill]:
    """The kills of one run in their order; none without names."""
    if not names:
        return []
    draw = random.Random(f"kills {seed}")  # noqa: S311 - Nothing here is a secret.
    lasting = encounters * EFFECTS_PER_ENCOUNTER
    first = [
        kill
        for aim in (Aim.EFFECT, Aim.FILE, Aim.POSTING)
        for kill in _of(aim, draw, names, lasting)
    ]
    again = _of(Aim.RECOVERY, draw, names, lasting)
    struck_again = set(draw.sample(range(len(first)), len(again)))
    kills: list[Kill] = []
    for place, kill in enumerate(sorted(first, key=lambda kill: kill.effects)):
        kills.append(kill)
        if place in struck_again:
            kills.append(again.pop())
    return kills


def _of(aim: Aim, draw: random.Random, names: Sequence[str], lasting: int) -> list[Kill]:
    manner = MANNERS[aim]
    victims = [name for name in names if name in manner.victims] or list(names)
    return [
        Kill(
            process=process,
            aim=aim,
            effects=int(draw.uniform(manner.from_share, LAST_AT) * lasting),
            delay_seconds=round(draw.uniform(*manner.delay_seconds), 3),
        )
        for process in _in_turn(draw, victims, manner.times)
    ]


def _in_turn(draw: random.Random, victims: Sequence[str], count: int) -> list[str]:
    """Each as often as any other, in an order by chance."""
    chosen: list[str] = []
    while len(chosen) < count:
        chosen += draw.sample(list(victims), len(victims))
    return chosen[:count]
