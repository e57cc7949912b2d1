"""An address of a row as it stands on an envelope."""

from collections.abc import Mapping

from domain.correspondence import MailingAddress
from domain.parties import Address


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
