"""What an act does to each of many tasks: every one in a savepoint and with the rights of the
single act, so that a refusal of one changes nothing of the others."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from werkzeug.exceptions import HTTPException, NotFound

from casework import task_hands
from casework.refusals import Refused, Stale
from db.models import Task, User
from domain.tasks import Role
from web import fetch
from web.context import db, me, now

# What changes more than these is confirmed by typing how many; a rehearsal names the first ones.
AT_ONCE_MAX = 10
NAMED_MAX = 20


class Act(StrEnum):
    CLAIM = "claim"
    RELEASE = "release"
    SNOOZE = "snooze"
    WAKE = "wake"
    ASSIGN = "assign"


@dataclass(frozen=True, kw_only=True)
class Details:
    """Until when and why, for a snooze; to whom and why, for another assignee."""

    until_on: dt.date
    because: str
    to: User


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`refusal` says why the task was left alone; one without a title may not be read either."""

    uuid: UUID
    title: str | None = None
    encounter_no: str | None = None
    queue: Role | None = None
    cents: int = 0
    refusal: str | None = None


def of_each(does: Act, chosen: Sequence[UUID], details: Details) -> list[Outcome]:
    return [_of_one(does, uuid, details) for uuid in chosen]


def _of_one(does: Act, uuid: UUID, details: Details) -> Outcome:
    try:
        task = fetch.task_to_move(uuid) if does is Act.ASSIGN else fetch.task_to_keep(uuid)
    except NotFound:
        return Outcome(uuid=uuid, refusal="It is not here any more.")
    except HTTPException as refused:
        return Outcome(uuid=uuid, refusal=refused.description or "It is not yours.")
    title, queue, cents = task.title, task.queue, task.amount_cents
    number = task.encounter.encounter_no if task.encounter else None
    refusal = _refusal(does, task, details)
    return Outcome(
        uuid=uuid, title=title, encounter_no=number, queue=queue, cents=cents, refusal=refusal
    )


def _refusal(does: Act, task: Task, details: Details) -> str | None:
    """Done, or why not."""
    try:
        with db().begin_nested():
            _do(does, task, details)
    except Stale as stale:
        return stale.words
    except Refused as refused:
        # A date that holds for none is told beside its field; a person may fit some queues.
        if does is not Act.ASSIGN:
            raise
        return str(refused)
    return None


def _do(does: Act, task: Task, details: Details) -> None:
    match does:
        case Act.CLAIM:
            task_hands.take(db(), task, me(), now())
        case Act.RELEASE:
            task_hands.release(db(), task, me(), now())
        case Act.WAKE:
            task_hands.end_snooze(db(), task, me(), now())
        case Act.SNOOZE:
            task_hands.snooze(db(), task, details.until_on, details.because, me(), now())
        case Act.ASSIGN:
            task_hands.reassign(db(), task, details.to, me(), now(), details.because)
        case _:
            assert_never(does)
