"""What a facility's claim says of an encounter: as it would be sent today, and the form in which
the front desk tells the admission, and a coder or a biller the rest."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from casework import claim_edits, facility_facts
from casework.facility_record import MAY_CODE
from casework.facility_record import keep as keep_facts
from casework.refusals import Refused
from casework.stay_said import AdmissionSaid, StaySaid
from db.models import Claim, Encounter, Provider
from domain.claim_form import ClaimForm
from domain.encounter import ClaimStage
from domain.findings import Finding
from web import fetch
from web.access import Action, may, needs
from web.answer_form import Typed
from web.context import db, me, now
from web.forms import Reader

facilities = Blueprint("facilities", __name__, url_prefix="/encounters/<uuid:uuid>/facility")

HOURS = range(24)
LISTED_MAX = 500
ROWS = (
    "charges", "procedures", "occurrences", "spans", "value_codes", "condition_codes",
    "visit_reasons", "external_causes", "treatment_codes",
)  # fmt: skip
# Our words for the standard's codes of an admission.
PRIORITIES = {
    "1": "Emergency",
    "2": "Urgent",
    "3": "Planned",
    "4": "Newborn",
    "5": "Trauma centre",
    "9": "Not known",
}
SOURCES = {
    "1": "From home or elsewhere outside",
    "2": "Clinic or physician's office",
    "4": "Another hospital",
    "5": "Nursing facility",
    "6": "Another health facility",
    "8": "Court or police",
    "9": "Not known",
    "D": "Another unit of this hospital",
    "E": "Ambulatory surgery centre",
    "F": "Hospice",
    "G": "Another site of care in a disaster",
}
STATUSES = {
    "01": "Home",
    "02": "Another hospital",
    "03": "Skilled nursing facility",
    "04": "Custodial care",
    "05": "Cancer centre or children's hospital",
    "06": "Home with home health care",
    "07": "Left against advice",
    "20": "Died",
    "21": "Court or police",
    "30": "Still a patient",
    "40": "Hospice: died at home",
    "41": "Hospice: died in a facility",
    "42": "Hospice: died, place not known",
    "43": "Federal hospital",
    "50": "Hospice at home",
    "51": "Hospice in a facility",
    "61": "Swing bed of this hospital",
    "62": "Rehabilitation",
    "63": "Long-term hospital",
    "64": "Nursing facility of Medicaid alone",
    "65": "Psychiatric hospital",
    "66": "Critical access hospital",
    "70": "Another institution",
}


@facilities.get("")
@needs(Action.READ_RECORDS)
def show(uuid: UUID) -> str:
    return _page(_encounter(uuid, "opened what the facility's claim says"), Typed())


@facilities.post("")
@needs(Action.TELL_FACILITY)
def keep(uuid: UUID) -> ResponseReturnValue:
    row = _encounter(uuid, "told what the facility's claim says")
    try:
        reader = Reader(request.form)
        admission = _admission(reader)
        stay = _stay(reader) if me().role in MAY_CODE else None
        reader.done()
        keep_facts(db(), row, admission, stay, by=me(), now=now())
    except Refused as refusal:
        db().rollback()
        values = dict(request.form.lists())
        form = Typed(values=values, problems=refusal.problems)
        return _page(_encounter(uuid, "was refused"), form), 422
    flash("Saved. It holds for what is sent from now on.")
    return redirect(url_for("facilities.show", uuid=uuid), 303)


def _encounter(uuid: UUID, words: str) -> Encounter:
    row = fetch.encounter(uuid, words=words)
    if not facility_facts.has_facility(row):
        abort(404, description="No facility bills for the place of this visit.")
    return row


def _admission(reader: Reader) -> AdmissionSaid:
    return AdmissionSaid(
        admitted_on=reader.date_if_any("admitted_on"),
        admitted_hour=_hour(reader, "admitted_hour"),
        discharged_hour=_hour(reader, "discharged_hour"),
        priority=reader.one_of_if_any("priority", PRIORITIES),
        source=reader.one_of_if_any("source", SOURCES),
        patient_status=reader.one_of_if_any("patient_status", STATUSES),
    )


def _stay(reader: Reader) -> StaySaid:
    type_of_bill = reader.text("type_of_bill", most=2)
    if type_of_bill and not (type_of_bill.isdigit() and len(type_of_bill) == 2):  # noqa: PLR2004
        reader.refuse("type_of_bill", "Give the first two digits, such as 13.", "13")
    rows = {name: _rows(reader, name) for name in ROWS}
    return StaySaid(
        type_of_bill=type_of_bill or None,
        from_on=reader.date_if_any("from_on"),
        to_on=reader.date_if_any("to_on"),
        admitting_diagnosis=reader.text("admitting_diagnosis", most=8).upper() or None,
        on_admission=_rows(reader, "on_admission"),
        attending_id=_provider(reader, "attending"),
        operating_id=_provider(reader, "operating"),
        other_operating_id=_provider(reader, "other_operating"),
        **rows,
    )


def _rows(reader: Reader, name: str) -> tuple[str, ...]:
    typed = reader.text(name, most=2_000).splitlines()
    return tuple(row.strip().upper() for row in typed if row.strip())


def _hour(reader: Reader, name: str) -> int | None:
    return reader.number(name, least=0, most=23) if reader.text(name) else None


def _provider(reader: Reader, name: str) -> int | None:
    known = {str(row.id): row for row in _providers()}
    return int(reader.one_of(name, known)) if reader.text(name) and not reader.problems else None


def _providers() -> list[Provider]:
    found = select(Provider).order_by(Provider.last_name, Provider.id).limit(LISTED_MAX)
    return list(db().scalars(found))


def _unsent(row: Encounter) -> list[Finding]:
    """What stops its facility's claims that are not on their way."""
    before = (ClaimStage.EDITS, ClaimStage.READY)
    claims = db().scalars(
        select(Claim)
        .where(Claim.encounter_id == row.id, Claim.form == ClaimForm.INSTITUTIONAL)
        .where(Claim.stage.in_(before))
        .order_by(Claim.id)
    )
    return [finding for claim in claims for finding in claim_edits.stops(db(), claim, now())]


def _page(row: Encounter, form: Typed) -> str:
    said = facility_facts.said_of(db(), row)
    return render_template(
        "encounters/facility.html",
        encounter=row,
        form=form,
        facts=facility_facts.of(db(), row),
        said=said,
        on_admission=[f"{code} {told}" for code, told in said.on_admission.items()],
        lines=[
            line
            for line in row.charge_lines
            if line.form is ClaimForm.INSTITUTIONAL and not line.is_void
        ],
        findings=_unsent(row),
        providers=[(p.id, f"{p.last_name}, {p.first_name}") for p in _providers()],
        priorities=PRIORITIES.items(),
        sources=SOURCES.items(),
        statuses=STATUSES.items(),
        hours=[(hour, f"{hour:02}:00") for hour in HOURS],
        may_code=me().role in MAY_CODE,
        may_tell=may(me().role, Action.TELL_FACILITY),
    )
