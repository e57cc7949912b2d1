"""Which process is killed when, and at what moment of its work: drawn from the seed alone.

The same seed plans the same kills; the exact instant is the machine's."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# What a run surely does: fewer effects than these are recorded for an encounter by no world.
EFFECTS_PER_ENCOUNTER = 14
FIRST_AT, LAST_AT = 0.04, 0.9
DELAY_MAX_SECONDS = 0.03
RECOVERY_DELAY_SECONDS = (0.05, 1.2)


class Aim(StrEnum):
    """The moment of the work at which a process is killed."""

    EFFECT = "between an effect's commit and its completion"
    FILE = "while a file is written or renamed"
    POSTING = "while an 835 is posted"
    RECOVERY = "while the system recovers"


# 24 a run; a second blow during recovery needs a first one of another kind.
HOW_OFTEN = {Aim.EFFECT: 7, Aim.FILE: 5, Aim.POSTING: 5, Aim.RECOVERY: 7}


@dataclass(frozen=True, kw_only=True)
class Kill:
    """After `effects` journal rows, when the aim is met, and `delay_seconds` later."""

    number: int
    process: str
    aim: Aim
    effects: int
    delay_seconds: float


def plan(*, seed: int, names: Sequence[str], encounters: int) -> list[Kill]:
    """The kills of one run in their order; none without names."""
    if not names:
        return []
    draw = random.Random(f"kills {seed}")  # noqa: S311 - Nothing here is a secret.
    aims = _aims(draw)
    processes = _processes(draw, names, len(aims))
    lasting = encounters * EFFECTS_PER_ENCOUNTER
    firsts = sum(aim is not Aim.RECOVERY for aim in aims)
    steps = iter(sorted(draw.uniform(FIRST_AT, LAST_AT) for _ in range(firsts)))
    kills: list[Kill] = []
    effects = 0
    for number, (aim, process) in enumerate(zip(aims, processes, strict=True), start=1):
        if aim is Aim.RECOVERY:
            delay = draw.uniform(*RECOVERY_DELAY_SECONDS)
        else:
            effects, delay = int(next(steps) * lasting), draw.uniform(0, DELAY_MAX_SECONDS)
        kills.append(
            Kill(
                number=number,
                process=process,
                aim=aim,
                effects=effects,
                delay_seconds=round(delay, 3),
            )
        )
    return kills


def _aims(draw: random.Random) -> list[Aim]:
    """Mixed by chance; a recovery follows some kill, never another recovery."""
    firsts = [aim for aim, count in HOW_OFTEN.items() for _ in range(count) if aim != Aim.RECOVERY]
    draw.shuffle(firsts)
    struck_again = set(draw.sample(range(len(firsts)), HOW_OFTEN[Aim.RECOVERY]))
    aims: list[Aim] = []
    for place, aim in enumerate(firsts):
        aims += [aim, Aim.RECOVERY] if place in struck_again else [aim]
    return aims


def _processes(draw: random.Random, names: Sequence[str], count: int) -> list[str]:
    """Each as often as any other, in an order by chance."""
    chosen: list[str] = []
    while len(chosen) < count:
        chosen += draw.sample(list(names), len(names))
    return chosen[:count]
