"""The one way a person's answer enters: right, version, domain, close, act, journal, wake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import stays, subjects, task_hands, tasks, waits
from casework.answers.form import Form
from casework.answers.registry import KINDS
from casework.moment import Moment, moment
from casework.patients import account_subjects
from casework.refusals import Forbidden
from db.models import Claim, Encounter, Subject, Task, User
from domain.questions import Question
from domain.tasks import Role, TaskKind, TaskStatus

_ASKED = {TaskKind.WRITE_OFF_APPROVAL: "write-off", TaskKind.VOID_APPROVAL: "void"}


@dataclass(frozen=True, kw_only=True)
class Answered:
    words: str


def question(session: Session, task: Task) -> Question:
    """What the task's page shows, with the recommended answer filled in."""
    return KINDS[task.kind].ask(session, task, moment(session))


def answer(
    session: Session,
    task_uuid: UUID,
    *,
    version: int,
    form: Mapping[str, Sequence[str]],
    by: User,
) -> Answered:
    """Record one person's answer and act on it, in the caller's transaction.

    Raises `Forbidden` (not theirs), `Stale` (somebody was first, or an old form) or `Refused`
    (malformed): the caller rolls back and nothing is changed.
    """
    now = moment(session)
    task = session.scalars(select(Task).where(Task.uuid == task_uuid)).one()
    _require_right(task, by)
    subject = _lock(session, task, now)
    # The lock may have waited for somebody who answered meanwhile.
    session.refresh(task)
    if task.status is not TaskStatus.OPEN or task.version != version:
        raise tasks.stale(session, task)
    task_hands.require_free(session, task, by, now)
    submitted = Form(form)
    tasks.close(session, task, submitted.as_answer(), version=version, by=by, now=now)
    words = KINDS[task.kind].act(session, task, submitted, by, now)
    subjects.record(session, subject, f"answered {task.kind}", words, now, by)
    waits.set_due(session, subject)
    _tell_other_visit(session, task, words, now, by)
    for key in sorted({task.subject, *_named(session, task)}):
        subjects.wake(session, key)
    return Answered(words=words)


def _lock(session: Session, task: Task, now: Moment) -> Subject:
    """Before the task itself; an account comes after every encounter that its money may touch."""
    if not task.subject.startswith(subjects.PATIENT_BALANCE):
        subject = subjects.lock(session, task.subject)
        if task.subject.startswith(subjects.ENCOUNTER) and task.claim_id is not None:
            stays.lock_others(session, session.get_one(Claim, task.claim_id))
        elif task.subject.startswith(subjects.ENCOUNTER):
            # A question to a physician may be about another visit than the one that leads.
            for key in _named(session, task):
                subjects.lock(session, key)
        return subject
    guarantor = account_subjects.guarantor_of(session, task.subject)
    named = [task.encounter] if task.encounter else []
    return account_subjects.lock_account(session, guarantor, now, also=named)


def _tell_other_visit(session: Session, task: Task, words: str, now: Moment, by: User) -> None:
    """A task of a claim may be about another visit than the one that leads the claim."""
    key = next(iter(_named(session, task)), task.subject)
    if key != task.subject and task.subject.startswith(subjects.ENCOUNTER):
        subjects.tell(session, key, f"answered {task.kind}", words, now, by)


def _named(session: Session, task: Task) -> list[str]:
    """The encounter that a task of another subject names may be waiting for its answer."""
    encounter = session.get(Encounter, task.encounter_id) if task.encounter_id else None
    return [subjects.encounter_key(encounter)] if encounter else []


def _require_right(task: Task, by: User) -> None:
    may_stand_in = by.role is Role.SUPERVISOR and task.queue is Role.BILLER
    if by.role is not task.queue and not may_stand_in:
        raise Forbidden(f"This task belongs to the {task.queue.replace('_', ' ')}.")
    if by.role is Role.PROVIDER and task.provider_id != by.provider_id:
        raise Forbidden("This question is for another provider.")
    if task.details.get("asked_by_id") == by.id:
        what = _ASKED.get(task.kind, "request")
        raise Forbidden(f"Nobody approves their own {what}: it needs a second person.")
