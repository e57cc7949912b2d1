"""The fields of an address: what is held fills them, and what a form says of it."""

from domain.parties import Address
from web.forms import Reader

_PARTS = ("street", "city", "state", "zip")


def is_told(reader: Reader, start: str, suffix: str = "") -> bool:
    return any(reader.text(f"{start}_{part}{suffix}") for part in _PARTS)


def read(reader: Reader, start: str, suffix: str = "") -> Address:
    typed = {part: reader.text(f"{start}_{part}{suffix}") for part in _PARTS}
    return Address(
        line1=typed["street"],
        city=typed["city"],
        state=typed["state"].upper(),
        postal_code="".join(sign for sign in typed["zip"] if sign.isdigit()),
    )


def filled(start: str, address: Address) -> dict[str, object]:
    values = (address.line1, address.city, address.state, address.postal_code)
    return {f"{start}_{part}": value for part, value in zip(_PARTS, values, strict=True)}
