"""The dates of tasks: one that passes tells a supervisor, and decides nothing."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework import tasks, waits
from casework.moment import Moment
from casework.subjects import lock, record
from db.models import Task, User, Wait
from domain.clock import add_business_days
from domain.tasks import RULES, TaskStatus

# Subjects with tasks of which no workflow keeps the dates.
WITHOUT_WORKFLOW = ("file:", "mail:", "sending:", "enrolment:")


def escalate_overdue(
    session: Session, subject: str, now: Moment, *, claim_id: int | None
) -> list[Task]:
    """Open tasks of this scope whose date has passed: tell a supervisor, and wait on."""
    overdue = session.scalars(
        select(Task)
        .join(Wait, Wait.task_id == Task.id)
        .where(Wait.subject == subject, Wait.ended_at.is_(None), Wait.until_at <= now.at)
        .where(Wait.claim_id.is_(None) if claim_id is None else Wait.claim_id == claim_id)
        .where(Task.status == TaskStatus.OPEN)
        .order_by(Task.id)
    ).all()
    waits.end_overdue(session, subject, now, claim_id=claim_id)
    for task in overdue:
        if not task.is_escalated:
            escalate(session, task, "its date has passed", now)
        again = now.end_of(add_business_days(now.today, RULES[task.kind].business_days))
        renewed = tasks.wait_for(session, task, now, claim_id=claim_id)
        renewed.until_at = again
    return list(overdue)


def late_scopes(session: Session, subject: str, now: Moment) -> list[int | None]:
    """Where an open task's date has passed: the claims, and None for the subject itself."""
    statement = (
        select(Wait.claim_id)
        .join(Task, Task.id == Wait.task_id)
        .where(Wait.subject == subject, Wait.ended_at.is_(None), Wait.until_at <= now.at)
        .where(Task.status == TaskStatus.OPEN)
        .distinct()
        .order_by(Wait.claim_id)
    )
    return list(session.scalars(statement))


def keep_dates(session: Session, subject: str, now: Moment) -> bool:
    """Give an open task whose wait ended with its claim's waits a date of its own again.

    It then waits beside the claims and holds none of them up. Returns whether there was one.
    """
    is_awaited = select(Wait.id).where(Wait.task_id == Task.id, Wait.ended_at.is_(None)).exists()
    dateless = session.scalars(
        select(Task)
        .where(Task.subject == subject, Task.status == TaskStatus.OPEN, ~is_awaited)
        .order_by(Task.id)
    ).all()
    for task in dateless:
        tasks.wait_for(session, task, now, claim_id=None)
    return bool(dateless)


def escalate_without_workflow(session: Session, now: Moment, *, limit: int = 100) -> int:
    """Files, letters, sendings and enrolments have tasks but no workflow: dispatch keeps their
    dates."""
    overdue = session.scalars(
        select(Wait.subject)
        .where(Wait.ended_at.is_(None), Wait.until_at <= now.at)
        .where(or_(*(Wait.subject.startswith(prefix) for prefix in WITHOUT_WORKFLOW)))
        .distinct()
        .order_by(Wait.subject)
        .limit(limit)
    ).all()
    for key in overdue:
        subject = lock(session, key)
        for task in escalate_overdue(session, key, now, claim_id=None):
            record(session, subject, "escalated", f"Escalated to a supervisor: {task.title}", now)
        waits.set_due(session, subject)
    return len(overdue)


def escalate(
    session: Session, task: Task, because: str, now: Moment, by: User | None = None
) -> None:
    task.is_escalated = True
    tasks.log(session, task, by, "escalated", because, now)
