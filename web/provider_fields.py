"""The fields of people and places that a claim names beside our own."""

from collections.abc import Mapping

from domain.parties import OtherProvider, ServiceFacility
from web import address_fields
from web.forms import Reader

# (NPI -> last name, first name) of the providers that we know.
Known = Mapping[str, tuple[str, str]]


def provider(reader: Reader, role: str, suffix: str, known: Known) -> OtherProvider | None:
    """The names of one whom we know need not be typed."""
    npi = reader.text(f"{role}_npi{suffix}", most=20)
    last = reader.text(f"{role}_last{suffix}")
    first = reader.text(f"{role}_first{suffix}")
    if not (npi or last or first):
        return None
    known_last, known_first = known.get(npi, ("", ""))
    return OtherProvider(npi=npi, last=last or known_last, first=first or known_first)


def filled(role: str, told: OtherProvider | None) -> dict[str, object]:
    if told is None:
        return {}
    return {f"{role}_npi": told.npi, f"{role}_last": told.last, f"{role}_first": told.first}


def facility(reader: Reader) -> ServiceFacility | None:
    name, npi = reader.text("facility_name"), reader.text("facility_npi")
    if not (name or npi or address_fields.is_told(reader, "facility")):
        return None
    address = address_fields.read(reader, "facility")
    return ServiceFacility(name=name, npi=npi or None, address=address)


def facility_filled(told: ServiceFacility | None) -> dict[str, object]:
    if told is None:
        return {}
    names = {"facility_name": told.name, "facility_npi": told.npi}
    return names | address_fields.filled("facility", told.address)
