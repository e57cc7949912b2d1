"""Waits: what a subject waits for, since when, until when, and what happens then.

A scope (an encounter, or one claim of it) with no open wait before its deadline is ready for its
next step; a scope that is not ready always has one. Pages and `status` show these words.
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select, update
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
    wait = planned(
        subject_key, kind, what, until_at=until_at, then_what=then_what, now=now,
        claim_id=claim_id, task_id=task_id,
    )  # fmt: skip
    session.add(wait)
    session.flush()
    return wait


def planned(
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
    """One that the caller begins, among many."""
    return Wait(
        subject=subject_key,
        claim_id=claim_id,
        task_id=task_id,
        kind=kind,
        what=what,
        then_what=then_what,
        since_at=now.at,
        until_at=max(until_at, now.at + dt.timedelta(minutes=1)),
    )


def open_waits(session: Session, subject_key: str) -> list[Wait]:
    statement = (
        select(Wait)
        .where(Wait.subject == subject_key, Wait.ended_at.is_(None))
        .order_by(Wait.until_at, Wait.id)
    )
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def close_if_none(session: Session, subject: Subject) -> None:
    """A subject is open as long as something of it is waited for. The caller holds its lock."""
    subject.is_open = bool(open_waits(session, subject.key))


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


def answered_of_claims(
    session: Session,
    claim_ids: Mapping[int, str],
    now: Moment,
    *,
    kind: WaitKind | None = None,
) -> None:
    """The same for some hundreds of claims, each with the subject that waits."""
    statement = update(Wait).where(
        # The open waits are found by their subjects.
        Wait.subject.in_(set(claim_ids.values())),
        Wait.claim_id.in_(claim_ids),
        Wait.ended_at.is_(None),
    )
    if kind is not None:
        statement = statement.where(Wait.kind == kind)
    session.execute(statement.values(ended_at=now.at, ended_by="answered"))


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


def set_all_due(session: Session, some: Mapping[str, Subject]) -> None:
    """The same for some hundreds of subjects, by their keys."""
    found = session.execute(
        select(Wait.subject, func.min(Wait.until_at))
        .where(Wait.subject.in_(some), Wait.ended_at.is_(None))
        .group_by(Wait.subject)
    )
    nearest: dict[str, dt.datetime] = dict(found.all())
    for key, subject in some.items():
        subject.due_at = nearest.get(key)


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
