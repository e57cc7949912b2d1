"""The practice as its claims name it: where payers send money, and the number of each location's
laboratory. A change stands on the claims that go out next."""

import re

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from casework import addresses, audit
from casework.refusals import Refused
from db.models import BillingEntity, Location
from domain import states
from web.access import Action, needs
from web.answer_form import Typed
from web.context import db, me
from web.forms import Reader

practice = Blueprint("practice", __name__, url_prefix="/practice")

LISTED_MAX = 500
ZIP_DIGITS = 9
_CLIA = re.compile(r"[0-9]{2}D[0-9]{7}")


@practice.get("")
@needs(Action.READ_MASTER_DATA)
def show() -> str:
    return _page(Typed(), None)


@practice.post("/pay-to/<int:entity_id>")
@needs(Action.KEEP_MASTER_DATA)
def pay_to(entity_id: int) -> ResponseReturnValue:
    row = db().get(BillingEntity, entity_id)
    if row is None:
        abort(404)
    try:
        row.pay_to = _address()
    except Refused as refusal:
        db().rollback()
        typed = Typed(values=dict(request.form.lists()), problems=refusal.problems)
        return _page(typed, entity_id), 422
    audit.record(db(), me(), "changed", "billing entity", row.npi, words="pay-to address")
    flash("Saved. It stands on the claims that go out next.")
    return redirect(url_for("practice.show"), 303)


@practice.post("/laboratory/<int:location_id>")
@needs(Action.KEEP_MASTER_DATA)
def laboratory(location_id: int) -> ResponseReturnValue:
    row = db().get(Location, location_id)
    if row is None:
        abort(404)
    number = request.form.get("clia", "").strip().upper()
    if number and not _CLIA.fullmatch(number):
        raise Refused.of("clia", "A CLIA number is two digits, the letter D and seven digits.")
    row.clia_number = number or None
    audit.record(db(), me(), "changed", "location", str(row.id), words=f"CLIA {number or 'none'}")
    flash("Saved. It stands on the laboratory lines of claims that go out next.")
    return redirect(url_for("practice.show"), 303)


def _address() -> dict[str, str] | None:
    """None where all is left empty: money then comes to the street."""
    reader = Reader(request.form)
    typed = {name: reader.text(name, most=55) for name in ("street", "city", "state", "zip")}
    if not any(typed.values()):
        return None
    address = addresses.keep(
        street=typed["street"], city=typed["city"], state=typed["state"], zip_code=typed["zip"]
    )
    for name, key in (("street", "line1"), ("city", "city")):
        if not address[key]:
            reader.refuse(name, f"Give the {name}.")
    if not states.is_state(address["state"]):
        reader.refuse("state", states.REFUSAL)
    if len(address["postal_code"]) != ZIP_DIGITS:
        reader.refuse("zip", "Give all nine digits of the ZIP code.")
    reader.done()
    return address


def _page(form: Typed, of: int | None) -> str:
    entities = select(BillingEntity).order_by(BillingEntity.id).limit(LISTED_MAX)
    locations = select(Location).order_by(Location.name, Location.id).limit(LISTED_MAX)
    return render_template(
        "practice/show.html",
        form=form,
        of=of,
        entities=db().scalars(entities).all(),
        locations=db().scalars(locations).all(),
    )
