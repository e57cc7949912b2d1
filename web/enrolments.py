"""On a payer's page: which transaction sets it takes from us, and through which route."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from casework import audit, batch_waits, enrolment_keeping, subjects
from casework import enrolments as kept
from casework import routes as known_routes
from casework.refusals import Refused
from db.models import Payer, PayerRoute
from web.access import Action, needs
from web.context import db, me, now

enrolments = Blueprint("enrolments", __name__, url_prefix="/payers")

NOTE_MAX = 200


@enrolments.post("/<payer_no>/enrolments")
@needs(Action.KEEP_MASTER_DATA)
def keep(payer_no: str) -> ResponseReturnValue:
    """Only what was changed is told; a set without a status needs no enrolment."""
    payer = _payer(payer_no)
    there = kept.of_payer(db(), payer)
    for kind in kept.SETS:
        status = request.form.get(f"status-{kind}", "")
        note = request.form.get(f"note-{kind}", "").strip()[:NOTE_MAX]
        if status not in kept.WORDS:
            continue
        row = there.get(kind)
        if row is None or (row.status, row.note) != (status, note):
            enrolment_keeping.put(db(), payer, kind, status, now(), me(), note)
    flash("Saved. What waits for an enrolment goes with the next batch once the payer takes it.")
    return redirect(url_for("payers.show", payer_no=payer_no) + "#enrolments", 303)


@enrolments.post("/<payer_no>/routes")
@needs(Action.KEEP_MASTER_DATA)
def choose_routes(payer_no: str) -> ResponseReturnValue:
    """What is queued goes with the next batch of the route that is chosen now."""
    payer = _payer(payer_no)
    for row in (
        db()
        .scalars(
            select(PayerRoute)
            .where(PayerRoute.payer_id == payer.id, PayerRoute.channel == "edi")
            .order_by(PayerRoute.transaction_kind)
        )
        .all()
    ):
        name = request.form.get(f"route-{row.transaction_kind}", row.route)
        if name != row.route:
            _lead(payer, row, name)
    flash("Saved. What is queued goes with the next batch of its route.")
    return redirect(url_for("payers.show", payer_no=payer_no) + "#routes", 303)


def _lead(payer: Payer, row: PayerRoute, name: str) -> None:
    if known_routes.find(db(), name) is None:
        raise Refused.of(f"route-{row.transaction_kind}", "Choose a route of the list.")
    row.route = name
    db().flush()
    words = f"{row.transaction_kind} goes to {name}"
    audit.record(db(), me(), "changed", "payer", payer.payer_no, words=words)
    batch_waits.say(db(), name, now())
    subjects.touch(db(), subjects.batch_key(name), now(), is_open=False)
    subjects.wake(db(), subjects.batch_key(name))


def _payer(payer_no: str) -> Payer:
    row = db().scalars(select(Payer).where(Payer.payer_no == payer_no)).one_or_none()
    if row is None:
        abort(404)
    return row
