"""In whose hands a task is: taken for a while, given back or away, put off, and what comes next."""

import datetime as dt

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from casework import tasks
from casework.moment import Moment
from casework.refusals import Forbidden, Refused, Stale
from db.models import Task, User
from domain.tasks import Role, TaskStatus

LEASE = dt.timedelta(minutes=30)
SNOOZE_MAX = dt.timedelta(days=90)


def take(session: Session, task: Task, by: User, now: Moment) -> None:
    """Claim it: yours for half an hour, unless somebody else holds it."""
    tasks.require_open(session, task)
    require_free(session, task, by, now)
    task.assignee_id = by.id
    task.leased_until = now.real + LEASE
    tasks.log(session, task, by, "claimed", "", now)


def require_free(session: Session, task: Task, by: User, now: Moment) -> None:
    """Raises `Stale` while somebody else has it."""
    if not is_held_by_other(task, by, now):
        return
    holder = session.get_one(User, task.assignee_id)
    raise Stale(
        f"{holder.full_name} has this task until {_local_time(task, now)}.",
        who=holder.full_name,
        at=None,
    )


def is_held_by_other(task: Task, by: User, now: Moment) -> bool:
    held = task.leased_until is not None and task.leased_until > now.real
    return held and task.assignee_id not in (None, by.id)


def _local_time(task: Task, now: Moment) -> str:
    return f"{task.leased_until.astimezone(now.zone):%H:%M}" if task.leased_until else "now"


def release(session: Session, task: Task, by: User, now: Moment) -> None:
    """Anybody of its queue may take it. What another has in hand only a supervisor gives back."""
    tasks.require_open(session, task)
    if by.role is not Role.SUPERVISOR:
        require_free(session, task, by, now)
    task.assignee_id = None
    task.leased_until = None
    tasks.log(session, task, by, "released", "", now)


def reassign(
    session: Session, task: Task, to: User, by: User, now: Moment, because: str = ""
) -> None:
    if by.role is not Role.SUPERVISOR:
        raise Forbidden("Only a supervisor gives a task to somebody else.")
    tasks.require_open(session, task)
    if to.role is not task.queue and to.role is not Role.SUPERVISOR:
        raise Refused.of("to", f"{to.full_name} does not work in this queue.")
    task.assignee_id = to.id
    task.leased_until = None
    why = f": {because}" if because else ""
    tasks.log(session, task, by, "reassigned", f"to {to.full_name}{why}", now)


def snooze(
    session: Session, task: Task, until_on: dt.date, because: str, by: User, now: Moment
) -> None:
    """Asleep on purpose: it comes back to the same person on the date."""
    if not now.today < until_on <= now.today + SNOOZE_MAX:
        raise Refused.of("until", "Choose a date after today and within 90 days.")
    if not because.strip():
        raise Refused.of("because", "Say why this task can wait.")
    tasks.require_open(session, task)
    require_free(session, task, by, now)
    task.follow_up_on = until_on
    task.snoozed_because = because.strip()
    task.assignee_id = by.id
    task.leased_until = None
    tasks.log(session, task, by, "snoozed", f"until {until_on}: {because.strip()}", now)


def end_snooze(session: Session, task: Task, by: User, now: Moment) -> None:
    """Before its date after all: anybody of its queue may take it again."""
    tasks.require_open(session, task)
    if by.role is not Role.SUPERVISOR and task.assignee_id not in (None, by.id):
        who = session.get_one(User, task.assignee_id).full_name
        raise Stale(f"{who} put this task off until {task.follow_up_on}.", who=who, at=None)
    task.follow_up_on = None
    task.snoozed_because = None
    task.assignee_id = None
    task.leased_until = None
    tasks.log(session, task, by, "woken", "", now)


def next_for(session: Session, user: User, now: Moment, *, after: int | None = None) -> Task | None:
    """The most urgent task that is this person's to do: late first, then the money at stake."""
    awake = or_(Task.follow_up_on.is_(None), Task.follow_up_on <= now.today)
    free = or_(
        Task.assignee_id.is_(None), Task.assignee_id == user.id, Task.leased_until < now.real
    )
    statement = (
        select(Task)
        .where(Task.status == TaskStatus.OPEN, Task.queue == user.role, awake, free)
        .order_by(Task.due_on, Task.amount_cents.desc(), Task.id)
        .limit(1)
    )
    if user.role is Role.PROVIDER:
        statement = statement.where(Task.provider_id == user.provider_id)
    if user.role is Role.SUPERVISOR:
        # Nobody approves their own write-off.
        asker = func.coalesce(Task.details["asked_by_id"].as_integer(), 0)
        statement = statement.where(asker != user.id)
    if after is not None:
        statement = statement.where(Task.id != after)
    return session.scalar(statement)
