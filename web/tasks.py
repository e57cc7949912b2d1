"""One task on a screen: what happened, the recommended answer filled in, and what else may be done
with it. An answer is one transaction of `casework`; whatever it refuses comes back beside its
field."""

import datetime as dt
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import answers, tasks
from casework.refusals import Refused, Stale
from db.models import Patient, Payer, Task, TaskLog, User
from db.queries import queue_places, web_tasks
from db.queries.queue_places import Place
from db.queries.web_tasks import QueueFilter
from domain.questions import Question
from domain.tasks import Role, TaskStatus
from web import evidence, fetch, identifiers
from web.access import QUEUES_WORKED, Action, may, needs
from web.answer_form import Typed, as_answer, typed, with_fixes
from web.context import db, me, now
from web.presenters import Due, due

blueprint = Blueprint("tasks", __name__)

SNOOZE_CHOICES = (3, 7, 14)


@blueprint.get("/tasks/<uuid:uuid>")
@needs(Action.SEE_WORK)
def show(uuid: UUID) -> ResponseReturnValue:
    task = fetch.task(uuid)
    if task.status is not TaskStatus.OPEN:
        return _closed(task)
    return _page(task, Typed())


@blueprint.get("/tasks/<uuid:uuid>/identifiers")
@needs(Action.SEE_WORK)
def show_identifiers(uuid: UUID) -> ResponseReturnValue:
    """The task with its member ids written out: a page of its own, so that each look is
    recorded."""
    task = fetch.task(uuid, words="had the member ids of the task shown")
    if task.status is not TaskStatus.OPEN:
        return _closed(task)
    return _page(task, Typed(), is_shown=True)


@blueprint.post("/tasks/<uuid:uuid>/answer")
@needs(Action.ANSWER_TASKS)
def answered(uuid: UUID) -> ResponseReturnValue:
    task = fetch.task_to_answer(uuid)
    mended = with_fixes(request.form)
    if mended is not None:
        return _page(fetch.task(uuid), mended)
    try:
        done = answers.answer(db(), uuid, version=_version(), form=_answer(task), by=me())
    except Refused as refusal:
        db().rollback()
        return _page(fetch.task(uuid), typed(request.form, refusal)), 422
    except Stale as stale:
        db().rollback()
        return _lost(fetch.task(uuid), stale)
    flash(done.words)
    if request.form.get("then") == "stay":
        return redirect(url_for("tasks.show", uuid=uuid), 303)
    return redirect(url_for("work.following", after=uuid), 303)


@blueprint.post("/tasks/<uuid:uuid>/claim")
@needs(Action.ANSWER_TASKS)
def claim(uuid: UUID) -> ResponseReturnValue:
    tasks.take(db(), fetch.task_to_keep(uuid), me(), now())
    return _back(uuid, "Yours for half an hour.")


@blueprint.post("/tasks/<uuid:uuid>/release")
@needs(Action.ANSWER_TASKS)
def release(uuid: UUID) -> ResponseReturnValue:
    tasks.release(db(), fetch.task_to_keep(uuid), me(), now())
    return _back(uuid, "Released: anybody of this queue may take it.")


@blueprint.post("/tasks/<uuid:uuid>/snooze")
@needs(Action.ANSWER_TASKS)
def snooze(uuid: UUID) -> ResponseReturnValue:
    task = fetch.task_to_keep(uuid)
    try:
        until_on = _date(request.form.get("until", ""))
        tasks.snooze(db(), task, until_on, request.form.get("because", ""), me(), now())
    except Refused as refusal:
        db().rollback()
        return _page(fetch.task(uuid), Typed(problems=refusal.problems)), 422
    flash("Snoozed. It comes back to you on its date.")
    return redirect(url_for("work.following", after=uuid), 303)


@blueprint.post("/tasks/<uuid:uuid>/escalation")
@needs(Action.ANSWER_TASKS)
def escalate(uuid: UUID) -> ResponseReturnValue:
    task = fetch.task_to_keep(uuid)
    because = request.form.get("because", "").strip()
    if not because:
        problems = Refused.of("because", "Say what the supervisor should know.").problems
        return _page(fetch.task(uuid), Typed(problems=problems)), 422
    tasks.escalate(db(), task, because, now(), me())
    return _back(uuid, "A supervisor is told. Nothing is decided by it.")


@blueprint.post("/tasks/<uuid:uuid>/assignee")
@needs(Action.MOVE_TASKS)
def reassign(uuid: UUID) -> ResponseReturnValue:
    task = fetch.task_to_move(uuid)
    to = db().get(User, request.form.get("to", type=int) or 0)
    if to is None or not to.is_active:
        raise Refused.of("to", "Choose a person.")
    tasks.reassign(db(), task, to, me(), now())
    return _back(uuid, f"Given to {to.full_name}.")


def _answer(task: Task) -> dict[str, list[str]]:
    """What was typed, with the masks of the page read as what they stand for."""
    answer = as_answer(request.form)
    if task.status is not TaskStatus.OPEN or not identifiers.holds_mask(answer):
        return answer
    return identifiers.restored(answer, answers.question(db(), task))


def _page(task: Task, form: Typed, *, is_shown: bool = False) -> str:
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
        form=form,
        is_shown=is_shown,
        place=_place(task),
        about=_about(task),
        due=_due(task),
        holder=_holder(task),
        is_mine_to_answer=task.queue in QUEUES_WORKED[person.role],
        colleagues=web_tasks.colleagues(db(), task.queue)
        if may(person.role, Action.MOVE_TASKS)
        else (),
        snooze_dates=[now().business_days(days) for days in SNOOZE_CHOICES],
        log=web_tasks.log_of(db(), task.id, limit=8),
    )


def _closed(task: Task) -> str:
    who = db().get(User, task.answered_by_id) if task.answered_by_id else None
    return render_template("tasks/closed.html", task=task, who=who, log=_log(task))


def _lost(task: Task, stale: Stale) -> ResponseReturnValue:
    """The second of two people: who was first, both answers, and nothing lost of what was typed."""
    page = render_template("tasks/stale.html", task=task, stale=stale, mine=as_answer(request.form))
    return page, 409


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


def _back(uuid: UUID, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("tasks.show", uuid=uuid), 303)


def _version() -> int:
    """Zero is no version: a form without one is as old as can be."""
    return request.form.get("version", 0, type=int)


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refused.of("until", "Give a date, as 2026-03-31.") from None
