"""What stands still past its time, with the reason as the steps wrote it. Bounded: a supervisor
works from the most money down, so what lies beyond the bound waits for what is above it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, Subquery, and_, func, or_, select, union
from sqlalchemy.orm import Session

from db.models import (
    ChargeLine,
    Claim,
    ClaimLine,
    Encounter,
    Hold,
    Incident,
    Payer,
    Posting,
    Route,
    Subject,
    Task,
    User,
    Wait,
)
from domain.encounter import ClaimStage
from domain.ledger import Account
from domain.tasks import Role, TaskKind, TaskStatus

ROWS_MAX = 1_000
SUBJECT_PREFIX = "encounter:"
SYSTEM_PREFIX = "system:"
ROUTE_PREFIX = f"{SYSTEM_PREFIX}route-"
TRIED_AGAIN = "It is tried again by itself, ever more seldom."
PAUSED_UNTIL = "Nothing goes on it until an administrator resumes it."


class Cause(StrEnum):
    """Why something stands still, as a supervisor sorts it."""

    FAILURE = "Our error: a step keeps failing"
    ROUTE = "A route to a partner stands still"
    HOLD = "Held on purpose"
    PAYER = "Payer silent past its time"
    PHYSICIAN = "Physician has not answered"
    PERSON = "A person has not answered"
    LATE = "Past its date and not moved"


# What these began at is the machine's time; all else is the business's.
OF_THE_MACHINE = (Cause.FAILURE, Cause.ROUTE)


@dataclass(frozen=True, kw_only=True)
class Stuck:
    """One subject: why, since when it is past its time, and what comes next. A wide hold stops
    other subjects too."""

    subject: str
    encounter: Encounter | None
    cause: Cause
    reason: str
    then_what: str
    past_since: dt.datetime
    payer_name: str | None = None
    task: Task | None = None
    who: str | None = None
    hold_id: int | None = None
    is_wide: bool = False


def all_of(session: Session, now_at: dt.datetime, today: dt.date) -> list[Stuck]:
    """One row a subject; of several reasons the one nearest to a remedy: failure, hold, task,
    wait."""
    found: dict[str, Stuck] = {}
    for rows in (
        _failures(session),
        _held(session, now_at),
        _tasks(session, today, now_at),
        _waits(session, now_at),
    ):
        for row in rows:
            found.setdefault(row.subject, row)
    return list(found.values())


def money(session: Session, encounter_ids: Sequence[int]) -> dict[int, int]:
    """What waits on each encounter: open receivables, or the charges before anything is posted."""
    if not encounter_ids:
        return {}
    charged = _sums(
        session,
        select(ChargeLine.encounter_id, func.sum(func.coalesce(ChargeLine.charge_cents, 0)))
        .where(ChargeLine.encounter_id.in_(encounter_ids), ~ChargeLine.is_void)
        .group_by(ChargeLine.encounter_id),
    )
    owed = _sums(
        session,
        select(Posting.encounter_id, func.sum(Posting.cents))
        .where(Posting.encounter_id.in_(encounter_ids))
        .where(Posting.account.in_([Account.AR_INSURANCE, Account.AR_PATIENT]))
        .group_by(Posting.encounter_id),
    )
    return charged | owed


def _sums(session: Session, statement: "Select[int | None, int]") -> dict[int, int]:
    return {key: int(cents) for key, cents in session.execute(statement) if key is not None}


def _failures(session: Session) -> Iterable[Stuck]:
    found = session.execute(
        select(Incident, Encounter, Route)
        .outerjoin(Encounter, Incident.subject == SUBJECT_PREFIX + Encounter.encounter_no)
        .outerjoin(Route, Incident.subject == ROUTE_PREFIX + Route.name)
        .order_by(Incident.first_at, Incident.subject)
        .limit(ROWS_MAX)
    )
    for row, encounter, route in found:
        yield Stuck(
            subject=row.subject,
            encounter=encounter,
            cause=Cause.ROUTE if route else Cause.FAILURE,
            reason=_failure_words(row),
            then_what=PAUSED_UNTIL if route and route.paused_at else TRIED_AGAIN,
            past_since=row.first_at,
        )


def _failure_words(row: Incident) -> str:
    """What everything needs has no step of its own, and is not counted."""
    if row.subject.startswith(SYSTEM_PREFIX):
        return row.words
    times = "once" if row.failures == 1 else f"{row.failures} times"
    return f"{row.words} ({times}, step {row.step})"


def _held(session: Session, now_at: dt.datetime) -> Iterable[Stuck]:
    """A hold on the row alone comes before one that is wider: only it can be released here."""
    reach = _reach(now_at)
    found = session.execute(
        select(Hold, Encounter, User.full_name, Payer.name)
        .join(reach, reach.c.hold_id == Hold.id)
        .join(Encounter, Encounter.id == reach.c.encounter_id)
        .join(User, User.id == Hold.held_by_id)
        .outerjoin(Claim, Claim.id == Hold.claim_id)
        .outerjoin(Payer, Payer.id == func.coalesce(Hold.payer_id, Claim.payer_id))
        .where(Encounter.ended_at.is_(None))
        .order_by(func.num_nonnulls(Hold.payer_id, Hold.guarantor_id), Hold.held_from_at, Hold.id)
        .limit(ROWS_MAX)
    )
    for row, encounter, name, payer in found:
        yield Stuck(
            subject=SUBJECT_PREFIX + encounter.encounter_no,
            encounter=encounter,
            cause=Cause.HOLD,
            reason=f"{_held_words(row, payer)}: {row.reason}",
            then_what=f"Goes on after {_last_day(row.held_until_at)}, or when released.",
            past_since=row.held_from_at,
            payer_name=payer,
            who=name,
            hold_id=row.id,
            is_wide=row.payer_id is not None or row.guarantor_id is not None,
        )


def _reach(now_at: dt.datetime) -> Subquery:
    """Which hold in force stops which encounter or an open claim of it."""
    in_force = and_(Hold.released_at.is_(None), Hold.held_until_at > now_at)
    hold_id = Hold.id.label("hold_id")
    own = select(hold_id, Hold.encounter_id).where(Hold.encounter_id.is_not(None))
    of_account = select(hold_id, Encounter.id).join(
        Encounter, Encounter.guarantor_id == Hold.guarantor_id
    )
    on_claim = or_(Claim.id == Hold.claim_id, Claim.payer_id == Hold.payer_id)
    of_claims = select(hold_id, Claim.encounter_id).join(
        Claim, and_(on_claim, Claim.stage != ClaimStage.SETTLED)
    )
    # A claim for a whole stay stops with any of its visits.
    of_stays = (
        select(hold_id, Claim.encounter_id)
        .join(ChargeLine, ChargeLine.encounter_id == Hold.encounter_id)
        .join(ClaimLine, ClaimLine.charge_line_id == ChargeLine.id)
        .join(Claim, and_(Claim.id == ClaimLine.claim_id, Claim.stage != ClaimStage.SETTLED))
    )
    parts = (own, of_account, of_claims, of_stays)
    return union(*(part.where(in_force) for part in parts)).subquery()


def _held_words(row: Hold, payer: str | None) -> str:
    if row.payer_id is not None:
        return f"All claims of {payer} are held"
    if row.claim_id is not None:
        return f"The claim to {payer} is held"
    return "The patient's account is held" if row.guarantor_id is not None else "Held"


def _tasks(session: Session, today: dt.date, now_at: dt.datetime) -> Iterable[Stuck]:
    found = session.execute(
        select(Task, Encounter, Payer.name, User.full_name)
        .outerjoin(Encounter, Encounter.id == Task.encounter_id)
        .outerjoin(Payer, Payer.id == Task.payer_id)
        .outerjoin(User, User.id == Task.assignee_id)
        .where(Task.status == TaskStatus.OPEN)
        .where(or_(Task.due_on < today, Task.is_escalated))
        .order_by(Task.due_on, Task.amount_cents.desc(), Task.id)
        .limit(ROWS_MAX)
    )
    for row, encounter, payer, name in found:
        yield Stuck(
            subject=row.subject,
            encounter=encounter,
            cause=_cause_of(row),
            reason=f"{row.title.rstrip('.')}. {row.reason}",
            then_what="A person decides; nothing is decided by the date.",
            past_since=min(_midnight(row.due_on), now_at),
            payer_name=payer,
            task=row,
            who=name,
        )


def _waits(session: Session, now_at: dt.datetime) -> Iterable[Stuck]:
    found = session.execute(
        select(Wait, Encounter, Payer.name)
        .join(Subject, Subject.key == Wait.subject)
        .outerjoin(Encounter, Wait.subject == SUBJECT_PREFIX + Encounter.encounter_no)
        .outerjoin(Claim, Claim.id == Wait.claim_id)
        .outerjoin(Payer, Payer.id == Claim.payer_id)
        .where(Wait.ended_at.is_(None), Wait.until_at < now_at, Subject.is_open)
        .order_by(Wait.until_at, Wait.id)
        .limit(ROWS_MAX)
    )
    for row, encounter, payer in found:
        yield Stuck(
            subject=row.subject,
            encounter=encounter,
            cause=Cause.PAYER if row.kind == "message" else Cause.LATE,
            reason=f"Waited for {row.what} until {row.until_at:%Y-%m-%d}",
            then_what=f"Next: {row.then_what}",
            past_since=row.until_at,
            payer_name=payer,
        )


def _cause_of(task: Task) -> Cause:
    if task.queue is Role.PROVIDER:
        return Cause.PHYSICIAN
    return Cause.PAYER if task.kind is TaskKind.FOLLOW_UP else Cause.PERSON


def _last_day(end_at: dt.datetime) -> dt.date:
    """The day that ends at this instant: a hold until the 20th ends when the 21st begins."""
    return (end_at - dt.timedelta(microseconds=1)).date()


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
