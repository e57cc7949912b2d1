"""The page of one task: facts, form, place in the queue; and what is shown once it is closed, or
when somebody was first."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from casework import answers
from casework.refusals import Stale
from db.models import Patient, Payer, Task, TaskLog, User
from db.queries import queue_places, web_tasks
from db.queries.queue_places import Place
from db.queries.web_tasks import QueueFilter
from domain.questions import FieldKind, Question
from domain.tasks import Role
from web import evidence, identifiers
from web.access import QUEUES_WORKED, Action, may
from web.answer_form import Typed, as_answer
from web.context import db, me, now
from web.presenters import Due, due

SNOOZE_CHOICES = (3, 7, 14)


def page(task: Task, form: Typed, *, is_shown: bool = False) -> str:
    question = answers.question(db(), task)
    if not is_shown:
        question = identifiers.hidden(question)
    person = me()
    return render_template(
        [f"tasks/kinds/{task.kind.value}.html", "tasks/task.html"],
        task=task,
        question=question,
        evidence=evidence.of(question),
        chosen={field.name: form.of(field.name, field.values) for field in question.fields},
        shares=_shares(question),
        first_key=_first_keys(question),
        form=form,
        is_shown=is_shown,
        place=_place(task),
        about=_about(task),
        due=_due(task),
        holder=_holder(task),
        is_mine_to_answer=task.queue in QUEUES_WORKED[person.role],
        is_asked_by_me=_is_asked_by(person, task),
        colleagues=_colleagues(person, task),
        snooze_dates=[now().business_days(days) for days in SNOOZE_CHOICES],
        log=web_tasks.log_of(db(), task.id, limit=8),
    )


def closed(task: Task) -> str:
    who = db().get(User, task.answered_by_id) if task.answered_by_id else None
    return render_template("tasks/closed.html", task=task, who=who, log=_log(task))


def lost(task: Task, stale: Stale) -> ResponseReturnValue:
    """The second of two people: who was first, both answers, and nothing lost of what was typed."""
    shown = render_template(
        "tasks/stale.html", task=task, stale=stale, mine=as_answer(request.form)
    )
    return shown, 409


def _log(task: Task) -> "list[tuple[TaskLog, str | None]]":
    return list(web_tasks.log_of(db(), task.id))


def _about(task: Task) -> dict[str, object]:
    """Who and what the head of the page names: initials and last four, never more."""
    encounter = task.encounter
    payer = db().get(Payer, task.payer_id) if task.payer_id else None
    patient: Patient | None = encounter.patient if encounter else None
    return {"encounter": encounter, "patient": patient, "payer": payer}


def _due(task: Task) -> Due:
    return due(task.due_on, now().today, snoozed_to=task.follow_up_on)


def _shares(question: Question) -> dict[str, int]:
    """What each field places of the money that the answer must place."""
    asked = question.running_sum
    return {share.field: share.cents for share in asked.shares} if asked else {}


def _first_keys(question: Question) -> dict[str, int]:
    """The number of each field's first route: the keys count through the whole page."""
    found, number = {}, 1
    for field in question.fields:
        if field.kind is FieldKind.RADIO:
            found[field.name] = number
            number += len(field.options)
    return found


def _is_asked_by(person: User, task: Task) -> bool:
    """A write-off or a void is decided by somebody else than who asks for it."""
    return task.details.get("asked_by_id") == person.id


def _colleagues(person: User, task: Task) -> list[User]:
    """Who may be given the task, by whom may give it."""
    if not may(person.role, Action.MOVE_TASKS):
        return []
    return [one for one in web_tasks.colleagues(db(), task.queue) if not _is_asked_by(one, task)]


def _place(task: Task) -> Place | None:
    """Where it stands among all of its kind, in the order of that queue's page."""
    person, today = me(), now().today
    shown = QueueFilter(
        queues=frozenset({task.queue}),
        today=today,
        kind=task.kind,
        provider_id=person.provider_id if person.role is Role.PROVIDER else None,
    )
    is_asleep = task.follow_up_on is not None and task.follow_up_on > today
    return None if is_asleep else queue_places.place(db(), shown, task)


def _holder(task: Task) -> User | None:
    is_held = task.leased_until is not None and task.leased_until > now().real
    return db().get(User, task.assignee_id) if is_held and task.assignee_id else None
