"""A line's fields of equipment and its certificate, a hospice, and patients carried together."""

from collections.abc import Iterator

from domain.care_codes import CERTIFICATIONS, EQUIPMENT_STATES, HOSPICE_EMPLOYS, RENTED_BY
from domain.claim_details import (
    ClaimDate,
    ConditionCategory,
    ConditionIndicator,
    DateKind,
    Equipment,
)
from domain.claim_facts import LineFacts
from web.care_fields import condition, ticked
from web.forms import Reader, typed_amount

HOSPICE = {"yes": "The hospice employs them", "no": "The hospice does not employ them"}
DATES = {
    "therapy_began_on": DateKind.THERAPY_BEGAN,
    "recertified_on": DateKind.RECERTIFICATION,
    "last_certified_on": DateKind.LAST_CERTIFICATION,
}
_OWN = (ConditionCategory.EQUIPMENT, ConditionCategory.HOSPICE)
_NAMES = (
    "equipment_days", "equipment_rental", "equipment_purchase", "equipment_frequency",
    "certification", "months_needed",
)  # fmt: skip


def filled(facts: LineFacts) -> dict[str, object]:
    values: dict[str, object] = {"carried": facts.patients_carried}
    kinds = {each.kind: each.on for each in facts.dates}
    values |= {name: kinds.get(kind) for name, kind in DATES.items()}
    if owned := facts.equipment:
        values |= {
            "equipment_days": owned.days,
            "equipment_rental": typed_amount(owned.rental_cents),
            "equipment_purchase": typed_amount(owned.purchase_cents),
            "equipment_frequency": owned.frequency,
            "certification": owned.certification,
            "months_needed": owned.months_needed,
        }
    return values | dict(_condition_values(facts))


def equipment(reader: Reader, suffix: str) -> Equipment | None:
    if not any(reader.text(f"{name}{suffix}") for name in _NAMES):
        return None
    return Equipment(
        days=reader.decimal_needed(f"equipment_days{suffix}", "Give how many days, as 30."),
        rental_cents=_price(reader, f"equipment_rental{suffix}"),
        purchase_cents=_price(reader, f"equipment_purchase{suffix}"),
        frequency=reader.one_of_if_any(f"equipment_frequency{suffix}", RENTED_BY) or "",
        certification=reader.one_of_if_any(f"certification{suffix}", CERTIFICATIONS),
        months_needed=reader.decimal(f"months_needed{suffix}", "Give months, as 12."),
    )


def dates(reader: Reader, suffix: str, held: LineFacts) -> tuple[ClaimDate, ...]:
    found = {kind: reader.date_if_any(f"{name}{suffix}") for name, kind in DATES.items()}
    others = (each for each in held.dates if each.kind not in found)
    return (*(ClaimDate(kind=kind, on=on) for kind, on in found.items() if on), *others)


def conditions(reader: Reader, suffix: str, held: LineFacts) -> tuple[ConditionIndicator, ...]:
    others = (each for each in held.conditions if each.category not in _OWN)
    return (*_conditions(reader, suffix), *others)


def carried(reader: Reader, suffix: str) -> int | None:
    name = f"carried{suffix}"
    return reader.number(name, least=1, most=9) if reader.text(name) else None


def _condition_values(facts: LineFacts) -> Iterator[tuple[str, object]]:
    for each in facts.conditions:
        if each.category is ConditionCategory.EQUIPMENT:
            yield from ((f"equipment_is_{code}", "yes") for code in each.codes)
        if each.category is ConditionCategory.HOSPICE:
            yield "hospice", "yes" if each.applies else "no"


def _conditions(reader: Reader, suffix: str) -> Iterator[ConditionIndicator]:
    if states := ticked(reader, "equipment_is_", EQUIPMENT_STATES, suffix):
        yield condition(ConditionCategory.EQUIPMENT, states)
    if employs := reader.one_of_if_any(f"hospice{suffix}", HOSPICE):
        yield condition(ConditionCategory.HOSPICE, (HOSPICE_EMPLOYS,), applies=employs == "yes")


def _price(reader: Reader, name: str) -> int:
    words = "Give an amount, as 25.00; 0 for none."
    cents = reader.cents_if_any(name, words)
    if cents is None:
        reader.refuse(name, words)
    return cents or 0
