"""The supervisor's list of what stands still: why as a sentence, for how long, how much money waits
there; and retry, hold, release and reassign, first as a dry run."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import holds, stuck, tasks
from casework.holds import HoldScope
from casework.refusals import Refused
from db.models import Hold, Task, User
from db.queries import web_stuck, web_tasks
from db.queries.web_stuck import Cause, Stuck
from domain.tasks import Role
from web.access import Action, needs
from web.answer_form import Typed
from web.context import db, me, now
from web.forms import Reader, date_of
from web.presenters import stage_words

blueprint = Blueprint("stuck", __name__, url_prefix="/stuck")

AGES = ((3, "up to 3 days"), (7, "4–7"), (14, "8–14"), (30, "15–30"), (100_000, "over 30"))
ROWS_SHOWN = 200
DOES = {"retry": "Retry", "hold": "Hold", "release": "Release", "assign": "Reassign"}
# From how many encounters on a cell of the heat table is darker.
HEAT = (1, 3, 8, 15)


@dataclass(frozen=True, kw_only=True)
class Row:
    stuck: Stuck
    stage: str
    days: int
    age: int
    cents: int


@dataclass(frozen=True, kw_only=True)
class HeatRow:
    stage: str
    cells: tuple[tuple[int, int], ...]
    total: int
    cents: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an action would do to one row; `refusal` says why it would not."""

    row: Row
    refusal: str | None


@blueprint.get("")
@needs(Action.READ_STUCK)
def show() -> ResponseReturnValue:
    rows = _rows()
    shown = [row for row in rows if _is_asked_for(row)]
    return render_template(
        "stuck/list.html",
        rows=shown[:ROWS_SHOWN],
        shown_count=len(shown),
        shown_cents=sum(row.cents for row in shown),
        total=len(rows),
        total_cents=sum(row.cents for row in rows),
        heat=_heat(rows),
        ages=AGES,
        causes=_causes(rows),
        args=request.args,
    )


@blueprint.post("/preview")
@needs(Action.STEER)
def preview() -> ResponseReturnValue:
    """The dry run: what would happen to each, counted; nothing is done yet."""
    return _preview(Typed())


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
        return _preview(Typed(values=request.form.to_dict(False), problems=refusal.problems)), 422
    flash(f"{DOES[does]}: {len(doable)} done, {len(outcomes) - len(doable)} left alone.")
    return redirect(url_for("stuck.show"), 303)


def _preview(form: Typed) -> str:
    does, outcomes = _outcomes()
    doable = [outcome for outcome in outcomes if outcome.refusal is None]
    queues = {o.row.stuck.task.queue for o in doable if o.row.stuck.task}
    return render_template(
        "stuck/preview.html",
        does=does,
        name=DOES[does],
        outcomes=outcomes,
        doable=len(doable),
        cents=sum(outcome.row.cents for outcome in doable),
        refused=Counter(outcome.refusal for outcome in outcomes if outcome.refusal),
        form=form,
        people=[(p.id, p.full_name) for p in _colleagues(queues)],
        until_on=now().business_days(5),
    )


def _rows() -> list[Row]:
    """Most money first."""
    found = web_stuck.all_of(db(), now().at, now().today)
    ids = [row.encounter.id for row in found if row.encounter]
    money = web_stuck.money(db(), ids)
    rows = [_row(row, money.get(row.encounter.id, 0) if row.encounter else 0) for row in found]
    return sorted(rows, key=lambda row: (-row.cents, row.stuck.past_since, row.stuck.subject))


def _row(found: Stuck, cents: int) -> Row:
    # A failing step is dated by the real clock, everything else by the business clock.
    then = now().real if found.cause is Cause.FAILURE else now().at
    days = max((then - found.past_since).days, 0)
    stage = found.encounter.stage.value if found.encounter else found.subject.split(":")[0]
    cents = cents or (found.task.amount_cents if found.task else 0)
    age = next(n for n, (limit, _) in enumerate(AGES) if days <= limit)
    return Row(stuck=found, stage=stage, days=days, age=age, cents=cents)


def _is_asked_for(row: Row) -> bool:
    stage, age, cause = (request.args.get(name) for name in ("stage", "age", "cause"))
    return (
        (not stage or row.stage == stage)
        and (not age or str(row.age) == age)
        and (not cause or row.stuck.cause.name == cause)
    )


def _heat(rows: Sequence[Row]) -> list[HeatRow]:
    stages = sorted({row.stage for row in rows}, key=stage_words)
    return [_heat_row(stage, [row for row in rows if row.stage == stage]) for stage in stages]


def _heat_row(stage: str, rows: Sequence[Row]) -> HeatRow:
    counts = Counter(row.age for row in rows)
    return HeatRow(
        stage=stage,
        cells=tuple((counts[n], sum(counts[n] >= step for step in HEAT)) for n in range(len(AGES))),
        total=len(rows),
        cents=sum(row.cents for row in rows),
    )


def _causes(rows: Sequence[Row]) -> list[tuple[Cause, int, int]]:
    found = []
    for cause in Cause:
        of_it = [row.cents for row in rows if row.stuck.cause is cause]
        if of_it:
            found.append((cause, len(of_it), sum(of_it)))
    return found


def _outcomes() -> tuple[str, list[Outcome]]:
    does = request.form.get("do", "")
    if does not in DOES:
        raise Refused.of("do", "Choose what to do with the selected ones.")
    chosen = set(request.form.getlist("subject"))
    rows = [row for row in _rows() if row.stuck.subject in chosen]
    return does, [Outcome(row=row, refusal=_refusal(does, row.stuck)) for row in rows]


def _refusal(does: str, row: Stuck) -> str | None:
    if does == "assign" and row.task is None:
        return "Left alone: no task of a person is open"
    if does == "hold" and row.encounter is None:
        return "Left alone: only encounters can be held"
    if does == "hold" and row.hold_id is not None:
        return "Left alone: held already"
    if does == "release" and row.hold_id is None:
        return "Left alone: not held"
    if does == "retry" and row.hold_id is not None:
        return "Left alone: held on purpose"
    return None


def _confirm(count: int) -> None:
    """Counted again at the press; another number than was shown changes nothing."""
    reader = Reader(request.form)
    reader.text("reason", "Say why; it stands in the story of each.")
    if request.form.get("count", "").strip() != str(count):
        reader.refuse("count", f"Type {count}: that is how many it would be now.", str(count))
    reader.done()


def _do(does: str, row: Row) -> None:
    found, person, moment = row.stuck, me(), now()
    match does:
        case "retry":
            stuck.retry(db(), found.subject, by=person, now=moment)
        case "hold":
            assert found.encounter is not None
            scope, until_on = (
                HoldScope(encounter_id=found.encounter.id),
                date_of(request.form, "until"),
            )
            holds.hold(db(), scope, request.form["reason"], until_on, by=person, now=moment)
        case "release":
            holds.release(db(), db().get_one(Hold, found.hold_id), by=person, now=moment)
        case _:
            _reassign(found.task)


def _reassign(task: Task | None) -> None:
    to = db().get(User, request.form.get("to", type=int) or 0)
    if task is None or to is None:
        raise Refused.of("to", "Choose a person.")
    tasks.reassign(db(), task, to, me(), now())


def _colleagues(queues: set[Role]) -> Sequence[User]:
    """Who works in every one of these queues: with several, only supervisors do."""
    return web_tasks.colleagues(db(), queues.pop() if len(queues) == 1 else Role.SUPERVISOR)
