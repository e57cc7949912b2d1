"""The fields of a transport: why, how far, from where and to where, and what is certified of it."""

from domain.care_codes import TRANSPORT_REASONS
from domain.claim_details import Ambulance, AmbulancePlaces
from domain.claim_facts import ClaimFacts
from web import address_fields
from web.forms import Reader

FROM, TO = "ambulance_from", "ambulance_to"
_NAMES = ("reason", "miles", "weight", "round_trip", "stretcher")


def filled(facts: ClaimFacts) -> dict[str, object]:
    values: dict[str, object] = {}
    if transport := facts.ambulance:
        values |= {
            "ambulance_reason": transport.reason,
            "ambulance_miles": transport.miles,
            "ambulance_weight": transport.weight_pounds,
            "ambulance_round_trip": transport.round_trip_purpose,
            "ambulance_stretcher": transport.stretcher_purpose,
        }
    if places := facts.ambulance_places:
        values |= address_fields.filled(FROM, places.picked_up_at)
        values |= address_fields.filled(TO, places.brought_to)
        values["ambulance_to_name"] = places.brought_to_name
    return values


def ambulance(reader: Reader) -> Ambulance | None:
    if not any(reader.text(f"ambulance_{name}") for name in _NAMES):
        return None
    return Ambulance(
        reason=reader.one_of_if_any("ambulance_reason", TRANSPORT_REASONS) or "",
        miles=reader.decimal_needed("ambulance_miles", "Give the miles, as 12.5."),
        weight_pounds=reader.decimal("ambulance_weight", "Give pounds, as 180."),
        round_trip_purpose=reader.text("ambulance_round_trip") or None,
        stretcher_purpose=reader.text("ambulance_stretcher") or None,
    )


def places(reader: Reader) -> AmbulancePlaces | None:
    name = reader.text("ambulance_to_name")
    if not (name or any(address_fields.is_told(reader, start) for start in (FROM, TO))):
        return None
    return AmbulancePlaces(
        picked_up_at=address_fields.read(reader, FROM),
        brought_to=address_fields.read(reader, TO),
        brought_to_name=name or None,
    )
