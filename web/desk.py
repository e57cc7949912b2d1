"""The front desk at an encounter: a copay is taken, and a check comes back, once however often the
form is sent."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from casework import audit, discharges, patients
from casework.patients.receipts import receive_payment
from casework.refusals import Refused
from db.models import Encounter, Receipt, Task
from domain.money import dollars
from domain.tasks import TaskKind, TaskStatus
from web import encounters, fetch
from web.access import Action, needs
from web.answer_form import typed
from web.context import db, me, now
from web.forms import Reader, date_of

desk = Blueprint("desk", __name__)

KINDS = {"copay": "Cash", "card": "Card", "check": "Check"}
COPAY_CENTS_MAX = 1_000_000


@desk.post("/encounters/<uuid:uuid>/copay")
@needs(Action.TAKE_COPAY)
def copay(uuid: UUID) -> ResponseReturnValue:
    row = fetch.encounter(uuid, words="took a copay")
    try:
        said = _take(row)
    except Refused as refusal:
        db().rollback()
        return encounters.page(fetch.encounter(uuid), typed(request.form, refusal)), 422
    flash(said)
    return redirect(url_for("encounters.show", uuid=uuid) + "#money", 303)


@desk.post("/encounters/<uuid:uuid>/receipts/<int:receipt_id>/return")
@needs(Action.RECORD_RETURNS)
def returned(uuid: UUID, receipt_id: int) -> ResponseReturnValue:
    row = fetch.encounter(uuid, words="recorded a returned check")
    receipt = _receipt_of(row, receipt_id)
    returned_on = date_of(request.form, "returned_on")
    contra = patients.record_return(db(), receipt, returned_on, now(), by=me())
    flash(
        f"Check {receipt.check_no} is taken back: {dollars(receipt.cents)} is owed again, with a "
        "fee about which a biller is asked."
        if contra
        else "This check had come back already, once."
    )
    return redirect(url_for("encounters.show", uuid=uuid) + "#money", 303)


@desk.post("/encounters/<uuid:uuid>/discharge")
@needs(Action.RECORD_DISCHARGE)
def discharged(uuid: UUID) -> ResponseReturnValue:
    row = fetch.encounter(uuid, words="recorded a discharge")
    on = date_of(request.form, "discharged_on")
    discharges.record(db(), row, on, by=me(), now=now())
    flash("Recorded. The visits of this stay are billed when their charges are there.")
    return redirect(url_for("encounters.show", uuid=uuid), 303)


def _take(row: Encounter) -> str:
    reader = Reader(request.form)
    cents, kind = reader.cents("amount"), reader.one_of("kind", KINDS)
    check_no = reader.text("check_no", "Give the check's number." if kind == "check" else None)
    once = reader.text("once", "Open the page again: this form is not ours.", most=40)
    if cents > COPAY_CENTS_MAX:
        reader.refuse("amount", "A payment at the desk is at most $10,000.00.")
    reader.done()
    taken = receive_payment(
        db(), row.guarantor, cents, kind, now().today, f"desk:{once}", now(),
        by=me(), encounter=row, check_no=check_no or None,
    )  # fmt: skip
    if taken is None:
        return "This payment had been taken already, once."
    audit.record(
        db(), me(), "took a payment", "encounter", str(row.uuid),
        patient_id=row.patient_id, words=f"{kind} {dollars(cents)}",
    )  # fmt: skip
    return f"{dollars(cents)} taken."


def _receipt_of(row: Encounter, receipt_id: int) -> Receipt:
    """Of the one who pays for this encounter, and of nobody else."""
    receipt = db().get(Receipt, receipt_id)
    if receipt is None or receipt.guarantor_id != row.guarantor_id:
        abort(404, description="No such check was received for this encounter.")
    return receipt


@desk.get("/encounters/<uuid:uuid>/charges")
@needs(Action.ENTER_CHARGES)
def charges(uuid: UUID) -> ResponseReturnValue:
    """Codes and charges are entered where they are checked: in the encounter's coding task."""
    row = fetch.encounter(uuid, words="went to the charges")
    task = db().scalar(
        select(Task.uuid).where(
            Task.encounter_id == row.id,
            Task.kind == TaskKind.CODING_REVIEW,
            Task.status == TaskStatus.OPEN,
        )
    )
    if task is None:
        abort(404, description="No coding task is open here: the codes are kept, or not due yet.")
    return redirect(url_for("tasks.show", uuid=task), 303)
