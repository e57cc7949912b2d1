"""One task on a screen: what happened, the recommended answer filled in, and what else may be done
with it. An answer is one transaction of `casework`; whatever it refuses comes back beside its
field."""

import datetime as dt
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from casework import answers, task_dates, task_hands
from casework.refusals import Refused, Stale
from db.models import Task, User
from domain.tasks import TaskStatus
from web import fetch, identifiers, task_page
from web.access import Action, needs
from web.answer_form import Typed, as_answer, typed, with_fixes
from web.context import db, me, now
from web.done import offer_undo

blueprint = Blueprint("tasks", __name__)


@blueprint.get("/tasks/<uuid:uuid>")
@needs(Action.SEE_WORK)
def show(uuid: UUID) -> ResponseReturnValue:
    task = fetch.task(uuid)
    if task.status is not TaskStatus.OPEN:
        return task_page.closed(task)
    return task_page.page(task, Typed())


@blueprint.get("/tasks/<uuid:uuid>/identifiers")
@needs(Action.SEE_WORK)
def show_identifiers(uuid: UUID) -> ResponseReturnValue:
    """The task with its member ids written out: a page of its own, so that each look is
    recorded."""
    task = fetch.task(uuid, words="had the member ids of the task shown")
    if task.status is not TaskStatus.OPEN:
        return task_page.closed(task)
    return task_page.page(task, Typed(), is_shown=True)


@blueprint.post("/tasks/<uuid:uuid>/answer")
@needs(Action.ANSWER_TASKS)
def answered(uuid: UUID) -> ResponseReturnValue:
    task = fetch.task_to_answer(uuid)
    mended = with_fixes(request.form)
    if mended is not None:
        return task_page.page(fetch.task(uuid), mended)
    try:
        done = answers.answer(db(), uuid, version=_version(), form=_answer(task), by=me())
    except Refused as refusal:
        db().rollback()
        return task_page.page(fetch.task(uuid), typed(request.form, refusal)), 422
    except Stale as stale:
        db().rollback()
        return task_page.lost(fetch.task(uuid), stale)
    flash(done.words)
    if request.form.get("then") == "stay":
        return redirect(url_for("tasks.show", uuid=uuid), 303)
    return redirect(url_for("work.following", after=uuid), 303)


@blueprint.post("/tasks/<uuid:uuid>/claim")
@needs(Action.ANSWER_TASKS)
def claim(uuid: UUID) -> ResponseReturnValue:
    task_hands.take(db(), fetch.task_to_keep(uuid), me(), now())
    _offer_undo("claim", uuid)
    return _back(uuid, "Yours for half an hour.")


@blueprint.post("/tasks/<uuid:uuid>/release")
@needs(Action.ANSWER_TASKS)
def release(uuid: UUID) -> ResponseReturnValue:
    task_hands.release(db(), fetch.task_to_keep(uuid), me(), now())
    _offer_undo("release", uuid)
    return _back(uuid, "Released: anybody of this queue may take it.")


@blueprint.post("/tasks/<uuid:uuid>/snooze")
@needs(Action.ANSWER_TASKS)
def snooze(uuid: UUID) -> ResponseReturnValue:
    task = fetch.task_to_keep(uuid)
    try:
        until_on = _date(request.form.get("until", ""))
        task_hands.snooze(db(), task, until_on, request.form.get("because", ""), me(), now())
    except Refused as refusal:
        db().rollback()
        return task_page.page(fetch.task(uuid), Typed(problems=refusal.problems)), 422
    _offer_undo("snooze", uuid)
    flash("Snoozed. It comes back to you on its date.")
    return redirect(url_for("work.following", after=uuid), 303)


@blueprint.post("/tasks/<uuid:uuid>/escalation")
@needs(Action.ANSWER_TASKS)
def escalate(uuid: UUID) -> ResponseReturnValue:
    task = fetch.task_to_keep(uuid)
    because = request.form.get("because", "").strip()
    if not because:
        problems = Refused.of("because", "Say what the supervisor should know.").problems
        return task_page.page(fetch.task(uuid), Typed(problems=problems)), 422
    task_dates.escalate(db(), task, because, now(), me())
    return _back(uuid, "A supervisor is told. Nothing is decided by it.")


@blueprint.post("/tasks/<uuid:uuid>/assignee")
@needs(Action.MOVE_TASKS)
def reassign(uuid: UUID) -> ResponseReturnValue:
    task = fetch.task_to_move(uuid)
    to = db().get(User, request.form.get("to", type=int) or 0)
    if to is None or not to.is_active:
        raise Refused.of("to", "Choose a person.")
    task_hands.reassign(db(), task, to, me(), now())
    return _back(uuid, f"Given to {to.full_name}.")


def _answer(task: Task) -> dict[str, list[str]]:
    """What was typed, with the masks of the page read as what they stand for."""
    answer = as_answer(request.form)
    if task.status is not TaskStatus.OPEN or not identifiers.holds_mask(answer):
        return answer
    return identifiers.restored(answer, answers.question(db(), task))


def _offer_undo(did: str, uuid: UUID) -> None:
    offer_undo(did, [uuid], back=url_for("tasks.show", uuid=uuid))


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
