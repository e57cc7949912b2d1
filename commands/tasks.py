"""`claimflow tasks`: the work queues with what is at stake in each, or the tasks of one queue."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from casework.moment import moment
from commands.database import opened
from commands.failure import CommandFailed
from commands.screen import columns, plural, say, say_json
from db.models import Encounter, Payer, Task, User
from domain.money import dollars
from domain.tasks import Role, TaskKind, TaskStatus
from settings import Settings

LISTED_MAX = 200
MISUSE = 2


@dataclass(frozen=True, kw_only=True)
class Queue:
    """The open tasks of one kind, which one role works."""

    queue: str
    kind: str
    open: int
    late: int
    amount_cents: int
    oldest_on: dt.date
    next_due_on: dt.date


@dataclass(frozen=True, kw_only=True)
class Listed:
    task: str
    queue: str
    kind: str
    title: str
    encounter: str | None
    payer: str | None
    amount_cents: int
    due_on: dt.date
    snoozed_until_on: dt.date | None
    is_escalated: bool
    assignee: str | None


def main(settings: Settings, *, queue: str | None, as_json: bool) -> int:
    where = _conditions(queue)
    with opened(settings, "claimflow_web") as sessions, sessions() as session:
        today = moment(session).today
        queues = _queues(session, where, today)
        listed = _listed(session, where) if queue or as_json else []
    if as_json:
        say_json({"today": today, "queues": queues, "tasks": listed})
    elif not queues:
        say("No task is open." if queue is None else f"No task is open in {queue}.")
    elif queue is None:
        _say_queues(queues)
    else:
        _say_tasks(listed, sum(one.open for one in queues), today)
    return 0


def _conditions(queue: str | None) -> list[ColumnElement[bool]]:
    """A queue is named by whose it is (`biller`) or by the kind of its tasks (`denial`)."""
    is_open = Task.status == TaskStatus.OPEN
    if queue is None:
        return [is_open]
    name = queue.strip().lower().replace("-", "_").replace(" ", "_")
    if name in {role.value for role in Role}:
        return [is_open, Task.queue == Role(name)]
    if name in {kind.value for kind in TaskKind}:
        return [is_open, Task.kind == TaskKind(name)]
    known = ", ".join([*Role, *TaskKind])
    raise CommandFailed(f"There is no queue {queue[:40]}. There are: {known}.", exit_status=MISUSE)


def _queues(session: Session, where: Sequence[ColumnElement[bool]], today: dt.date) -> list[Queue]:
    rows = session.execute(
        select(
            Task.queue,
            Task.kind,
            func.count(),
            func.count().filter(Task.due_on < today),
            func.sum(Task.amount_cents),
            func.min(Task.opened_at),
            func.min(Task.due_on),
        )
        .where(*where)
        .group_by(Task.queue, Task.kind)
        .order_by(Task.queue, func.sum(Task.amount_cents).desc(), Task.kind)
    )
    return [
        Queue(
            queue=role.value,
            kind=kind.value,
            open=number,
            late=late,
            amount_cents=int(cents),
            oldest_on=oldest.date(),
            next_due_on=due_on,
        )
        for role, kind, number, late, cents, oldest, due_on in rows
    ]


def _listed(session: Session, where: Sequence[ColumnElement[bool]]) -> list[Listed]:
    rows = session.execute(
        select(Task, Encounter.encounter_no, Payer.name, User.full_name)
        .outerjoin(Encounter, Encounter.id == Task.encounter_id)
        .outerjoin(Payer, Payer.id == Task.payer_id)
        .outerjoin(User, User.id == Task.assignee_id)
        .where(*where)
        .order_by(Task.due_on, Task.amount_cents.desc(), Task.id)
        .limit(LISTED_MAX)
    )
    return [
        Listed(
            task=str(task.uuid),
            queue=task.queue.value,
            kind=task.kind.value,
            title=task.title,
            encounter=number,
            payer=payer,
            amount_cents=task.amount_cents,
            due_on=task.due_on,
            snoozed_until_on=task.follow_up_on,
            is_escalated=task.is_escalated,
            assignee=name,
        )
        for task, number, payer, name in rows
    ]


def _say_queues(queues: Sequence[Queue]) -> None:
    heading = ("queue", "tasks of kind", "open", "late", "at stake", "oldest", "next due")
    rows = [
        (
            one.queue.replace("_", " "),
            one.kind.replace("_", " "),
            f"{one.open:,}",
            f"{one.late:,}",
            dollars(one.amount_cents),
            str(one.oldest_on),
            str(one.next_due_on),
        )
        for one in queues
    ]
    for line in columns([heading, *rows], right=[2, 3, 4]):
        say(line)


def _say_tasks(listed: Sequence[Listed], total: int, today: dt.date) -> None:
    heading = ("due", "at stake", "encounter", "payer", "who", "task")
    rows = [
        (
            f"{one.due_on}{' late' if one.due_on < today else ''}",
            dollars(one.amount_cents),
            one.encounter or "-",
            one.payer or "-",
            one.assignee or "-",
            one.title,
        )
        for one in listed
    ]
    for line in columns([heading, *rows], right=[1]):
        say(line)
    if total > len(listed):
        say(f"… and {plural(total - len(listed), 'more task')}.")
