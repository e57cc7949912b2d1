"""The segments of an interchange that speak of certain claims, and no others, with their
numbers."""

from itertools import pairwise

ISA_LENGTH = 106
# A segment with one of these tags begins what belongs to somebody else.
_HEADS = frozenset({"HL", "CLP", "SE", "PLB", "GE", "ST"})


def excerpt(content: bytes, names: set[str]) -> list[tuple[int, str]]:
    """(segment number, text) of each loop that names one of the patient control numbers."""
    segments = _segments(content)
    found: list[tuple[int, str]] = []
    for start, end in _loops(segments):
        loop = segments[start:end]
        if any(names & set(text.replace(":", "*").split("*")) for text in loop):
            found += [(start + n + 1, text) for n, text in enumerate(loop)]
    return found


def _segments(content: bytes) -> list[str]:
    text = content.decode("ascii", "replace")
    if not text.startswith("ISA") or len(text) < ISA_LENGTH:
        return []
    element, terminator = text[3], text[ISA_LENGTH - 1]
    parts = (part.strip() for part in text.split(terminator))
    return [part.replace(element, "*") for part in parts if part]


def _loops(segments: list[str]) -> list[tuple[int, int]]:
    heads = [n for n, text in enumerate(segments) if text.split("*", 1)[0] in _HEADS]
    return list(pairwise([*heads, len(segments)]))
