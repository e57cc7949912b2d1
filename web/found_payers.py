"""A payer found after the patient was billed: one of the patient's known coverages, or one that is
read off the card now. It is then billed for what the patient was asked for."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import coverage_found
from casework.refusals import Refused
from db.models import Encounter
from domain.money import dollars
from web import coverage_fields, fetch
from web.access import Action, needs
from web.answer_form import Typed, typed
from web.context import db, me, now
from web.forms import Reader

found_payers = Blueprint("found_payers", __name__, url_prefix="/encounters/<uuid:uuid>/payer")

NEW = "new"


@found_payers.get("")
@needs(Action.BILL_PAYERS)
def begin(uuid: UUID) -> str:
    return _page(fetch.encounter(uuid, words="looked for another payer"), Typed())


@found_payers.post("")
@needs(Action.BILL_PAYERS)
def bill(uuid: UUID) -> ResponseReturnValue:
    row = fetch.encounter(uuid, words="billed another payer")
    try:
        payer, moved = _bill(row)
    except Refused as refusal:
        db().rollback()
        return _page(fetch.encounter(uuid), typed(request.form, refusal)), 422
    flash(f"{payer} is billed for {dollars(moved)}; the patient is asked for nothing meanwhile.")
    return redirect(url_for("encounters.show", uuid=uuid) + "#claims", 303)


def _bill(row: Encounter) -> tuple[str, int]:
    """Who is billed, and the cents."""
    known = {str(one.id): one for one in coverage_found.choices(db(), row)}
    reader = Reader(request.form)
    choice = reader.one_of("coverage", known | {NEW: None})
    if choice in known:
        coverage = known[choice]
        moved = coverage_found.bill(db(), row, coverage, by=me(), now=now())
        return coverage.plan.payer.name, moved
    charted = coverage_fields.read(reader)
    if charted is None:
        reader.refuse("payer", "Choose the payer that the card names.")
    reader.done()
    assert charted is not None
    return charted.payer_name, coverage_found.bill_new(db(), row, charted, by=me(), now=now())


def _page(row: Encounter, form: Typed) -> str:
    return render_template(
        "encounters/payer.html",
        encounter=row,
        form=form,
        is_possible=coverage_found.is_possible(db(), row),
        asked_cents=coverage_found.asked_cents(db(), row),
        known=coverage_found.choices(db(), row),
        new=NEW,
        payers=coverage_fields.payers(),
        relations=coverage_fields.RELATIONS,
        second=coverage_fields.SECOND,
    )
