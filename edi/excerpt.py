"""The segments of an interchange that speak of certain claims, and no others, with their
numbers."""

from dataclasses import dataclass
from itertools import pairwise

ISA_LENGTH = 106
# A segment with one of these tags begins what belongs to somebody else.
_HEADS = frozenset({"HL", "CLP", "SE", "PLB", "GE", "ST"})


@dataclass(frozen=True, kw_only=True)
class _Written:
    """A file's segments as they stand, and the two characters that part them."""

    segments: tuple[str, ...]
    element: str
    terminator: str

    def elements(self, place: int) -> list[str]:
        return self.segments[place].split(self.element)


def excerpt(content: bytes, names: set[str]) -> list[tuple[int, str]]:
    """(segment number, text) of each loop that names one of the patient control numbers, with our
    usual separator."""
    written = _read(content)
    return [(n + 1, "*".join(written.elements(n))) for n in _places(written, names)]


def verbatim(content: bytes, names: set[str]) -> list[tuple[int, str]]:
    """The same as they were written, terminators included."""
    written = _read(content)
    return [
        (n + 1, f"{written.segments[n]}{written.terminator.strip()}")
        for n in _places(written, names)
    ]


def _places(written: _Written, names: set[str]) -> list[int]:
    found: list[int] = []
    for start, end in _loops(written):
        texts = (part for n in range(start, end) for part in written.elements(n))
        if any(names & {text, *text.split(":")} for text in texts):
            found += range(start, end)
    return found


def _read(content: bytes) -> _Written:
    text = content.decode("ascii", "replace")
    if not text.startswith("ISA") or len(text) < ISA_LENGTH:
        return _Written(segments=(), element="*", terminator="~")
    element, terminator = text[3], text[ISA_LENGTH - 1]
    parts = (part.strip() for part in text.split(terminator))
    return _Written(
        segments=tuple(part for part in parts if part), element=element, terminator=terminator
    )


def _loops(written: _Written) -> list[tuple[int, int]]:
    every = range(len(written.segments))
    heads = [n for n in every if written.elements(n)[0] in _HEADS]
    return list(pairwise([*heads, len(written.segments)]))
