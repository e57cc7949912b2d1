"""`claimflow stuck`: what the supervisor's page shows, most money first: why, for how long."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from casework.moment import Moment, moment
from commands.database import opened
from commands.screen import say, say_json
from db.queries import web_stuck
from db.queries.web_stuck import OF_THE_MACHINE, Cause, Stuck
from domain.money import dollars
from settings import Settings

SHOWN_MAX = 200


@dataclass(frozen=True, kw_only=True)
class StuckLine:
    subject: str
    encounter: str | None
    stage: str | None
    cause: str
    reason: str
    since_at: dt.datetime
    days: int
    amount_cents: int
    payer: str | None
    assignee: str | None
    then_what: str


def main(settings: Settings, *, as_json: bool) -> int:
    with opened(settings, "claimflow_web") as sessions, sessions() as session:
        found = stuck_lines(session, moment(session))
    if as_json:
        say_json({"stuck": found, "amount_cents": sum(line.amount_cents for line in found)})
    else:
        for text in _words(found):
            say(text)
    return 0


def stuck_lines(session: Session, now: Moment) -> list[StuckLine]:
    rows = web_stuck.all_of(session, now.at, now.today)
    money = web_stuck.money(session, [row.encounter.id for row in rows if row.encounter])
    lines = [
        _line(row, money.get(row.encounter.id, 0) if row.encounter else 0, now) for row in rows
    ]
    return sorted(lines, key=lambda line: (-line.amount_cents, line.since_at, line.subject))


def _line(row: Stuck, cents: int, now: Moment) -> StuckLine:
    # A failing step is dated by the real clock, everything else by the business clock.
    then = now.real if row.cause in OF_THE_MACHINE else now.at
    return StuckLine(
        subject=row.subject,
        encounter=row.encounter.encounter_no if row.encounter else None,
        stage=row.encounter.stage.value if row.encounter else None,
        cause=row.cause.name.lower(),
        reason=row.reason,
        since_at=row.past_since,
        days=max((then - row.past_since).days, 0),
        amount_cents=cents or (row.task.amount_cents if row.task else 0),
        payer=row.payer_name,
        assignee=row.who,
        then_what=row.then_what,
    )


def _words(found: Sequence[StuckLine]) -> Iterator[str]:
    if not found:
        yield "Nothing is stuck."
        return
    for line in found[:SHOWN_MAX]:
        where = f"{line.encounter} ({line.stage})" if line.encounter else line.subject
        who = f", {line.assignee}" if line.assignee else ""
        yield (
            f"{where}: {Cause[line.cause.upper()]}, {_days(line.days)}, "
            f"{dollars(line.amount_cents)}{who}"
        )
        yield f"    {line.reason}"
        yield f"    {line.then_what}"
    if len(found) > SHOWN_MAX:
        yield f"… and {len(found) - SHOWN_MAX} more."
    yield f"{len(found)} stuck, {dollars(sum(line.amount_cents for line in found))} wait there."


def _days(days: int) -> str:
    return "since today" if days == 0 else f"{days} day{'' if days == 1 else 's'}"
