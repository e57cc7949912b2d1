"""A patient, the coverage and the visit, entered by hand. They go the way of imported ones: the
same reading, the same checks, the same workflow."""

import datetime as dt
from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from casework import registration as intake
from casework.refusals import Refused
from db.models import Patient, Provider
from domain import states
from domain.intake import (
    ChartedAddress,
    ChartedDocument,
    ChartedEncounter,
    ChartedPatient,
    EncounterClass,
    Gender,
)
from web import coverage_fields, name_fields
from web.access import Action, needs
from web.answer_form import Typed
from web.context import db, me, now
from web.forms import Reader

registration = Blueprint("registration", __name__, url_prefix="/registration")

GENDERS = {
    Gender.FEMALE.value: "Female",
    Gender.MALE.value: "Male",
    Gender.UNKNOWN.value: "Not told",
}
PLACES = {
    "11": "Office",
    "22": "Hospital, outpatient",
    "23": "Emergency room",
    "21": "Hospital, inpatient",
    "10": "Telehealth, patient at home",
}
CLASSES = {"11": "AMB", "22": "AMB", "10": "AMB", "23": "EMER", "21": "IMP"}
COVERAGES = (1, 2)
LISTED_MAX = 500
NOTE_MAX = 20_000
ZIP_DIGITS = (5, 9)


@registration.get("")
@needs(Action.REGISTER)
def begin() -> ResponseReturnValue:
    return _page(Typed())


@registration.post("")
@needs(Action.REGISTER)
def register() -> ResponseReturnValue:
    try:
        charted = _read()
        _require_same_person(charted.patient)
        encounter = intake.take_in(db(), charted, now(), by=me())
    except Refused as refusal:
        db().rollback()
        return _page(Typed(values=dict(request.form.lists()), problems=refusal.problems)), 422
    if encounter is None:
        flash("This visit had been registered already, once.")
        return redirect(url_for("registration.begin"), 303)
    flash(f"Registered as {encounter.encounter_no}. Coverage is asked next.")
    return redirect(url_for("encounters.show", uuid=encounter.uuid), 303)


def _require_same_person(charted: ChartedPatient) -> None:
    """A chart number that is somebody else's would put this visit into the wrong record. Father and
    son may differ in the suffix alone."""
    known = db().scalars(select(Patient).where(Patient.mrn == charted.mrn)).one_or_none()
    if known is None:
        return
    ours = (known.last_name.casefold(), known.first_name.casefold(), known.birth_on)
    told = (charted.last.casefold(), charted.first.casefold(), charted.birth_on)
    if ours != told or _differ(known.name_suffix, charted.suffix):
        words = "This chart number belongs to a patient with another name or date of birth."
        raise Refused.of("mrn", words)


def _differ(known: str | None, told: str | None) -> bool:
    """Two suffixes; one that is not told says nothing."""
    return bool(known and told and known.casefold() != told.casefold())


def _page(form: Typed) -> str:
    return render_template(
        "registration/form.html",
        form=form,
        payers=coverage_fields.payers(),
        providers=[(row.npi, f"{row.last_name}, {row.first_name}") for row in _providers()],
        genders=GENDERS,
        relations=coverage_fields.RELATIONS,
        second=coverage_fields.SECOND,
        places=PLACES,
        numbers=COVERAGES,
        today=now().today,
        once=uuid4().hex,
    )


def _read() -> ChartedEncounter:
    reader = Reader(request.form)
    providers = {row.npi: row for row in _providers()}
    npi = reader.one_of("provider", providers)
    place = reader.one_of("place", PLACES)
    service_on = reader.date("service_on", "Give the day of the visit")
    if "service_on" not in reader.problems and service_on > now().today:
        reader.refuse("service_on", "A visit is registered on its day or later.", str(now().today))
    encounter = ChartedEncounter(
        source="desk",
        source_key=reader.text("once", "Open the page again: this form is not ours.", most=40),
        patient=_patient(reader),
        coverages=tuple(c for n in COVERAGES if (c := coverage_fields.read(reader, n))),
        provider_npi=npi,
        provider_name=providers[npi].last_name if npi in providers else "",
        encounter_class=EncounterClass(CLASSES.get(place, "AMB")),
        place_of_service=place,
        service_on=service_on,
        discharged_on=None,
        stay_no=_stay(reader, place),
        notes=_notes(reader, npi),
        diagnoses=(),
        charges=(),
    )
    reader.done()
    return encounter


def _stay(reader: Reader, place: str) -> str | None:
    stay_no = reader.text("stay_no", most=40)
    if stay_no and CLASSES.get(place) != EncounterClass.INPATIENT:
        reader.refuse("stay_no", "Only a visit in the hospital is part of a stay: choose it there.")
    return stay_no or None


def _patient(reader: Reader) -> ChartedPatient:
    birth_on = reader.date("birth_on", "Give the date of birth")
    if "birth_on" not in reader.problems and birth_on > now().today:
        reader.refuse("birth_on", "A date of birth lies in the past.")
    gender = reader.one_of("gender", GENDERS)
    return ChartedPatient(
        mrn=reader.text("mrn", "Give the chart number; a patient is known by it.", most=40),
        last=reader.text("last", "Give the last name.", most=60),
        first=reader.text("first", "Give the first name.", most=35),
        middle=name_fields.middle(reader, "middle"),
        suffix=name_fields.suffix(reader, "suffix"),
        birth_on=birth_on,
        gender=Gender(gender) if gender in GENDERS else Gender.UNKNOWN,
        address=_address(reader),
        phone=reader.text("phone", most=20) or None,
    )


def _address(reader: Reader) -> ChartedAddress:
    digits = "".join(c for c in reader.text("zip", "Give the ZIP code.") if c.isdigit())
    if len(digits) not in ZIP_DIGITS:
        reader.refuse("zip", "A ZIP code has five or nine digits.")
    state = reader.text("state", "Give the state.", most=2).upper()
    if state and not states.is_state(state):
        reader.refuse("state", states.REFUSAL)
    return ChartedAddress(
        lines=(reader.text("street", "Give the street.", most=55),),
        city=reader.text("city", "Give the city.", most=30),
        state=state,
        zip=digits,
    )


def _notes(reader: Reader, author: str) -> tuple[ChartedDocument, ...]:
    text = reader.text("note", most=NOTE_MAX)
    if not text:
        return ()
    signed_at: dt.datetime = now().at
    return (ChartedDocument(kind="progress note", author=author, signed_at=signed_at, text=text),)


def _providers() -> list[Provider]:
    found = select(Provider).order_by(Provider.last_name, Provider.id).limit(LISTED_MAX)
    return list(db().scalars(found))
