"""Where one encounter stands, as values: no name of a patient is in them."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from casework import audit, holds, subjects
from casework.moment import Moment
from casework.withdrawals import WITHDRAWN
from db.models import Claim, Encounter, Journal, Posting, Submission
from db.queries import web_encounters
from domain.ledger import Account

STORY_SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """What is awaited, in words; `claim_id` is None when the whole encounter waits."""

    claim_id: int | None
    kind: str
    what: str
    since_on: dt.date
    until_on: dt.date
    then_what: str


@dataclass(frozen=True, kw_only=True)
class ClaimLine:
    claim_id: int
    payer: str
    responsibility: str
    stage: str
    outcome: str | None
    versions: int
    pcn: str | None
    sent_on: dt.date | None
    payer_claim_number: str | None
    file_by_on: dt.date
    open_cents: int


@dataclass(frozen=True, kw_only=True)
class TaskLine:
    kind: str
    queue: str
    title: str
    due_on: dt.date
    amount_cents: int
    assignee: str | None
    is_escalated: bool


@dataclass(frozen=True, kw_only=True)
class Told:
    """One line of the journal."""

    on: dt.date
    step: str
    words: str


@dataclass(frozen=True, kw_only=True)
class EncounterStanding:
    encounter: str
    stage: str
    coding: str
    service_on: dt.date
    is_open: bool
    why: str
    holds: tuple[str, ...]
    failure: str | None
    waits: tuple[Awaited, ...]
    claims: tuple[ClaimLine, ...]
    tasks: tuple[TaskLine, ...]
    insurance_open_cents: int
    patient_open_cents: int
    charges_cents: int
    story: tuple[Told, ...]


def encounter_standing(session: Session, number: str, now: Moment) -> EncounterStanding | None:
    """None when there is no such encounter. That it was read is recorded."""
    row = session.scalar(select(Encounter).where(Encounter.encounter_no == number))
    if row is None:
        return None
    _record_reading(session, row)
    story = _story(session, row, now)
    incident = web_encounters.incident(session, subjects.encounter_key(row))
    return EncounterStanding(
        encounter=number,
        stage=row.stage.value,
        coding=row.coding_status.value,
        service_on=row.service_on,
        is_open=row.stage.is_open,
        why=story[0].words if story else "Nothing has happened yet",
        holds=_holds(session, row, now),
        failure=f"{incident.words} ({incident.failures} times)" if incident else None,
        waits=_waits(session, row, now),
        claims=tuple(_claim(session, claim, now) for claim in _claims(session, row)),
        tasks=_tasks(session, row),
        insurance_open_cents=_owed(session, row, Account.AR_INSURANCE),
        patient_open_cents=_owed(session, row, Account.AR_PATIENT),
        charges_cents=sum(line.charge_cents or 0 for line in row.charge_lines if not line.is_void),
        story=story,
    )


def _record_reading(session: Session, row: Encounter) -> None:
    audit.record(
        session,
        None,
        "read",
        "encounter",
        row.encounter_no,
        words="claimflow status",
        patient_id=row.patient_id,
        outcome="allowed",
    )


def _holds(session: Session, row: Encounter, now: Moment) -> tuple[str, ...]:
    return tuple(
        f"{hold.reason}, until {_day(hold.held_until_at, now)}"
        for hold in holds.in_force(session, row, now)
    )


def _waits(session: Session, row: Encounter, now: Moment) -> tuple[Awaited, ...]:
    return tuple(
        Awaited(
            claim_id=wait.claim_id,
            kind=wait.kind,
            what=wait.what,
            since_on=_day(wait.since_at, now),
            until_on=_day(wait.until_at, now),
            then_what=wait.then_what,
        )
        for wait in web_encounters.waits(session, subjects.encounter_key(row))
    )


def _claims(session: Session, row: Encounter) -> list[Claim]:
    return list(web_encounters.claims(session, row.id))


def _claim(session: Session, claim: Claim, now: Moment) -> ClaimLine:
    last = _last_submission(claim)
    return ClaimLine(
        claim_id=claim.id,
        payer=claim.payer.name,
        responsibility=claim.responsibility,
        stage=claim.stage.value,
        outcome=claim.outcome,
        versions=len(claim.versions),
        pcn=last.pcn if last else None,
        sent_on=_day(last.sent_at, now) if last and last.sent_at else None,
        payer_claim_number=claim.payer_claim_number,
        file_by_on=claim.file_by_on,
        open_cents=_sum(
            session,
            Posting.charge_line_id.in_([line.charge_line_id for line in claim.lines]),
            Posting.account == Account.AR_INSURANCE,
            Posting.payer_id == claim.payer_id,
        ),
    )


def _last_submission(claim: Claim) -> Submission | None:
    sent = [
        submission
        for version in claim.versions
        for submission in version.submissions
        if submission.ack_status != WITHDRAWN
    ]
    return max(sent, key=lambda submission: submission.id, default=None)


def _tasks(session: Session, row: Encounter) -> tuple[TaskLine, ...]:
    return tuple(
        TaskLine(
            kind=task.kind.value,
            queue=task.queue.value,
            title=task.title,
            due_on=task.due_on,
            amount_cents=task.amount_cents,
            assignee=name,
            is_escalated=task.is_escalated,
        )
        for task, name in web_encounters.open_tasks(session, row.id)
    )


def _story(session: Session, row: Encounter, now: Moment) -> tuple[Told, ...]:
    lines = session.scalars(
        select(Journal)
        .where(Journal.subject == subjects.encounter_key(row))
        .order_by(Journal.rev.desc())
        .limit(STORY_SHOWN)
    )
    return tuple(Told(on=_day(line.at, now), step=line.step, words=line.words) for line in lines)


def _owed(session: Session, row: Encounter, account: Account) -> int:
    return _sum(session, Posting.encounter_id == row.id, Posting.account == account)


def _sum(session: Session, *where: ColumnElement[bool]) -> int:
    return int(session.scalar(select(func.sum(Posting.cents)).where(*where)) or 0)


def _day(at: dt.datetime, now: Moment) -> dt.date:
    """The practice's date of an instant; the midnight that ends a date still belongs to it."""
    return (at - dt.timedelta(microseconds=1)).astimezone(now.zone).date()
