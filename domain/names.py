"""What tells apart people of one first and last name: further given names, and the generation."""

from collections.abc import Iterable

# What NM105 and NM107 hold.
MIDDLE_MAX, SUFFIX_MAX = 25, 10
_GENERATIONS = {"JR": "Jr", "SR": "Sr", "II": "II", "III": "III", "IV": "IV", "V": "V"}


def middle_of(given: Iterable[str]) -> str | None:
    """Further given names as one middle name: as many whole ones as a claim has room for, since
    a part of a name is another name."""
    middle = ""
    for name in given:
        longer = f"{middle} {name}".strip()
        if len(longer) > MIDDLE_MAX:
            break
        middle = longer
    return middle or None


def generation(suffix: str) -> str | None:
    """Jr, Sr or II to V, written in one way whatever its dots and capitals; None of anything else,
    such as a degree."""
    return _GENERATIONS.get(suffix.replace(".", "").strip().upper())
