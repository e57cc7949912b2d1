"""Segments and their elements, by the separators of the interchange that they came in."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Separators:
    element: str = "*"
    component: str = ":"
    repetition: str | None = "^"
    """None when ISA11 is a letter or digit: the 4010 habit of writing U there."""
    terminator: str = "~"


OURS = Separators()


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment. `number` counts within its set (ST is 1), or else within its interchange."""

    number: int
    elements: tuple[str, ...]
    separators: Separators = OURS

    @property
    def id(self) -> str:
        return self.elements[0]

    def at(self, place: int) -> str:
        """Element by its X12 place (CLM01 is `at(1)`); empty when it was not sent."""
        return self.elements[place] if place < len(self.elements) else ""

    def parts(self, place: int) -> tuple[str, ...]:
        """Components of an element, without the empty ones at its end."""
        return tuple(self.at(place).rstrip(self.separators.component).split(self._component))

    def part(self, place: int, component: int) -> str:
        """Component by its X12 place (SVC01-2 is `part(1, 2)`)."""
        parts = self.parts(place)
        return parts[component - 1] if component <= len(parts) else ""

    def repeats(self, place: int) -> tuple[str, ...]:
        """The repetitions of an element, without the empty ones."""
        text, separator = self.at(place), self.separators.repetition
        return tuple(filter(None, text.split(separator) if separator else [text]))

    @property
    def _component(self) -> str:
        return self.separators.component


def loops(
    segments: Sequence[Segment], starts: Collection[str]
) -> tuple[list[Segment], list[list[Segment]]]:
    """What stands before the first start, then one list from each start to the next."""
    head: list[Segment] = []
    found: list[list[Segment]] = []
    for segment in segments:
        if segment.id in starts:
            found.append([segment])
        elif found:
            found[-1].append(segment)
        else:
            head.append(segment)
    return head, found


def first(segments: Sequence[Segment], *elements: str) -> Segment | None:
    """The first segment that begins with these elements, `first(head, "NM1", "PR")`."""
    return next(each(segments, *elements), None)


def each(segments: Sequence[Segment], *elements: str) -> Iterator[Segment]:
    """All segments that begin with these elements."""
    size = len(elements)
    return (segment for segment in segments if segment.elements[:size] == elements)


def reference(segments: Sequence[Segment], qualifier: str) -> str | None:
    """What the first REF of this qualifier holds."""
    found = first(segments, "REF", qualifier)
    return (found.at(2) or None) if found else None
