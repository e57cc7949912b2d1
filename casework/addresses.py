"""An address of a row: how it is kept, whether a claim can carry it, how an envelope shows it."""

from collections.abc import Mapping

from domain import states
from domain.correspondence import MailingAddress
from domain.parties import Address

ZIP_DIGITS = (5, 9)
CITY_MIN = 2


def keep(
    *, street: str, city: str, state: str, zip_code: str, street_2: str = ""
) -> dict[str, str]:
    """As a row holds it; a ZIP code is its digits."""
    digits = "".join(character for character in zip_code if character.isdigit())
    kept = {
        "line1": street.strip(),
        "city": city.strip(),
        "state": state.strip().upper(),
        "postal_code": digits,
    }
    return {**kept, "line2": street_2.strip()} if street_2.strip() else kept


def is_complete(address: Mapping[str, str]) -> bool:
    """Whether the payer, and the post, can use it."""
    return bool(
        address["line1"]
        and len(address["city"]) >= CITY_MIN
        and states.is_state(address["state"])
        and len(address["postal_code"]) in ZIP_DIGITS
    )


def spoken(address: Mapping[str, str]) -> str:
    """In one line, as people say it."""
    street = ", ".join(part for part in (address["line1"], address.get("line2", "")) if part)
    return f"{street}, {address['city']}, {address['state']} {address['postal_code']}"


def mailing(name: str, address: Mapping[str, str]) -> MailingAddress:
    return MailingAddress(
        name=name,
        street=address["line1"],
        street_2=address.get("line2", ""),
        city=address["city"],
        state=address["state"],
        zip_code=address["postal_code"],
    )


def of_party(name: str, address: Address) -> MailingAddress:
    return MailingAddress(
        name=name,
        street=address.line1,
        street_2=address.line2 or "",
        city=address.city,
        state=address.state,
        zip_code=address.postal_code,
    )
