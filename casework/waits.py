"""Waits: what a subject waits for, since when, until when, and what happens then.

A scope (an encounter, or one claim of it) with no open wait before its deadline is ready for its
next step; a scope that is not ready always has one. Pages and `status` show these words.
"""

import datetime as dt
from enum import StrEnum

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from casework.moment import Moment
from db.models import Subject, Wait


class WaitKind(StrEnum):
    TASK = "task"
    MESSAGE = "message"
    TIMER = "timer"
    BATCH = "batch"
    MONEY = "money"
    STAY = "stay"


def begin(
    session: Session,
    subject_key: str,
    kind: WaitKind,
    what: str,
    *,
    until_at: dt.datetime,
    then_what: str,
    now: Moment,
    claim_id: int | None = None,
    task_id: int | None = None,
) -> Wait:
    """Wait for `what` until a date; `then_what` says what happens when it passes."""
    wait = Wait(
        subject=subject_key,
        claim_id=claim_id,
        task_id=task_id,
        kind=kind,
        what=what,
        then_what=then_what,
        since_at=now.at,
        until_at=max(until_at, now.at + dt.timedelta(minutes=1)),
    )
    session.add(wait)
    session.flush()
    return wait


def open_waits(session: Session, subject_key: str) -> list[Wait]:
    statement = (
        select(Wait)
        .where(Wait.subject == subject_key, Wait.ended_at.is_(None))
        .order_by(Wait.until_at, Wait.id)
    )
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def answered(
    session: Session,
    subject_key: str,
    now: Moment,
    *,
    claim_id: int | None,
    kind: WaitKind | None = None,
) -> None:
    """What was awaited in this scope has come."""
    _end(session, subject_key, now, "answered", claim_id=claim_id, kind=kind)


def withdrawn(session: Session, subject_key: str, now: Moment, *, claim_id: int | None) -> None:
    """Nothing is awaited in this scope any more."""
    _end(session, subject_key, now, "withdrawn", claim_id=claim_id, kind=None)


def task_answered(session: Session, task_id: int, now: Moment) -> None:
    session.execute(
        update(Wait)
        .where(Wait.task_id == task_id, Wait.ended_at.is_(None))
        .values(ended_at=now.at, ended_by="answered")
    )


def end_overdue(session: Session, subject_key: str, now: Moment, *, claim_id: int | None) -> None:
    """Close the waits of this scope whose deadline has passed; the step says what happens now."""
    session.execute(
        update(Wait)
        .where(*_scope(subject_key, claim_id), Wait.until_at <= now.at)
        .values(ended_at=now.at, ended_by="overdue")
    )


def set_due(session: Session, subject: Subject) -> None:
    """Keep the subject's nearest deadline where the overdue sweep finds it."""
    waits = open_waits(session, subject.key)
    subject.due_at = waits[0].until_at if waits else None


def _end(
    session: Session,
    subject_key: str,
    now: Moment,
    by: str,
    *,
    claim_id: int | None,
    kind: WaitKind | None,
) -> None:
    statement = update(Wait).where(*_scope(subject_key, claim_id))
    if kind is not None:
        statement = statement.where(Wait.kind == kind)
    session.execute(statement.values(ended_at=now.at, ended_by=by))


def _scope(subject_key: str, claim_id: int | None) -> list[ColumnElement[bool]]:
    return [
        Wait.subject == subject_key,
        Wait.ended_at.is_(None),
        Wait.claim_id.is_(None) if claim_id is None else Wait.claim_id == claim_id,
    ]
