"""The fields of transports, equipment, certificates and the patient's body: what is held
fills them, and what a form says of them. A part that is left empty says nothing."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypedDict

from domain.care_codes import (
    CERTIFICATIONS,
    EQUIPMENT_STATES,
    HOMEBOUND,
    HOSPICE_EMPLOYS,
    NO_REFERRAL,
    RENTED_BY,
    SCREENING_REFERRALS,
    SPINAL_NATURES,
    TRANSPORT_REASONS,
    TRANSPORT_STATES,
)
from domain.claim_details import (
    Ambulance,
    AmbulancePlaces,
    ClaimDate,
    ConditionCategory,
    ConditionIndicator,
    DateKind,
    Equipment,
    PatientState,
    SpinalManipulation,
)
from domain.claim_facts import ClaimFacts, LineFacts
from domain.money import cents_of
from domain.parties import Address
from web.forms import Reader

FROM, TO = "ambulance_from", "ambulance_to"
HOSPICE = {"yes": "The hospice employs them", "no": "The hospice does not employ them"}
LINE_DATES = {
    "therapy_began_on": DateKind.THERAPY_BEGAN,
    "recertified_on": DateKind.RECERTIFICATION,
    "last_certified_on": DateKind.LAST_CERTIFICATION,
}
_PLACE = ("street", "city", "state", "zip")
_OWN = (ConditionCategory.AMBULANCE, ConditionCategory.HOMEBOUND, ConditionCategory.EPSDT)
_OWN_OF_LINE = (ConditionCategory.EQUIPMENT, ConditionCategory.HOSPICE)


class OfClaim(TypedDict):
    """Of `ClaimFacts`, those that are read here."""

    ambulance: Ambulance | None
    ambulance_places: AmbulancePlaces | None
    conditions: tuple[ConditionIndicator, ...]
    patient_state: PatientState | None
    spinal: SpinalManipulation | None
    anesthesia_for: tuple[str, ...]


class OfLine(TypedDict):
    """Of `LineFacts`, those that are read here."""

    equipment: Equipment | None
    dates: tuple[ClaimDate, ...]
    conditions: tuple[ConditionIndicator, ...]
    patients_carried: int | None


def filled(facts: ClaimFacts) -> dict[str, object]:
    values: dict[str, object] = {"anesthesia_for": " ".join(facts.anesthesia_for) or None}
    if transport := facts.ambulance:
        values |= {
            "ambulance_reason": transport.reason,
            "ambulance_miles": transport.miles,
            "ambulance_weight": transport.weight_pounds,
            "ambulance_round_trip": transport.round_trip_purpose,
            "ambulance_stretcher": transport.stretcher_purpose,
        }
    if places := facts.ambulance_places:
        values |= _address_values(FROM, places.picked_up_at)
        values |= _address_values(TO, places.brought_to)
        values["ambulance_to_name"] = places.brought_to_name
    if state := facts.patient_state:
        values |= {
            "state_died_on": state.died_on,
            "state_weight": state.weight_pounds,
            "state_pregnant": "yes" if state.is_pregnant else None,
        }
    if spinal := facts.spinal:
        values |= {
            "spinal_nature": spinal.nature,
            "spinal_words": spinal.description,
            "spinal_more": spinal.more,
        }
    return values | dict(_condition_values(facts))


def filled_line(facts: LineFacts) -> dict[str, object]:
    values: dict[str, object] = {"carried": facts.patients_carried}
    kinds = {each.kind: each.on for each in facts.dates}
    values |= {name: kinds.get(kind) for name, kind in LINE_DATES.items()}
    if owned := facts.equipment:
        values |= {
            "equipment_days": owned.days,
            "equipment_rental": _dollars(owned.rental_cents),
            "equipment_purchase": _dollars(owned.purchase_cents),
            "equipment_frequency": owned.frequency,
            "certification": owned.certification,
            "months_needed": owned.months_needed,
        }
    for each in facts.conditions:
        if each.category is ConditionCategory.EQUIPMENT:
            values |= {f"equipment_is_{code}": "yes" for code in each.codes}
        if each.category is ConditionCategory.HOSPICE:
            values["hospice"] = "yes" if each.applies else "no"
    return values


def read(reader: Reader, held: ClaimFacts) -> OfClaim:
    return OfClaim(
        ambulance=_ambulance(reader),
        ambulance_places=_places(reader),
        conditions=(
            *_conditions(reader),
            *(each for each in held.conditions if each.category not in _OWN),
        ),
        patient_state=_patient_state(reader),
        spinal=_spinal(reader),
        anesthesia_for=tuple(reader.text("anesthesia_for").upper().replace(",", " ").split()),
    )


def read_line(reader: Reader, suffix: str, held: LineFacts) -> OfLine:
    carried = f"carried{suffix}"
    return OfLine(
        equipment=_equipment(reader, suffix),
        dates=(
            *_line_dates(reader, suffix),
            *(each for each in held.dates if each.kind not in LINE_DATES.values()),
        ),
        conditions=(
            *_line_conditions(reader, suffix),
            *(each for each in held.conditions if each.category not in _OWN_OF_LINE),
        ),
        patients_carried=reader.number(carried, least=1, most=9) if reader.text(carried) else None,
    )


def _condition_values(facts: ClaimFacts) -> Iterator[tuple[str, object]]:
    for each in facts.conditions:
        match each.category:
            case ConditionCategory.AMBULANCE:
                yield from ((f"ambulance_is_{code}", "yes") for code in each.codes)
            case ConditionCategory.HOMEBOUND:
                yield "homebound", "yes"
            case ConditionCategory.EPSDT:
                yield "screening_referral", each.codes[0]
            case _:
                pass


def _ambulance(reader: Reader) -> Ambulance | None:
    names = ("reason", "miles", "weight", "round_trip", "stretcher")
    if not any(reader.text(f"ambulance_{name}") for name in names):
        return None
    return Ambulance(
        reason=_chosen(reader, "ambulance_reason", TRANSPORT_REASONS) or "",
        miles=_amount(reader, "ambulance_miles", "Give the miles, as 12.5."),
        weight_pounds=reader.decimal("ambulance_weight", "Give pounds, as 180."),
        round_trip_purpose=reader.text("ambulance_round_trip") or None,
        stretcher_purpose=reader.text("ambulance_stretcher") or None,
    )


def _places(reader: Reader) -> AmbulancePlaces | None:
    names = [f"{start}_{part}" for start in (FROM, TO) for part in _PLACE]
    if not any(reader.text(name) for name in (*names, "ambulance_to_name")):
        return None
    return AmbulancePlaces(
        picked_up_at=_address(reader, FROM),
        brought_to=_address(reader, TO),
        brought_to_name=reader.text("ambulance_to_name") or None,
    )


def _address(reader: Reader, start: str) -> Address:
    typed = {part: reader.text(f"{start}_{part}") for part in _PLACE}
    return Address(
        line1=typed["street"],
        city=typed["city"],
        state=typed["state"].upper(),
        postal_code="".join(sign for sign in typed["zip"] if sign.isdigit()),
    )


def _address_values(start: str, address: Address) -> dict[str, object]:
    values = (address.line1, address.city, address.state, address.postal_code)
    return {f"{start}_{part}": value for part, value in zip(_PLACE, values, strict=True)}


def _conditions(reader: Reader) -> Iterator[ConditionIndicator]:
    if states := _ticked(reader, "ambulance_is_", TRANSPORT_STATES):
        yield _condition(ConditionCategory.AMBULANCE, states)
    if reader.form.get("homebound"):
        yield _condition(ConditionCategory.HOMEBOUND, (HOMEBOUND,))
    if referral := _chosen(reader, "screening_referral", SCREENING_REFERRALS):
        applies = referral != NO_REFERRAL
        yield _condition(ConditionCategory.EPSDT, (referral,), applies=applies)


def _line_conditions(reader: Reader, suffix: str) -> Iterator[ConditionIndicator]:
    if states := _ticked(reader, "equipment_is_", EQUIPMENT_STATES, suffix):
        yield _condition(ConditionCategory.EQUIPMENT, states)
    if employs := _chosen(reader, f"hospice{suffix}", HOSPICE):
        yield _condition(ConditionCategory.HOSPICE, (HOSPICE_EMPLOYS,), applies=employs == "yes")


def _condition(
    category: ConditionCategory, codes: tuple[str, ...], *, applies: bool = True
) -> ConditionIndicator:
    return ConditionIndicator(category=category, applies=applies, codes=codes)


def _ticked(
    reader: Reader, start: str, codes: Mapping[str, str], suffix: str = ""
) -> tuple[str, ...]:
    return tuple(code for code in codes if reader.form.get(f"{start}{code}{suffix}"))


def _patient_state(reader: Reader) -> PatientState | None:
    state = PatientState(
        died_on=_date(reader, "state_died_on"),
        weight_pounds=reader.decimal("state_weight", "Give pounds, as 154.5."),
        is_pregnant=bool(reader.form.get("state_pregnant")),
    )
    return state if state != PatientState() else None


def _spinal(reader: Reader) -> SpinalManipulation | None:
    spinal = SpinalManipulation(
        nature=_chosen(reader, "spinal_nature", SPINAL_NATURES) or "",
        description=reader.text("spinal_words") or None,
        more=reader.text("spinal_more") or None,
    )
    return spinal if spinal != SpinalManipulation(nature="") else None


def _equipment(reader: Reader, suffix: str) -> Equipment | None:
    names = ("equipment_days", "equipment_rental", "equipment_purchase", "equipment_frequency")
    certified = ("certification", "months_needed")
    if not any(reader.text(f"{name}{suffix}") for name in (*names, *certified)):
        return None
    return Equipment(
        days=_amount(reader, f"equipment_days{suffix}", "Give how many days, as 30."),
        rental_cents=_cents(reader, f"equipment_rental{suffix}"),
        purchase_cents=_cents(reader, f"equipment_purchase{suffix}"),
        frequency=_chosen(reader, f"equipment_frequency{suffix}", RENTED_BY) or "",
        certification=_chosen(reader, f"certification{suffix}", CERTIFICATIONS),
        months_needed=reader.decimal(f"months_needed{suffix}", "Give months, as 12."),
    )


def _line_dates(reader: Reader, suffix: str) -> Iterator[ClaimDate]:
    for name, kind in LINE_DATES.items():
        if on := _date(reader, f"{name}{suffix}"):
            yield ClaimDate(kind=kind, on=on)


def _amount(reader: Reader, name: str, words: str) -> Decimal:
    found = reader.decimal(name, words)
    if found is None:
        reader.refuse(name, words)
        return Decimal(1)  # Never used: `done` raises first.
    return found


def _cents(reader: Reader, name: str) -> int:
    try:
        return cents_of(reader.text(name, most=12).removeprefix("$").replace(",", ""))
    except ValueError:
        reader.refuse(name, "Give an amount, as 25.00; 0 for none.")
        return 0


def _date(reader: Reader, name: str) -> dt.date | None:
    return reader.date(name, "Give a date") if reader.text(name) else None


def _chosen(reader: Reader, name: str, among: Mapping[str, str]) -> str | None:
    return reader.one_of(name, among) if reader.form.get(name) else None


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
