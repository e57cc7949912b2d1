"""Who bills and where, kept by an administrator: facilities, the places of service, and for which
of these a facility bills."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import addresses, bills
from casework import locations as kept
from casework.bills import BillerSaid
from casework.locations import PlaceSaid
from casework.refusals import Refused
from codesets import places
from db.models import BillingEntity, Location
from web.access import Action, needs
from web.answer_form import Typed, typed
from web.context import db, me
from web.forms import Reader

locations = Blueprint("locations", __name__, url_prefix="/practice")

SAVED = "Saved. It holds for what is coded and sent from now on."


@locations.get("/locations/new")
@needs(Action.KEEP_MASTER_DATA)
def begin() -> str:
    return _place(None, Typed())


@locations.post("/locations")
@needs(Action.KEEP_MASTER_DATA)
def add() -> ResponseReturnValue:
    return _keep_place(None)


@locations.get("/locations/<int:location_id>")
@needs(Action.READ_MASTER_DATA)
def show(location_id: int) -> str:
    return _place(_location(location_id), Typed())


@locations.post("/locations/<int:location_id>")
@needs(Action.KEEP_MASTER_DATA)
def change(location_id: int) -> ResponseReturnValue:
    return _keep_place(_location(location_id))


@locations.get("/billers/new")
@needs(Action.KEEP_MASTER_DATA)
def begin_biller() -> str:
    return _biller(None, Typed())


@locations.post("/billers")
@needs(Action.KEEP_MASTER_DATA)
def add_biller() -> ResponseReturnValue:
    return _keep_biller(None)


@locations.get("/billers/<int:entity_id>")
@needs(Action.READ_MASTER_DATA)
def show_biller(entity_id: int) -> str:
    return _biller(_entity(entity_id), Typed())


@locations.post("/billers/<int:entity_id>")
@needs(Action.KEEP_MASTER_DATA)
def change_biller(entity_id: int) -> ResponseReturnValue:
    return _keep_biller(_entity(entity_id))


def _keep_place(row: Location | None) -> ResponseReturnValue:
    try:
        saved = kept.keep(db(), row, _said(), by=me())
    except Refused as refusal:
        db().rollback()
        return _place(row, typed(request.form, refusal)), 422
    flash(SAVED)
    return redirect(url_for("locations.show", location_id=saved.id), 303)


def _keep_biller(row: BillingEntity | None) -> ResponseReturnValue:
    try:
        bills.keep(db(), row, _biller_said(), by=me())
    except Refused as refusal:
        db().rollback()
        return _biller(row, typed(request.form, refusal)), 422
    flash(SAVED)
    return redirect(url_for("practice.show"), 303)


def _said() -> PlaceSaid:
    reader = Reader(request.form)
    facility = reader.text("facility_id", most=12)
    said = PlaceSaid(
        name=reader.text("name"),
        place_of_service=reader.text("place_of_service", most=2),
        npi=reader.text("npi", most=20) or None,
        address=_address(reader),
        facility_id=int(facility) if facility.isascii() and facility.isdigit() else None,
        type_of_bill=reader.text("type_of_bill", most=2) or None,
        facility_from=reader.date_if_any("facility_from"),
        facility_to=reader.date_if_any("facility_to"),
    )
    reader.done()
    return said


def _biller_said() -> BillerSaid:
    reader = Reader(request.form)
    said = BillerSaid(
        name=reader.text("name").upper(),
        npi=reader.text("npi", most=20),
        tax_id=_digits(reader.text("tax_id", most=20)),
        taxonomy=reader.text("taxonomy", most=20).upper(),
        contact_name=reader.text("contact_name").upper(),
        phone=_digits(reader.text("phone", most=30)),
        address=_address(reader),
    )
    reader.done()
    return said


def _address(reader: Reader) -> dict[str, str]:
    return addresses.keep(
        street=reader.text("street", most=55),
        street_2=reader.text("street_2", most=55),
        city=reader.text("city", most=30),
        state=reader.text("state", most=55),
        zip_code=reader.text("zip", most=20),
    )


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _place(row: Location | None, form: Typed) -> str:
    return render_template(
        "practice/location.html",
        location=row,
        form=form,
        places=places.choices().items(),
        facilities=[(each.id, each.name) for each in bills.facilities(db())],
        changes=kept.changes(db(), row) if row else (),
    )


def _biller(row: BillingEntity | None, form: Typed) -> str:
    return render_template("practice/biller.html", entity=row, form=form)


def _location(location_id: int) -> Location:
    return db().get(Location, location_id) or abort(404)


def _entity(entity_id: int) -> BillingEntity:
    return db().get(BillingEntity, entity_id) or abort(404)
