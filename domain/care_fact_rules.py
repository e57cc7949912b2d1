"""The rules of what a claim says of transports, equipment and the patient's body, at its field."""

import re
from collections.abc import Iterator
from decimal import Decimal

from domain import states
from domain.care_codes import (
    CERTIFICATIONS,
    FIRST_CERTIFICATION,
    RENTED_BY,
    SPINAL_NATURES,
    TRANSPORT_REASONS,
    TRANSPORT_STATES_MAX,
)
from domain.claim_details import (
    AmbulancePlaces,
    ConditionCategory,
    DateKind,
    Equipment,
    SpinalManipulation,
)
from domain.claim_facts import ClaimFacts, LineFacts
from domain.parties import Address

Problems = Iterator[tuple[str, str]]

WORDS_MAX, NAME_MAX, SURGERIES_MAX = 80, 60, 2
MONTHS_MAX, CARRIED_MAX = 99, 9
_POSTAL_CODE = re.compile(r"[0-9]{5}([0-9]{4})?")
_SERVICE = re.compile(r"[0-9A-Z]{5}")
_NOT_NOTHING = "It is more than nothing."


def claim_problems(facts: ClaimFacts) -> Problems:
    """(field, words), in the order of the page."""
    yield from _ambulance(facts)
    if facts.ambulance_places:
        yield from _places(facts.ambulance_places)
    state = facts.patient_state
    if state and state.weight_pounds is not None and state.weight_pounds <= Decimal(0):
        yield "state_weight", _NOT_NOTHING
    if facts.spinal:
        yield from _spinal(facts.spinal)
    if len(facts.anesthesia_for) > SURGERIES_MAX:
        yield "anesthesia_for", f"At most {SURGERIES_MAX} surgical codes, the principal one first."
    if any(not _SERVICE.fullmatch(code) for code in facts.anesthesia_for):
        yield "anesthesia_for", "A surgical code is five letters and digits, as 47562."


def line_problems(facts: LineFacts) -> Problems:
    """(field, words); the page adds the line to the field's name."""
    if facts.equipment:
        yield from _equipment(facts.equipment, facts)
    if facts.patients_carried is not None and not 1 <= facts.patients_carried <= CARRIED_MAX:
        yield "carried", f"One transport carries 1 to {CARRIED_MAX} patients."


def _ambulance(facts: ClaimFacts) -> Problems:
    ambulance = facts.ambulance
    states = [c for c in facts.conditions if c.category is ConditionCategory.AMBULANCE]
    if ambulance is None:
        if facts.ambulance_places or states:
            yield "ambulance_reason", "Tell why the patient was carried, and how many miles."
        return
    if ambulance.reason not in TRANSPORT_REASONS:
        yield "ambulance_reason", "Choose one of the list."
    if ambulance.miles < Decimal(0):
        yield "ambulance_miles", "Miles are not less than nothing."
    if ambulance.weight_pounds is not None and ambulance.weight_pounds <= Decimal(0):
        yield "ambulance_weight", _NOT_NOTHING
    yield from _short("ambulance_round_trip", ambulance.round_trip_purpose)
    yield from _short("ambulance_stretcher", ambulance.stretcher_purpose)
    if any(len(each.codes) > TRANSPORT_STATES_MAX for each in states):
        yield "ambulance_reason", f"Tick at most {TRANSPORT_STATES_MAX} of what is certified."
    if facts.ambulance_places is None:
        yield "ambulance_from_street", "Tell where the patient was picked up and brought to."


def _places(places: AmbulancePlaces) -> Problems:
    yield from address("ambulance_from", places.picked_up_at)
    yield from address("ambulance_to", places.brought_to)
    name = places.brought_to_name
    if name and len(name) > NAME_MAX:
        yield "ambulance_to_name", f"A name has at most {NAME_MAX} letters."


def address(start: str, where: Address) -> Problems:
    if not where.line1.strip():
        yield f"{start}_street", "Give the street, or the place by words."
    if not where.city.strip():
        yield f"{start}_city", "Give the city."
    if not states.is_state(where.state):
        yield f"{start}_state", states.REFUSAL
    if not _POSTAL_CODE.fullmatch(where.postal_code):
        yield f"{start}_zip", "A ZIP code has five or nine digits."


def _spinal(spinal: SpinalManipulation) -> Problems:
    if spinal.nature not in SPINAL_NATURES:
        yield "spinal_nature", "Tell how the condition is, or leave its words empty too."
    yield from _short("spinal_words", spinal.description)
    yield from _short("spinal_more", spinal.more)
    if spinal.more and not spinal.description:
        yield "spinal_words", "Begin here."


def _equipment(equipment: Equipment, facts: LineFacts) -> Problems:
    if equipment.days <= Decimal(0):
        yield "equipment_days", _NOT_NOTHING
    if min(equipment.rental_cents, equipment.purchase_cents) < 0:
        yield "equipment_rental", "A price is not less than nothing."
    if equipment.frequency not in RENTED_BY:
        yield "equipment_frequency", "Choose one of the list."
    yield from _certificate(equipment, {each.kind for each in facts.dates})


def _certificate(equipment: Equipment, told: set[DateKind]) -> Problems:
    """The guide wants a certificate's dates beside it, and a renewal's own."""
    months = equipment.months_needed
    if equipment.certification is None:
        if months is not None:
            yield "certification", "Tell which certificate says for how long."
        return
    if equipment.certification not in CERTIFICATIONS:
        yield "certification", "Choose one of the list."
    if months is None or not Decimal(0) < months <= MONTHS_MAX:
        yield "months_needed", f"A certificate says for how many months: 1 to {MONTHS_MAX}."
    if DateKind.THERAPY_BEGAN not in told:
        yield "therapy_began_on", "Beside a certificate stands when the therapy began."
    is_again = equipment.certification != FIRST_CERTIFICATION
    if is_again and DateKind.RECERTIFICATION not in told:
        yield "recertified_on", "Give the day on which it was renewed or revised."


def _short(field: str, words: str | None) -> Problems:
    if words and len(words) > WORDS_MAX:
        yield field, f"A claim takes {WORDS_MAX} characters; this is {len(words)}."
