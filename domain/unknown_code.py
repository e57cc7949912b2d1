"""A code of a sender that we do not know: kept as it was sent, and never taken for one we know."""

import re

# What X12 allows a code of one or two characters to be; anything else is damage.
_SHAPE = re.compile(r"[A-Z0-9]{1,2}", re.ASCII)


class UnknownCode(str):
    __slots__ = ()


def unknown(text: str) -> UnknownCode | None:
    """None where the text cannot be a code at all."""
    return UnknownCode(text) if _SHAPE.fullmatch(text) else None


def told(element: str, code: str, segment: int) -> str:
    return f"{element} says {code!r} (segment {segment}), a code that nobody here knows."
