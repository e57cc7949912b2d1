"""The table of what stands still: each subject once, by stage, age and cause, and the filter that
a figure of it is."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from db.queries import web_stuck
from db.queries.web_stuck import OF_THE_MACHINE, Cause, Stuck
from web.context import db, now
from web.presenters import sentence, stage_words

AGES = ((3, "up to 3"), (7, "4–7"), (14, "8–14"), (30, "15–30"), (100_000, "over 30"))
# From how many encounters on a cell of the heat table is darker.
HEAT = (1, 3, 8, 15)


@dataclass(frozen=True, kw_only=True)
class Row:
    stuck: Stuck
    stage: str
    days: int
    since: dt.date
    age: int
    cents: int

    @property
    def name(self) -> str:
        """A batch, a file or an account as people call it; an encounter has its number."""
        if self.stuck.encounter:
            return self.stuck.encounter.encounter_no
        kind, _, key = self.stuck.subject.partition(":")
        return f"{kind.replace('-', ' ')} {key}"


@dataclass(frozen=True, kw_only=True)
class HeatRow:
    stage: str
    cells: tuple[tuple[int, int], ...]
    total: int
    cents: int


def all_rows() -> list[Row]:
    """Most money first."""
    found = web_stuck.all_of(db(), now().at, now().today)
    ids = [row.encounter.id for row in found if row.encounter]
    money = web_stuck.money(db(), ids)
    rows = [_row(row, money.get(row.encounter.id, 0) if row.encounter else 0) for row in found]
    return sorted(rows, key=lambda row: (-row.cents, row.stuck.past_since, row.stuck.subject))


def _row(found: Stuck, cents: int) -> Row:
    # A failing step is dated by the real clock, everything else by the business clock.
    then = now().real if found.cause in OF_THE_MACHINE else now().at
    stage = found.encounter.stage.value if found.encounter else found.subject.split(":")[0]
    cents = cents or (found.task.amount_cents if found.task else 0)
    since = found.past_since.astimezone(now().zone).date()
    days = max((then.astimezone(now().zone).date() - since).days, 0)
    age = next(n for n, (limit, _) in enumerate(AGES) if days <= limit)
    return Row(stuck=found, stage=stage, days=days, since=since, age=age, cents=cents)


def is_asked_for(row: Row) -> bool:
    stage, age, cause = (request.args.get(name) for name in ("stage", "age", "cause"))
    return (
        (not stage or row.stage == stage)
        and (not age or str(row.age) == age)
        and (not cause or row.stuck.cause.name == cause)
    )


def asked_in_words() -> str:
    """The filter as the head of the list says it; empty without one."""
    stage, age, cause = (request.args.get(name, "") for name in ("stage", "age", "cause"))
    ages = {str(n): words for n, (_, words) in enumerate(AGES)}
    parts = [stage_words(stage), f"{ages[age]} days" if age in ages else "", _cause_words(cause)]
    return sentence(", ".join(part for part in parts if part))


def _cause_words(name: str) -> str:
    return Cause[name].value if name in Cause.__members__ else ""


def heat(rows: Sequence[Row]) -> list[HeatRow]:
    stages = sorted({row.stage for row in rows}, key=stage_words)
    return [_heat_row(stage, [row for row in rows if row.stage == stage]) for stage in stages]


def _heat_row(stage: str, rows: Sequence[Row]) -> HeatRow:
    counts = Counter(row.age for row in rows)
    return HeatRow(
        stage=stage,
        cells=tuple((counts[n], sum(counts[n] >= step for step in HEAT)) for n in range(len(AGES))),
        total=len(rows),
        cents=sum(row.cents for row in rows),
    )


def causes(rows: Sequence[Row]) -> list[tuple[Cause, int, int]]:
    found = []
    for cause in Cause:
        of_it = [row.cents for row in rows if row.stuck.cause is cause]
        if of_it:
            found.append((cause, len(of_it), sum(of_it)))
    return found
