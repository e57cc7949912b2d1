"""The segments of a file that speak of certain claims, and no others, with their numbers: cut as
the file was when it was read, whatever stands before it and however its lines are broken."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from domain.acknowledgments import AckSource
from edi import nul
from edi.cutting import Cutter, blocks_of
from edi.segments import Segment, Separators, first
from edi.x277ca import CLEARINGHOUSE

# A segment with one of these tags begins what belongs to somebody else.
_HEADS = frozenset({"HL", "CLP", "SE", "PLB", "GE", "ST"})
_SOURCE_LEVEL = "20"


@dataclass(frozen=True, kw_only=True)
class _Loop:
    """From one head to the next. Its segments count from the start of the file."""

    segments: tuple[Segment, ...]
    source: AckSource | None
    """Who speaks, where it stands below the source of an answer (HL 20)."""

    def names(self, names: set[str]) -> bool:
        texts = (text for segment in self.segments for text in segment.elements)
        return any(names & {text, *self._parts(text)} for text in texts)

    def _parts(self, text: str) -> Iterator[str]:
        separators = self.segments[0].separators
        repeats = text.split(separators.repetition) if separators.repetition else [text]
        return chain.from_iterable(each.split(separators.component) for each in repeats)


def excerpt(content: bytes, names: set[str]) -> list[tuple[int, str]]:
    """(segment number, text) of each loop that names one of the patient control numbers, with our
    usual separator."""
    return [
        (segment.number, "*".join(segment.elements))
        for loop in _loops(content)
        if loop.names(names)
        for segment in loop.segments
    ]


def verbatim(
    content: bytes, names: set[str], *, source: AckSource | None = None
) -> list[tuple[int, str]]:
    """The same as they were written, terminators included; where a source is given, what it says
    alone, since one file may hold the words of several about one claim."""
    return [
        (segment.number, _written(segment))
        for loop in _loops(content)
        if loop.names(names) and source in (None, loop.source)
        for segment in loop.segments
    ]


def _written(segment: Segment) -> str:
    separators = segment.separators
    return f"{separators.element.join(segment.elements)}{separators.terminator.strip()}"


def _loops(content: bytes) -> Iterator[_Loop]:
    cutter, number = Cutter(blocks_of(content)), 0
    while (separators := cutter.header()) is not None:
        source = None
        for segments in _cut(_segments(cutter, separators, number)):
            number = segments[-1].number
            source = _source(segments, source)
            if segments[0].id in _HEADS:
                yield _Loop(segments=segments, source=source)


def _segments(cutter: Cutter, separators: Separators, before: int) -> Iterator[Segment]:
    texts = chain.from_iterable(cutter.segments(separators))
    for number, text in enumerate(texts, before + 1):
        elements = nul.shown(text, separators).split(separators.element)
        yield Segment(number, tuple(elements), separators)


def _cut(segments: Iterator[Segment]) -> Iterator[tuple[Segment, ...]]:
    """Up to each head, and from there to the next."""
    loop: list[Segment] = []
    for segment in segments:
        if loop and segment.id in _HEADS:
            yield tuple(loop)
            loop = []
        loop.append(segment)
    if loop:
        yield tuple(loop)


def _source(loop: tuple[Segment, ...], before: AckSource | None) -> AckSource | None:
    if loop[0].id == "ST":
        return None
    if loop[0].id == "HL" and loop[0].at(3) == _SOURCE_LEVEL:
        is_clearinghouse = first(loop, "NM1", CLEARINGHOUSE) is not None
        return AckSource.CLEARINGHOUSE if is_clearinghouse else AckSource.PAYER
    return before
