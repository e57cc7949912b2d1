"""The fields of claim facts: what a held fact fills in, and the facts that a submitted form says. A
field that is left empty says nothing."""

import datetime as dt
from collections.abc import Iterator

from db.models import ChargeLine
from domain.claim_details import ClaimDate, DateKind, Drug, DrugUnit
from domain.claim_facts import (
    DELAY_REASONS,
    SPECIAL_PROGRAMS,
    Approval,
    ClaimFacts,
    LineFacts,
)
from domain.claims import Accident, AccidentCause
from web import (
    care_fields,
    equipment_fields,
    provider_fields,
    service_fields,
    terms_fields,
    transport_fields,
)
from web.forms import Reader, typed_amount
from web.provider_fields import Known

CAUSES = {
    AccidentCause.AUTO.value: "Automobile accident",
    AccidentCause.EMPLOYMENT.value: "Work",
    AccidentCause.OTHER.value: "Another accident",
}
UNITS = {
    DrugUnit.MILLILITER.value: "ml",
    DrugUnit.MILLIGRAM.value: "mg",
    DrugUnit.GRAM.value: "g",
    DrugUnit.UNIT.value: "pieces",
    DrugUnit.INTERNATIONAL_UNIT.value: "international units",
}
DATES = {
    "initial_treatment_on": DateKind.INITIAL_TREATMENT,
    "last_seen_on": DateKind.LAST_SEEN,
    "lmp_on": DateKind.LAST_MENSTRUAL_PERIOD,
    "last_worked_on": DateKind.LAST_WORKED,
    "return_to_work_on": DateKind.RETURN_TO_WORK,
}
# Those for which the page has fields; a chart may bring others, which stay as they are.
_KEYED = frozenset(
    {*DATES.values(), DateKind.DISABILITY, DateKind.DISABILITY_BEGAN, DateKind.DISABILITY_ENDED}
)
ROLES = ("referring", "supervising", "ordering")
WRITTEN_MAX = 500


def filled(facts: ClaimFacts) -> dict[str, str]:
    """The value of each field as it stands."""
    values: dict[str, object] = {
        "onset_on": facts.onset_on,
        "admitted_on": facts.admitted_on,
        "discharged_on": facts.discharged_on,
        "special_program": facts.special_program,
        "delay_reason": facts.delay_reason,
        "claim_note": facts.note,
        "patient_paid": typed_amount(facts.patient_paid_cents),
    }
    if facts.accident:
        values |= {
            "accident_cause": facts.accident.cause,
            "accident_on": facts.accident.happened_on,
            "accident_state": facts.accident.state,
        }
    values |= {name: found.on for name, kind in DATES.items() if (found := facts.date(kind))}
    values |= dict(_disability(facts))
    for each in facts.approvals:
        values[f"prior_auth_{each.payer_no}"] = each.prior_auth
        values[f"referral_{each.payer_no}"] = each.referral
    for role in ROLES:
        values |= provider_fields.filled(role, getattr(facts, role))
    values |= provider_fields.facility_filled(facts.facility)
    values |= transport_fields.filled(facts) | care_fields.filled(facts)
    values |= terms_fields.filled(facts)
    return {name: str(value) for name, value in values.items() if value is not None}


def filled_line(line_id: int, facts: LineFacts) -> dict[str, str]:
    values: dict[str, object] = {
        "minutes": facts.minutes,
        "line_note": facts.note,
        "line_place": facts.place_of_service,
        "emergency": "yes" if facts.is_emergency else None,
        "epsdt": "yes" if facts.is_epsdt else None,
        "family_planning": "yes" if facts.is_family_planning else None,
        **provider_fields.filled("ordering", facts.ordering),
    }
    if facts.drug:
        values |= {
            "ndc": facts.drug.ndc,
            "quantity": facts.drug.quantity,
            "unit": facts.drug.unit,
        }
    values |= equipment_fields.filled(facts) | service_fields.filled(facts)
    values |= terms_fields.filled_line(facts)
    return {f"{name}-{line_id}": str(value) for name, value in values.items() if value is not None}


def read(reader: Reader, held: ClaimFacts, payer_nos: list[str], known: Known) -> ClaimFacts:
    """What the form says; what it has no field for is taken over from `held`."""
    return ClaimFacts(
        accident=_accident(reader),
        onset_on=reader.date_if_any("onset_on"),
        admitted_on=reader.date_if_any("admitted_on"),
        discharged_on=reader.date_if_any("discharged_on"),
        dates=(*_dates(reader), *(each for each in held.dates if each.kind not in _KEYED)),
        approvals=tuple(_approvals(reader, held, payer_nos)),
        referring=provider_fields.provider(reader, "referring", "", known),
        supervising=provider_fields.provider(reader, "supervising", "", known),
        ordering=provider_fields.provider(reader, "ordering", "", known),
        facility=provider_fields.facility(reader),
        special_program=reader.one_of_if_any("special_program", SPECIAL_PROGRAMS),
        delay_reason=reader.one_of_if_any("delay_reason", DELAY_REASONS),
        note=reader.text("claim_note", most=WRITTEN_MAX) or None,
        patient_paid_cents=reader.cents_if_any("patient_paid"),
        ambulance=transport_fields.ambulance(reader),
        ambulance_places=transport_fields.places(reader),
        conditions=care_fields.conditions(reader, held),
        patient_state=care_fields.patient_state(reader),
        spinal=care_fields.spinal(reader),
        anesthesia_for=care_fields.surgery(reader),
        terms=terms_fields.terms(reader, payer_nos),
        references=terms_fields.references(reader, held),
    )


def read_line(
    reader: Reader, line: ChargeLine, held: LineFacts, payer_nos: list[str], known: Known
) -> LineFacts:
    suffix = f"-{line.id}"
    minutes = reader.text(f"minutes{suffix}", most=4)
    if minutes and not (minutes.isascii() and minutes.isdigit()):
        reader.refuse(f"minutes{suffix}", "Give whole minutes.")
        minutes = ""
    return LineFacts(
        drug=_drug(reader, suffix),
        minutes=int(minutes) if minutes else None,
        note=reader.text(f"line_note{suffix}", most=WRITTEN_MAX) or None,
        ordering=provider_fields.provider(reader, "ordering", suffix, known),
        place_of_service=reader.text(f"line_place{suffix}", most=2) or None,
        is_emergency=bool(reader.form.get(f"emergency{suffix}")),
        is_epsdt=bool(reader.form.get(f"epsdt{suffix}")),
        is_family_planning=bool(reader.form.get(f"family_planning{suffix}")),
        equipment=equipment_fields.equipment(reader, suffix),
        dates=equipment_fields.dates(reader, suffix, held),
        conditions=equipment_fields.conditions(reader, suffix, held),
        patients_carried=equipment_fields.carried(reader, suffix),
        measured=service_fields.measured(reader, suffix),
        forms=service_fields.forms(reader, suffix, held),
        purchased=service_fields.purchased(reader, suffix),
        obstetric_units=service_fields.obstetric_units(reader, suffix),
        ordered_from=service_fields.ordered_from(reader, suffix),
        terms=terms_fields.terms_of_line(reader, payer_nos, suffix),
        references=terms_fields.references_of_line(reader, suffix, held),
    )


def _accident(reader: Reader) -> Accident | None:
    cause = reader.one_of_if_any("accident_cause", CAUSES)
    if cause is None:
        return None
    happened_on = reader.date("accident_on", "Give the day of the accident")
    state = reader.text("accident_state", most=2).upper() or None
    return Accident(cause=AccidentCause(cause), happened_on=happened_on, state=state)


def _dates(reader: Reader) -> Iterator[ClaimDate]:
    for name, kind in DATES.items():
        if on := reader.date_if_any(name):
            yield ClaimDate(kind=kind, on=on)
    began = reader.date_if_any("disability_from_on")
    ended = reader.date_if_any("disability_to_on")
    if began and ended:
        yield ClaimDate(kind=DateKind.DISABILITY, on=began, to_on=ended)
    elif began:
        yield ClaimDate(kind=DateKind.DISABILITY_BEGAN, on=began)
    elif ended:
        yield ClaimDate(kind=DateKind.DISABILITY_ENDED, on=ended)


def _disability(facts: ClaimFacts) -> Iterator[tuple[str, dt.date | None]]:
    if both := facts.date(DateKind.DISABILITY):
        yield "disability_from_on", both.on
        yield "disability_to_on", both.to_on
    if began := facts.date(DateKind.DISABILITY_BEGAN):
        yield "disability_from_on", began.on
    if ended := facts.date(DateKind.DISABILITY_ENDED):
        yield "disability_to_on", ended.on


def _approvals(reader: Reader, held: ClaimFacts, payer_nos: list[str]) -> Iterator[Approval]:
    yield from (each for each in held.approvals if each.payer_no not in payer_nos)
    for payer_no in payer_nos:
        prior_auth = reader.text(f"prior_auth_{payer_no}").upper() or None
        referral = reader.text(f"referral_{payer_no}").upper() or None
        if prior_auth or referral:
            yield Approval(payer_no=payer_no, prior_auth=prior_auth, referral=referral)


def _drug(reader: Reader, suffix: str) -> Drug | None:
    ndc = reader.text(f"ndc{suffix}", most=20)
    if not ndc:
        return None
    unit = reader.one_of(f"unit{suffix}", UNITS)
    return Drug(
        ndc=_eleven(ndc),
        quantity=reader.decimal_needed(f"quantity{suffix}", "Give the quantity, as 1.5."),
        unit=DrugUnit(unit) if unit in UNITS else DrugUnit.UNIT,
    )


def _eleven(ndc: str) -> str:
    """As printed on the package, 5-4-2 with hyphens, or with a part that is one digit short."""
    parts = ndc.replace(" ", "").split("-")
    widths = (5, 4, 2)
    if len(parts) == len(widths):
        return "".join(part.zfill(width) for part, width in zip(parts, widths, strict=True))
    return "".join(parts)
