"""A late charge, found after its claim was sent: entered at the encounter, with how it reaches the
payer."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import facility_facts, late_billing, late_charges, late_joining
from casework.late_charges import Late
from casework.late_facility_charges import FacilityLate
from casework.refusals import Refused
from db.models import ChargeLine, Encounter
from db.queries import web_encounters
from domain import stay_codes
from domain.corrections import LateCharging
from web import fetch
from web.access import Action, needs
from web.answer_form import Typed
from web.context import db, me, now
from web.forms import Reader

blueprint = Blueprint("late_charges", __name__, url_prefix="/encounters")

WAYS = {
    LateCharging.JOINS.value: "When the payer has decided: on a replacement of its claim where it"
    " takes one, else on a claim for this line alone",
    LateCharging.ALONE.value: "Now, on a claim of its own",
}


@blueprint.get("/<uuid:uuid>/late-charges")
@needs(Action.ADD_LATE_CHARGES)
def begin(uuid: UUID) -> str:
    return _page(fetch.encounter(uuid, words="went to late charges"), Typed())


@blueprint.post("/<uuid:uuid>/late-charges")
@needs(Action.ADD_LATE_CHARGES)
def add(uuid: UUID) -> ResponseReturnValue:
    row = fetch.encounter(uuid, words="added a late charge")
    try:
        lines = late_billing.add(db(), row, _read(), by=me(), now=now())
    except Refused as refusal:
        db().rollback()
        again = fetch.encounter(uuid, words="went to late charges")
        typed = Typed(values=dict(request.form.lists()), problems=refusal.problems)
        return _page(again, typed), 422
    flash(f"{lines[0].price_code} is charged. {_what_follows(lines[0])}")
    for facilitys in lines[1:]:
        flash(f"So is what the facility charges beside it. {_what_follows(facilitys)}")
    return redirect(url_for("encounters.show", uuid=uuid) + "#lines", 303)


def _what_follows(line: ChargeLine) -> str:
    if line.payer_id is None:
        return "It is the patient's to pay."
    claim = late_joining.asked_by(db(), line)
    if claim is None:
        return "It waits for the payer's decision on what was sent."
    return f"{claim.payer.name} is asked for it."


def _read() -> Late | FacilityLate:
    return _facilitys() if request.form.get("charge", "").strip() else _service()


def _facilitys() -> FacilityLate:
    reader = Reader(request.form)
    way = reader.one_of("way", WAYS)
    if reader.text("code", most=5):
        reader.refuse("charge", "Charge one thing at a time: the code, or this.")
    try:
        (charge,) = stay_codes.charges([reader.text("charge", most=40)])
    except stay_codes.BadRow as bad:
        raise Refused.of("charge", str(bad)) from bad
    late = FacilityLate(
        charge=charge,
        way=LateCharging(way) if way in WAYS else LateCharging.JOINS,
        because=reader.text("because", "Say where the charge was found.", most=200),
    )
    reader.done()
    return late


def _service() -> Late:
    reader = Reader(request.form)
    pointers, way = _pointers(reader), reader.one_of("way", WAYS)
    late = Late(
        code=reader.text("code", "Give the code.", most=5).upper(),
        modifiers=tuple(reader.text("modifiers", most=20).upper().replace(",", " ").split()),
        units=reader.number("units", least=1, most=late_charges.UNITS_MAX),
        pointers=pointers,
        way=LateCharging(way) if way in WAYS else LateCharging.JOINS,
        because=reader.text("because", "Say where the charge was found.", most=200),
    )
    reader.done()
    return late


def _pointers(reader: Reader) -> tuple[int, ...]:
    typed = reader.text("pointers", most=20).replace(",", " ").split()
    if not all(each.isascii() and each.isdigit() for each in typed):
        reader.refuse("pointers", "Give the places of the diagnoses, as 1,2.")
        return ()
    return tuple(int(each) for each in typed)


def _page(row: Encounter, form: Typed) -> str:
    return render_template(
        "encounters/late_charge.html",
        encounter=row,
        form=form,
        ways=WAYS,
        is_possible=late_charges.is_possible(db(), row),
        diagnoses=web_encounters.diagnoses(db(), row.id),
        has_facility=facility_facts.has_facility(row),
        lines=[line for line in row.charge_lines if not line.is_void],
    )
