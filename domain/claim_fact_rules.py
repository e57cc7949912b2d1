"""The rules of claim facts, each told at its field: asked when somebody enters them, and
again before a claim goes out, for a chart may have brought them."""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

from domain import care_fact_rules, service_fact_rules, states
from domain.claim_details import ClaimDate, DateKind
from domain.claim_facts import DELAY_REASONS, SPECIAL_PROGRAMS, ClaimFacts, LineFacts
from domain.claims import Accident, AccidentCause
from domain.parties import OtherProvider, ServiceFacility, is_npi

Problems = Iterator[tuple[str, str]]

NOTE_MAX, NAME_MAX = 80, 60
MINUTES_MAX = 24 * 60
# Numbers that payers give: what X12 takes without a second thought, at most fifty signs.
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9 ./-]{0,49}")
_PLACE = re.compile(r"[0-9]{2}")
_NDC = re.compile(r"[0-9]{11}")
_FACILITY_ZIP = re.compile(r"[0-9]{9}")
# Days that lie before the visit or on it; when the patient works again may be to come.
_PAST = {
    DateKind.INITIAL_TREATMENT: ("initial_treatment_on", "The first treatment"),
    DateKind.LAST_SEEN: ("last_seen_on", "The day the patient was last seen"),
    DateKind.LAST_MENSTRUAL_PERIOD: ("lmp_on", "The last menstrual period"),
}


def claim_problems(facts: ClaimFacts, *, service_on: dt.date) -> Problems:
    """(field, words) of everything that is wrong, in the order of the page."""
    if facts.accident:
        yield from _accident(facts.accident, service_on)
    if facts.onset_on and facts.onset_on > service_on:
        yield "onset_on", f"The illness began on the day of the visit ({service_on}) or before."
    yield from _stay(facts, service_on)
    yield from _dates(facts, service_on)
    for approval in facts.approvals:
        yield from _number(f"prior_auth_{approval.payer_no}", approval.prior_auth)
        yield from _number(f"referral_{approval.payer_no}", approval.referral)
    for role in ("referring", "supervising", "ordering"):
        yield from _provider(role, getattr(facts, role))
    if facts.facility:
        yield from _facility(facts.facility)
    yield from care_fact_rules.claim_problems(facts)
    yield from service_fact_rules.claim_problems(facts)
    yield from _said(facts)


def line_problems(facts: LineFacts) -> Problems:
    """(field, words); the page adds the line to the field's name."""
    drug = facts.drug
    if drug and not _NDC.fullmatch(drug.ndc):
        yield "ndc", "An NDC has eleven digits, 5-4-2: fill each part with zeros in front."
    if drug and drug.quantity <= Decimal(0):
        yield "quantity", "The quantity of a drug is more than zero."
    if facts.minutes is not None and not 1 <= facts.minutes <= MINUTES_MAX:
        yield "minutes", f"Minutes of anaesthesia are 1 to {MINUTES_MAX}."
    if facts.note and len(facts.note) > NOTE_MAX:
        yield "line_note", _too_long(facts.note)
    if facts.place_of_service and not _PLACE.fullmatch(facts.place_of_service):
        yield "line_place", "A place of service is two digits."
    yield from _provider("ordering", facts.ordering)
    yield from care_fact_rules.line_problems(facts)
    yield from service_fact_rules.line_problems(facts)


def _accident(accident: Accident, service_on: dt.date) -> Problems:
    if accident.happened_on > service_on:
        yield "accident_on", f"The accident was on the day of the visit ({service_on}) or before."
    if accident.cause is AccidentCause.AUTO and not accident.state:
        yield "accident_state", "An automobile accident needs the state where it happened."
    if accident.state and not states.is_state(accident.state):
        yield "accident_state", states.REFUSAL


def _stay(facts: ClaimFacts, service_on: dt.date) -> Problems:
    if facts.admitted_on and facts.admitted_on > service_on:
        yield "admitted_on", f"The patient was admitted on the day ({service_on}) or before."
    if facts.discharged_on and facts.discharged_on < (facts.admitted_on or service_on):
        yield "discharged_on", "The discharge comes after the admission."


def _dates(facts: ClaimFacts, service_on: dt.date) -> Problems:
    for kind, (field, what) in _PAST.items():
        found = facts.date(kind)
        if found and found.on > service_on:
            yield field, f"{what} was on the day of the visit ({service_on}) or before."
    disability = facts.date(DateKind.DISABILITY)
    if disability and disability.to_on and disability.to_on < disability.on:
        yield "disability_to_on", "It ends before it begins."
    yield from _back_at_work(facts.date(DateKind.LAST_WORKED), facts.date(DateKind.RETURN_TO_WORK))


def _back_at_work(last: ClaimDate | None, back: ClaimDate | None) -> Problems:
    if last and back and back.on <= last.on:
        yield "return_to_work_on", f"The patient last worked on {last.on}: back comes after it."


def _number(field: str, number: str | None) -> Problems:
    if number and not _NUMBER.fullmatch(number):
        yield field, "At most 50 capital letters, digits, spaces, points, strokes and hyphens."


def _provider(role: str, provider: OtherProvider | None) -> Problems:
    if provider is None:
        return
    if not is_npi(provider.npi):
        yield f"{role}_npi", f"{provider.npi!r} is no NPI: ten digits whose check digit fits."
    if not provider.last.strip():
        yield f"{role}_last", "Give the last name: we do not know this number."
    elif len(provider.last) > NAME_MAX:
        yield f"{role}_last", f"A name has at most {NAME_MAX} letters."


def _facility(facility: ServiceFacility) -> Problems:
    address = facility.address
    if not facility.name.strip() or len(facility.name) > NAME_MAX:
        yield "facility_name", f"Give the place's name, at most {NAME_MAX} letters."
    if facility.npi and not is_npi(facility.npi):
        yield "facility_npi", f"{facility.npi!r} is no NPI: ten digits whose check digit fits."
    if not address.line1.strip():
        yield "facility_street", "Give the street."
    if not address.city.strip():
        yield "facility_city", "Give the city."
    if not states.is_state(address.state):
        yield "facility_state", states.REFUSAL
    if not _FACILITY_ZIP.fullmatch(address.postal_code):
        yield "facility_zip", "A place of service is named with all nine digits of its ZIP code."


def _said(facts: ClaimFacts) -> Problems:
    if facts.special_program and facts.special_program not in SPECIAL_PROGRAMS:
        yield "special_program", "Choose one of the list."
    if facts.delay_reason and facts.delay_reason not in DELAY_REASONS:
        yield "delay_reason", "Choose one of the list."
    if facts.note and len(facts.note) > NOTE_MAX:
        yield "claim_note", _too_long(facts.note)
    if facts.patient_paid_cents is not None and facts.patient_paid_cents < 0:
        yield "patient_paid", "What the patient paid is not less than nothing."


def _too_long(note: str) -> str:
    return f"A claim takes {NOTE_MAX} characters; this is {len(note)}."
