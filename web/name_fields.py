"""The parts of a person's name that may be left open, no longer than a claim has room for."""

from domain.names import MIDDLE_MAX, SUFFIX_MAX, generation
from web.forms import Reader


def middle(reader: Reader, name: str) -> str | None:
    return reader.text(name, most=MIDDLE_MAX) or None


def suffix(reader: Reader, name: str) -> str | None:
    """A generation as charts have it, so that "JR." and "Jr" are one; else as it is typed."""
    typed = reader.text(name, most=SUFFIX_MAX)
    return generation(typed) or typed or None
