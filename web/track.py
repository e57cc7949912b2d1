"""The life of an encounter as one strip: when we worked, when we waited for others, when others
waited for us, and what is still planned."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from db.models import Wait

DAY = dt.timedelta(days=1)
# Narrower parts of the strip have no room for their words.
LABELLED_FROM = 8.0


class Part(StrEnum):
    """Named as the classes of the sheet that colour them."""

    WORK = "s1"
    THEIRS = "s2"
    OURS = "s-soon"
    PLANNED = "s-none"


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """`x` and `width` in percent of the strip."""

    part: Part
    x: float
    width: float
    days: int

    @property
    def has_room(self) -> bool:
        return self.width >= LABELLED_FROM


@dataclass(frozen=True, kw_only=True)
class Track:
    stretches: tuple[Stretch, ...]
    begins_at: dt.datetime
    ends_at: dt.datetime
    now_x: float
    days: dict[Part, int]


def track(
    waits: Sequence[Wait], begins_at: dt.datetime, now: dt.datetime, ended_at: dt.datetime | None
) -> Track | None:
    """None for what began only now: there is nothing to show."""
    until = ended_at or now
    planned = [wait.until_at for wait in waits if wait.ended_at is None and ended_at is None]
    ends_at = max([until, *planned])
    if until <= begins_at:
        return None
    parts = _parts(waits, begins_at, until)
    if ends_at > until:
        parts.append((Part.PLANNED, until, ends_at))
    whole = ends_at - begins_at
    return Track(
        stretches=tuple(_stretch(part, since, to, begins_at, whole) for part, since, to in parts),
        begins_at=begins_at,
        ends_at=ends_at,
        now_x=_percent(until - begins_at, whole),
        days=_days(parts),
    )


Interval = tuple[Part, dt.datetime, dt.datetime]


def _parts(waits: Sequence[Wait], begins_at: dt.datetime, until: dt.datetime) -> list[Interval]:
    """Cut at every beginning and end of a wait; neighbours of one kind are joined again."""
    spans = [(w.kind, max(w.since_at, begins_at), min(w.ended_at or until, until)) for w in waits]
    cuts = sorted({begins_at, until, *(at for _, since, to in spans for at in (since, to))})
    parts: list[Interval] = []
    for since, to in pairwise(cuts):
        part = _part({kind for kind, first, last in spans if first <= since and to <= last})
        joins = bool(parts) and parts[-1][0] is part
        parts.append((part, parts.pop()[1] if joins else since, to))
    return [part for part in parts if begins_at <= part[1] and part[2] <= until]


def _part(kinds: set[str]) -> Part:
    if "task" in kinds:
        return Part.OURS
    return Part.THEIRS if kinds else Part.WORK


def _stretch(
    part: Part, since: dt.datetime, to: dt.datetime, begins_at: dt.datetime, whole: dt.timedelta
) -> Stretch:
    return Stretch(
        part=part,
        x=_percent(since - begins_at, whole),
        width=_percent(to - since, whole),
        days=max(round((to - since) / DAY), 0),
    )


def _days(parts: Sequence[Interval]) -> dict[Part, int]:
    sums: dict[Part, dt.timedelta] = defaultdict(dt.timedelta)
    for part, since, to in parts:
        sums[part] += to - since
    return {part: round(sums[part] / DAY) for part in Part}


def _percent(span: dt.timedelta, whole: dt.timedelta) -> float:
    return round(100 * (span / whole), 2)
