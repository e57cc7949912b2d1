"""Tasks: opened by steps, once per (subject, kind, cause); taken, put off and closed by people."""

import datetime as dt
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from casework import audit, filing, waits
from casework.moment import Moment
from casework.refusals import Forbidden, Refused, Stale
from casework.subjects import lock, record
from casework.waits import WaitKind
from db.models import Task, TaskLog, User, Wait
from domain.clock import add_business_days
from domain.tasks import RULES, Role, TaskKind, TaskStatus

LEASE = dt.timedelta(minutes=30)
ESCALATED = "a supervisor is told; nothing is decided by itself"
SNOOZE_MAX = dt.timedelta(days=90)
# Subjects with tasks of which no workflow keeps the dates.
WITHOUT_WORKFLOW = ("file:", "mail:", "sending:", "enrolment:")


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
    """Every open question of a kind about a claim has answered itself."""
    still_open = select(Task).where(
        Task.claim_id == claim_id, Task.kind == kind, Task.status == TaskStatus.OPEN
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
        renewed = wait_for(session, task, now, claim_id=claim_id)
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
        wait_for(session, task, now, claim_id=None)
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
    log(session, task, by, "escalated", because, now)


# What a person does with a task short of answering it.


def take(session: Session, task: Task, by: User, now: Moment) -> None:
    """Claim it: yours for half an hour, unless somebody else holds it."""
    require_open(session, task)
    require_free(session, task, by, now)
    task.assignee_id = by.id
    task.leased_until = now.real + LEASE
    log(session, task, by, "claimed", "", now)


def require_open(session: Session, task: Task) -> None:
    """Raises `Stale` for what is answered or withdrawn."""
    if task.status is not TaskStatus.OPEN:
        raise stale(session, task)


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
    require_open(session, task)
    if by.role is not Role.SUPERVISOR:
        require_free(session, task, by, now)
    task.assignee_id = None
    task.leased_until = None
    log(session, task, by, "released", "", now)


def reassign(
    session: Session, task: Task, to: User, by: User, now: Moment, because: str = ""
) -> None:
    if by.role is not Role.SUPERVISOR:
        raise Forbidden("Only a supervisor gives a task to somebody else.")
    require_open(session, task)
    if to.role is not task.queue and to.role is not Role.SUPERVISOR:
        raise Refused.of("to", f"{to.full_name} does not work in this queue.")
    task.assignee_id = to.id
    task.leased_until = None
    why = f": {because}" if because else ""
    log(session, task, by, "reassigned", f"to {to.full_name}{why}", now)


def snooze(
    session: Session, task: Task, until_on: dt.date, because: str, by: User, now: Moment
) -> None:
    """Asleep on purpose: it comes back to the same person on the date."""
    if not now.today < until_on <= now.today + SNOOZE_MAX:
        raise Refused.of("until", "Choose a date after today and within 90 days.")
    if not because.strip():
        raise Refused.of("because", "Say why this task can wait.")
    require_open(session, task)
    require_free(session, task, by, now)
    task.follow_up_on = until_on
    task.snoozed_because = because.strip()
    task.assignee_id = by.id
    task.leased_until = None
    log(session, task, by, "snoozed", f"until {until_on}: {because.strip()}", now)


def end_snooze(session: Session, task: Task, by: User, now: Moment) -> None:
    """Before its date after all: anybody of its queue may take it again."""
    require_open(session, task)
    if by.role is not Role.SUPERVISOR and task.assignee_id not in (None, by.id):
        who = session.get_one(User, task.assignee_id).full_name
        raise Stale(f"{who} put this task off until {task.follow_up_on}.", who=who, at=None)
    task.follow_up_on = None
    task.snoozed_because = None
    task.assignee_id = None
    task.leased_until = None
    log(session, task, by, "woken", "", now)


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
