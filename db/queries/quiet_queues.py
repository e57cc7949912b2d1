"""What an empty queue can tell: who answered last, and which tasks sleep until when. Both looks are
bounded, however much has been done here."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from db.models import Task, TaskLog, User
from db.queries.web_tasks import QueueFilter
from domain.tasks import TaskStatus

SNOOZED_MAX = 1_000
# Beyond so many steps of anybody, the last answer is no news.
LOG_MAX = 500


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """`snoozed` stops at its bound; one more means that there are more."""

    answered_at: dt.datetime | None
    answered_by: str | None
    snoozed: int
    wakes_on: dt.date | None


def quiet(session: Session, shown: QueueFilter) -> Quiet:
    answered_at, answered_by = _answered_last(session, shown)
    snoozed, wakes_on = _snoozed(session, shown)
    return Quiet(
        answered_at=answered_at, answered_by=answered_by, snoozed=snoozed, wakes_on=wakes_on
    )


def _answered_last(session: Session, shown: QueueFilter) -> tuple[dt.datetime | None, str | None]:
    latest = select(TaskLog).order_by(TaskLog.id.desc()).limit(LOG_MAX).subquery()
    statement = (
        select(latest.c.at, User.full_name)
        .join(Task, Task.id == latest.c.task_id)
        .join(User, User.id == latest.c.user_id)
        .where(latest.c.action == "answered", *_of_queue(shown))
        .order_by(latest.c.id.desc())
        .limit(1)
    )
    row = session.execute(statement).one_or_none()
    return (None, None) if row is None else (row[0], row[1])


def _snoozed(session: Session, shown: QueueFilter) -> tuple[int, dt.date | None]:
    asleep = (
        select(Task.follow_up_on)
        .where(Task.status == TaskStatus.OPEN, Task.follow_up_on > shown.today, *_of_queue(shown))
        .limit(SNOOZED_MAX + 1)
        .subquery()
    )
    number, first_on = session.execute(
        select(func.count(), func.min(asleep.c.follow_up_on)).select_from(asleep)
    ).one()
    return number, first_on


def _of_queue(shown: QueueFilter) -> list[ColumnElement[bool]]:
    """Whatever else narrows the page."""
    found: list[ColumnElement[bool]] = [Task.queue.in_(sorted(shown.queues))]
    if shown.kind is not None:
        found.append(Task.kind == shown.kind)
    if shown.provider_id is not None:
        found.append(Task.provider_id == shown.provider_id)
    return found
