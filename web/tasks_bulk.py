"""One act on several selected tasks: each is checked as if it were the only one, what may not be
done is named with its reason, and an act that asks something or changes many is shown first."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework.refusals import Forbidden, Refused
from db.queries import web_tasks
from web import bulk_outcomes, done
from web.access import Action, may, needs
from web.answer_form import Typed
from web.bulk_outcomes import AT_ONCE_MAX, NAMED_MAX, Act, Details, Outcome
from web.context import db, me, now
from web.done import Left
from web.forms import Reader, own_path
from web.presenters import plural

bulk = Blueprint("bulk", __name__)

TASKS_MAX = 200
SNOOZE_DAYS = 3
# What became of the tasks, as the next page says it.
DID = {
    Act.CLAIM: "claimed",
    Act.RELEASE: "released",
    Act.SNOOZE: "put off",
    Act.WAKE: "awake again",
    Act.ASSIGN: "given to somebody else",
}


@bulk.post("/tasks/selected")
@needs(Action.ANSWER_TASKS)
def act() -> ResponseReturnValue:
    does = _asked_for()
    details = _stand_in()
    outcomes = bulk_outcomes.of_each(does, _chosen(), details)
    if does in (Act.SNOOZE, Act.ASSIGN) or len(_done(outcomes)) > AT_ONCE_MAX:
        db().rollback()
        return _rehearsed(does, outcomes, Typed())
    return _told(does, outcomes)


@bulk.post("/tasks/selected/confirmed")
@needs(Action.ANSWER_TASKS)
def confirmed() -> ResponseReturnValue:
    does = _asked_for()
    try:
        outcomes = bulk_outcomes.of_each(does, _chosen(), _details(does))
        _require_count(len(_done(outcomes)))
    except Refused as refusal:
        db().rollback()
        form = Typed(values=request.form.to_dict(flat=False), problems=refusal.problems)
        outcomes = bulk_outcomes.of_each(does, _chosen(), _stand_in())
        db().rollback()
        return _rehearsed(does, outcomes, form), 422
    return _told(does, outcomes)


@bulk.post("/tasks/undone")
@needs(Action.ANSWER_TASKS)
def undo() -> ResponseReturnValue:
    """The step that makes up for what was just done; it is checked and recorded as any other."""
    does = _asked_for()
    if does not in done.TAKEN_BACK_BY.values():
        raise Refused.of("do", "This cannot be taken back with one step.")
    return _told(does, bulk_outcomes.of_each(does, _chosen(), _stand_in()))


def _asked_for() -> Act:
    does = request.form.get("do", "")
    if does not in list(Act):
        raise Refused.of("do", "Choose what to do with the selected tasks.")
    if does == Act.ASSIGN and not may(me().role, Action.MOVE_TASKS):
        raise Forbidden("Only a supervisor gives a task to somebody else.")
    return Act(does)


def _chosen() -> list[UUID]:
    # In one order for everybody, so that two people who select the same rows never block each
    # other.
    return sorted(set(request.form.getlist("task", type=UUID)))[:TASKS_MAX]


def _stand_in() -> Details:
    """For a rehearsal, before anybody has said until when, why and to whom."""
    return Details(until_on=now().business_days(SNOOZE_DAYS), because="rehearsed", to=me())


def _details(does: Act) -> Details:
    reader, details = Reader(request.form), _stand_in()
    until_on, because, to = details.until_on, details.because, details.to
    if does is Act.SNOOZE:
        until_on = reader.date("until", "Give a date")
        because = reader.text("because", "Say why these can wait.", most=200)
    if does is Act.ASSIGN:
        because = reader.text("because", "Say why; it stands in the log of each.", most=200)
        chosen = web_tasks.person(db(), request.form.get("to", type=int) or 0)
        if chosen is None:
            reader.refuse("to", "Choose a person.")
        to = chosen or to
    reader.done()
    return Details(until_on=until_on, because=because, to=to)


def _require_count(number: int) -> None:
    """Counted again at the press; another number than was shown changes nothing."""
    if number > AT_ONCE_MAX and request.form.get("count", "").strip() != str(number):
        words = f"Type {number}: that is how many it would be now."
        raise Refused.of("count", words, str(number))


def _rehearsed(does: Act, outcomes: Sequence[Outcome], form: Typed) -> str:
    able = _done(outcomes)
    queues = frozenset(outcome.queue for outcome in able if outcome.queue)
    return render_template(
        "work/rehearsal.html",
        does=does,
        did=DID[does],
        outcomes=outcomes,
        able=able,
        cents=sum(outcome.cents for outcome in able),
        left=_left(outcomes),
        named_max=NAMED_MAX,
        form=form,
        is_counted=len(able) > AT_ONCE_MAX,
        people=[(one.id, one.full_name) for one in web_tasks.colleagues_of_all(db(), queues)],
        until_on=now().business_days(SNOOZE_DAYS),
        back=_back(),
    )


def _told(does: Act, outcomes: Sequence[Outcome]) -> ResponseReturnValue:
    able = _done(outcomes)
    flash(f"{plural(len(able), 'task')} {DID[does]}." if able else "Nothing was changed.")
    done.offer_undo(does, [outcome.uuid for outcome in able], back=_back())
    done.tell_left(_left(outcomes))
    return redirect(_back(), 303)


def _done(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.refusal is None]


def _left(outcomes: Sequence[Outcome]) -> list[Left]:
    return [
        Left(uuid=str(outcome.uuid), title=outcome.title, because=outcome.refusal)
        for outcome in outcomes
        if outcome.refusal is not None
    ]


def _back() -> str:
    return own_path(request.form.get("back")) or url_for("work.mine")
