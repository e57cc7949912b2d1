"""The words of a note on which a code rests: marked once each, numbered, and findable from the
code."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.questions import FactSection, Question


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of a note; `number` is its mark, None for the words between marks."""

    text: str
    number: int | None = None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Pieces by section title, and the numbers of the marks for each value."""

    pieces: dict[str, tuple[Piece, ...]]
    numbers: dict[str, tuple[int, ...]]


def of(question: Question) -> Evidence:
    pieces: dict[str, tuple[Piece, ...]] = {}
    numbers: dict[str, tuple[int, ...]] = {}
    count = 0
    for section in question.sections:
        if section.text:
            spans = _spans(section)
            pieces[section.title] = tuple(_pieces(section.text, sorted(spans), count))
            for number, span in enumerate(sorted(spans), count + 1):
                for value in spans[span]:
                    numbers[value] = (*numbers.get(value, ()), number)
            count += len(spans)
    return Evidence(pieces=pieces, numbers=numbers)


def _spans(section: FactSection) -> dict[tuple[int, int], list[str]]:
    """Values by span. A span that would cut another one is that one's: marks never overlap."""
    found: dict[tuple[int, int], list[str]] = {}
    for start, end, value in sorted(section.evidence, key=lambda e: (e[0], -e[1])):
        if not 0 <= start < end <= len(section.text):
            continue
        cut = next((span for span in found if start < span[1] and end > span[0]), None)
        found.setdefault(cut or (start, end), []).append(value)
    return found


def _pieces(text: str, spans: Sequence[tuple[int, int]], count: int) -> list[Piece]:
    found, at = [], 0
    for number, (start, end) in enumerate(spans, count + 1):
        found += [Piece(text=text[at:start]), Piece(text=text[start:end], number=number)]
        at = end
    return [*found, Piece(text=text[at:])]
