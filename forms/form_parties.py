"""People and places of a claim as both forms say them."""

from domain.correspondence import MailingAddress, hyphened
from domain.parties import Address, OtherProvider, PersonName, ServiceFacility


def last_name(name: PersonName) -> str:
    """With what follows it: a form has no box for Jr."""
    return " ".join(part for part in (name.last, name.suffix) if part)


def street(address: Address) -> str:
    return " ".join(part for part in (address.line1, address.line2) if part)


def envelope(name: str, address: Address) -> MailingAddress:
    return MailingAddress(
        name=name,
        street=address.line1,
        street_2=address.line2 or "",
        city=address.city,
        state=address.state,
        zip_code=address.postal_code,
    )


def facility_envelope(facility: ServiceFacility) -> MailingAddress:
    return envelope(facility.name, facility.address)


def place(address: MailingAddress) -> str:
    return f"{address.city} {address.state} {hyphened(address.zip_code)}"


def spoken(provider: OtherProvider) -> str:
    """First, middle, last: as a person is called."""
    parts = (provider.first, provider.middle, provider.last, provider.suffix)
    return " ".join(part for part in parts if part)
