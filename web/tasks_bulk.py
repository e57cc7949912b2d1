"""One action on several selected tasks of a queue; each is checked as if it were the only one."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from casework import tasks
from casework.refusals import Refused, Stale
from db.models import Task
from web import fetch
from web.access import Action, needs
from web.context import db, me, now

bulk = Blueprint("bulk", __name__)

TASKS_MAX = 200
DOES = {"claim": "claimed", "release": "released"}


@bulk.post("/tasks/selected")
@needs(Action.ANSWER_TASKS)
def act() -> ResponseReturnValue:
    does = request.form.get("do", "")
    if does not in DOES:
        raise Refused.of("do", "Choose what to do with the selected tasks.")
    chosen = request.form.getlist("task", type=UUID)[:TASKS_MAX]
    # In one order for everybody, so that two people who select the same rows never block each
    # other.
    done = [_one(does, fetch.task_to_answer(uuid)) for uuid in sorted(chosen)]
    left = f", {done.count(False)} left alone: somebody has them" if False in done else ""
    flash(f"{done.count(True)} {DOES[does]}{left}.")
    return redirect(url_for("work.mine"), 303)


def _one(does: str, task: Task) -> bool:
    with db().begin_nested():
        try:
            if does == "claim":
                tasks.take(db(), task, me(), now())
            else:
                tasks.release(db(), task, me(), now())
        except Stale:
            return False
    return True
