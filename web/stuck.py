"""The supervisor's list of what stands still: why as a sentence, for how long, how much money waits
there; and retry, hold, release and reassign, first as a rehearsal."""

from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import holds, stuck, task_hands
from casework.holds import HoldScope
from casework.refusals import Refused
from db.models import Hold, Task
from db.queries import web_tasks
from db.queries.web_stuck import Stuck
from web.access import Action, needs
from web.answer_form import Typed
from web.bulk_outcomes import AT_ONCE_MAX, NAMED_MAX
from web.context import db, me, now
from web.forms import Reader, date_of
from web.stuck_table import AGES, Row, all_rows, asked_in_words, causes, heat, is_asked_for

blueprint = Blueprint("stuck", __name__, url_prefix="/stuck")

ROWS_SHOWN = 200
SYSTEM = "system:"
DOES = {"retry": "Retry", "hold": "Hold", "release": "Release", "assign": "Reassign"}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an action would do to one row; `refusal` says why it would not."""

    row: Row
    refusal: str | None


@blueprint.get("")
@needs(Action.READ_STUCK)
def show() -> ResponseReturnValue:
    rows = all_rows()
    shown = [row for row in rows if is_asked_for(row)]
    return render_template(
        "stuck/list.html",
        rows=shown[:ROWS_SHOWN],
        shown_count=len(shown),
        shown_cents=sum(row.cents for row in shown),
        total=len(rows),
        total_cents=sum(row.cents for row in rows),
        heat=heat(rows),
        ages=AGES,
        causes=causes(rows),
        args=request.args,
        asked=asked_in_words(),
        looked_at=now().at,
    )


@blueprint.post("/rehearsal")
@needs(Action.STEER)
def rehearse() -> ResponseReturnValue:
    """The rehearsal: what would happen to each, counted; nothing is done yet."""
    return _rehearsal(Typed())


@blueprint.post("/actions")
@needs(Action.STEER)
def act() -> ResponseReturnValue:
    does, outcomes = _outcomes()
    doable = [outcome.row for outcome in outcomes if outcome.refusal is None]
    try:
        _confirm(len(doable))
        for row in doable:
            _do(does, row)
    except Refused as refusal:
        db().rollback()
        return _rehearsal(Typed(values=request.form.to_dict(False), problems=refusal.problems)), 422
    flash(f"{DOES[does]}: {len(doable)} done, {len(outcomes) - len(doable)} left alone.")
    return redirect(url_for("stuck.show"), 303)


def _rehearsal(form: Typed) -> str:
    does, outcomes = _outcomes()
    doable = [outcome for outcome in outcomes if outcome.refusal is None]
    queues = frozenset(o.row.stuck.task.queue for o in doable if o.row.stuck.task)
    return render_template(
        "stuck/rehearsal.html",
        does=does,
        name=DOES[does],
        outcomes=outcomes,
        doable=[outcome.row for outcome in doable],
        named_max=NAMED_MAX,
        is_counted=len(doable) > AT_ONCE_MAX,
        cents=sum(outcome.row.cents for outcome in doable),
        refused=Counter(outcome.refusal for outcome in outcomes if outcome.refusal),
        form=form,
        people=[(p.id, p.full_name) for p in web_tasks.colleagues_of_all(db(), queues)],
        until_on=now().business_days(5),
    )


def _outcomes() -> tuple[str, list[Outcome]]:
    does = request.form.get("do", "")
    if does not in DOES:
        raise Refused.of("do", "Choose what to do with the selected ones.")
    chosen = set(request.form.getlist("subject"))
    rows = [row for row in all_rows() if row.stuck.subject in chosen]
    return does, [Outcome(row=row, refusal=_refusal(does, row.stuck)) for row in rows]


def _refusal(does: str, row: Stuck) -> str | None:
    if does == "assign" and row.task is None:
        return "Left alone: no task of a person is open"
    if does == "hold" and row.encounter is None:
        return "Left alone: only encounters can be held"
    if does == "hold" and row.hold_id is not None:
        return "Left alone: held already"
    match does:
        case "release":
            return _kept_held(row)
        case "retry":
            return _not_retried(row)
        case _:
            return None


def _not_retried(row: Stuck) -> str | None:
    if row.subject.startswith(SYSTEM):
        return "Left alone: it is tried all the time; its words say what to mend"
    return "Left alone: held on purpose" if row.hold_id is not None else None


def _kept_held(row: Stuck) -> str | None:
    if row.hold_id is None:
        return "Left alone: not held"
    if row.is_wide:
        return "This hold is wider than the row: release it on an encounter's page"
    return None


def _confirm(count: int) -> None:
    """Counted again at the press; another number than was shown changes nothing."""
    reader = Reader(request.form)
    reader.text("reason", "Say why; it stands in the story of each.")
    if request.form.get("count", "").strip() != str(count):
        reader.refuse("count", *_recount(count))
    reader.done()


def _recount(count: int) -> tuple[str, str | None]:
    """The words, and the number to type where it is typed."""
    if count > AT_ONCE_MAX:
        return f"Type {count}: that is how many it would be now.", str(count)
    return f"It would be {count} now: look again, then confirm.", None


def _do(does: str, row: Row) -> None:
    found, person, moment = row.stuck, me(), now()
    because = request.form["reason"]
    match does:
        case "retry":
            stuck.retry(db(), found.subject, by=person, now=moment, because=because)
        case "hold":
            assert found.encounter is not None
            scope, until_on = (
                HoldScope(encounter_id=found.encounter.id),
                date_of(request.form, "until"),
            )
            holds.hold(db(), scope, because, until_on, by=person, now=moment)
        case "release":
            row_held = db().get_one(Hold, found.hold_id)
            holds.release(db(), row_held, by=person, now=moment, because=because)
        case _:
            _reassign(found.task, because)


def _reassign(task: Task | None, because: str) -> None:
    to = web_tasks.person(db(), request.form.get("to", type=int) or 0)
    if task is None or to is None:
        raise Refused.of("to", "Choose a person.")
    task_hands.reassign(db(), task, to, me(), now(), because)
