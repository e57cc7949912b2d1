"""Tasks: opened by steps, once per (subject, kind, cause), and closed once: by an answer, or by
themselves. `task_dates` keeps their dates, `task_hands` knows who has one."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from casework import audit, filing, waits
from casework.moment import Moment
from casework.refusals import Stale
from casework.waits import WaitKind
from db.models import Task, TaskLog, User, Wait
from domain.tasks import RULES, TaskKind, TaskStatus

ESCALATED = "a supervisor is told; nothing is decided by itself"
# How the cause of a question begins that neither an acknowledgment nor the post answers.
OF_CONTENT = "undone:"


def open_task(
    session: Session,
    kind: TaskKind,
    *,
    subject: str,
    cause: str,
    title: str,
    reason: str,
    now: Moment,
    details: dict[str, Any] | None = None,
    amount_cents: int = 0,
    waits_in_claim: int | None = None,
    due_on: dt.date | None = None,
    **links: int | None,
) -> Task:
    """Open a task and the wait for it; the same cause twice gives the same task.

    `links` are the task's foreign keys (encounter_id, claim_id, payer_id, ...).
    """
    due_on = due_on or now.business_days(RULES[kind].business_days)
    claim_id = links.get("claim_id") or waits_in_claim
    file_by_on = filing.limit_for(
        session, kind, claim_id=claim_id, encounter_id=links.get("encounter_id")
    )
    if file_by_on is not None and filing.latest_due_on(file_by_on) < due_on:
        due_on = max(now.today, filing.latest_due_on(file_by_on))
        reason = f"{reason} The claim must be filed by {file_by_on}."
    made = session.scalar(
        insert(Task)
        .values(
            subject=subject, kind=kind, cause=cause, queue=RULES[kind].queue,
            status=TaskStatus.OPEN, title=title, reason=reason, details=details or {},
            amount_cents=amount_cents, opened_at=now.at, due_on=due_on, **links,
        )
        .on_conflict_do_nothing(index_elements=["subject", "kind", "cause"])
        .returning(Task.id)
    )  # fmt: skip
    task = session.scalars(
        select(Task).where(Task.subject == subject, Task.kind == kind, Task.cause == cause)
    ).one()
    if made is not None:
        log(session, task, None, "opened", reason, now)
    if task.status is TaskStatus.OPEN:
        wait_for(session, task, now, claim_id=waits_in_claim)
    return task


def wait_for(session: Session, task: Task, now: Moment, *, claim_id: int | None) -> Wait:
    return waits.begin(
        session,
        task.subject,
        WaitKind.TASK,
        f"{task.queue.replace('_', ' ')}: {task.title}",
        until_at=now.end_of(task.due_on),
        then_what=ESCALATED,
        now=now,
        claim_id=claim_id,
        task_id=task.id,
    )


def withdraw(session: Session, task: Task, because: str, now: Moment) -> None:
    """The question has answered itself; nobody needs to decide any more."""
    if task.status is TaskStatus.OPEN:
        task.status = TaskStatus.WITHDRAWN
        task.version += 1
        waits.task_answered(session, task.id, now)
        log(session, task, None, "withdrawn", because, now)


def withdraw_of_claim(
    session: Session, claim_id: int, kind: TaskKind, because: str, now: Moment
) -> None:
    """Every open question of a kind about a claim has answered itself, but what the claim says."""
    withdraw_of_claims(session, [claim_id], [kind], because, now)


def withdraw_of_claims(
    session: Session,
    claim_ids: Sequence[int],
    kinds: Sequence[TaskKind],
    because: str,
    now: Moment,
) -> None:
    still_open = (
        select(Task)
        .where(Task.claim_id.in_(claim_ids), Task.kind.in_(kinds), Task.status == TaskStatus.OPEN)
        .where(~Task.cause.startswith(OF_CONTENT))
    )
    for task in session.scalars(still_open.order_by(Task.id)).all():
        withdraw(session, task, because, now)


def close(
    session: Session, task: Task, answer: dict[str, Any], *, version: int, by: User, now: Moment
) -> None:
    """Record the answer once: a conditional update that loses to whoever was first."""
    closed = session.scalar(
        update(Task)
        .where(Task.id == task.id, Task.status == TaskStatus.OPEN, Task.version == version)
        .values(
            status=TaskStatus.ANSWERED, answer=answer, answered_by_id=by.id, answered_at=now.at,
            version=Task.version + 1,
        )
        .returning(Task.id)
    )  # fmt: skip
    if closed is None:
        raise stale(session, task)
    session.refresh(task)
    waits.task_answered(session, task.id, now)
    log(session, task, by, "answered", "", now)


def stale(session: Session, task: Task) -> Stale:
    session.refresh(task)
    who = session.get(User, task.answered_by_id) if task.answered_by_id else None
    if who:
        words = f"{who.full_name} answered this task first. Your answer was not used."
    elif task.status is TaskStatus.WITHDRAWN:
        words = "This task has been withdrawn: it no longer needs a decision."
    else:
        words = "This task has changed since you opened it. Read it again, then answer."
    return Stale(words, who=who.full_name if who else None, at=task.answered_at)


def require_open(session: Session, task: Task) -> None:
    """Raises `Stale` for what is answered or withdrawn."""
    if task.status is not TaskStatus.OPEN:
        raise stale(session, task)


def log(
    session: Session, task: Task, by: User | None, action: str, words: str, now: Moment
) -> None:
    session.add(
        TaskLog(
            task_id=task.id, user_id=by.id if by else None, action=action, words=words, at=now.at
        )
    )
    if by is not None:
        audit.record(
            session, by, f"task {action}", "task", str(task.uuid),
            patient_id=task.encounter.patient_id if task.encounter else None,
        )  # fmt: skip


def count(session: Session, *, claim_id: int, kind: TaskKind) -> int:
    """How many tasks of a kind a claim has had: numbers the causes of those that may recur."""
    found = select(func.count()).where(Task.claim_id == claim_id, Task.kind == kind)
    return session.scalar(found) or 0
