"""Text cut into segments by the separators that each ISA declares, whoever wrote it and however."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

# A header is 106 characters; some senders do not pad it. Sixteen separators further apart than
# this are prose that happens to hold the letters ISA.
_HEADER_CHARACTERS_MAX = 160
_HEADER_START = re.compile(r"ISA([^A-Za-z0-9 \r\n\t])")
# `ISA*00*`, or as much of that as is left at the end of a file that was cut short.
_HEADER_BEGINNING = re.compile(
    rb"(?<![A-Za-z0-9])ISA([^A-Za-z0-9 \r\n\t])(?:[0-9]{2}\1|[0-9]{0,2}\Z)"
)
# Within a header it means that this one was cut short, and that the next file begins here.
_ANOTHER_HEADER = re.compile(r"[^A-Za-z0-9]ISA\Z")
_HEADER_ELEMENTS = 16
_REPETITION_PLACE = 11
_BLANKS = "\r\n\t "


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


@dataclass(frozen=True, kw_only=True)
class RawInterchange:
    """ISA to IEA, or to where the text stopped."""

    separators: Separators
    segments: tuple[Segment, ...]
    last_is_terminated: bool


def text_of(data: bytes) -> str:
    """UTF-8 if it is that, else Latin-1, which takes any byte; a mark of byte order is dropped."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def interchanges_of(text: str) -> Iterator[RawInterchange]:
    """Every interchange of the text, in order. What stands between them is not ours to read."""
    cursor = 0
    while (header := _next_header(text, cursor)) is not None:
        start, separators = header
        raw, cursor = _read_interchange(text, start, separators)
        yield raw


def lost_headers(data: bytes, *, found: int) -> int:
    """How many headers begin and are not whole: with them an interchange is lost, and nothing else
    would say so. `found`: the interchanges of these bytes."""
    return max(0, len(_HEADER_BEGINNING.findall(data)) - found)


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


def _next_header(text: str, cursor: int) -> tuple[int, Separators] | None:
    for match in _HEADER_START.finditer(text, cursor):
        separators = _separators_at(text, match.start(), match[1])
        if separators is not None:
            return match.start(), separators
    return None


def _separators_at(text: str, start: int, element: str) -> Separators | None:
    pieces = text[start : start + _HEADER_CHARACTERS_MAX].split(element, _HEADER_ELEMENTS)
    last = pieces[-1][:2]
    if len(pieces) <= _HEADER_ELEMENTS or len(last) < len(":~"):
        return None
    component, terminator = last[0], last[1]
    if component.isalnum() or terminator.isalnum() or " " in last or terminator == element:
        return None
    if any(_ANOTHER_HEADER.search(piece) for piece in pieces[1:_HEADER_ELEMENTS]):
        return None
    repetition = pieces[_REPETITION_PLACE]
    is_separator = len(repetition) == 1 and not repetition.isalnum() and repetition != " "
    return Separators(
        element=element,
        component=component,
        repetition=repetition if is_separator else None,
        terminator=terminator,
    )


def _read_interchange(text: str, start: int, separators: Separators) -> tuple[RawInterchange, int]:
    """Stops after IEA, before another ISA, or at the end of the text."""
    segments: list[Segment] = []
    cursor, is_terminated = start, True
    while cursor < len(text):
        end = text.find(separators.terminator, cursor)
        is_terminated = end >= 0
        piece = text[cursor:end] if is_terminated else text[cursor:]
        following = _header_within(text, cursor, piece) if segments and "ISA" in piece else None
        if following is not None:
            piece, is_terminated = text[cursor:following], False
        cleaned = _without_line_ends(piece)
        cursor = end + 1 if is_terminated else following or len(text)
        if cleaned:
            elements = tuple(cleaned.split(separators.element))
            segments.append(Segment(len(segments) + 1, elements, separators))
        if cleaned.startswith("IEA") or following is not None:
            break
    raw = RawInterchange(
        separators=separators, segments=tuple(segments), last_is_terminated=is_terminated
    )
    return raw, max(cursor, start + 1)


def _header_within(text: str, cursor: int, piece: str) -> int | None:
    """Where the next interchange begins, perhaps with separators of its own: at the start of the
    piece, or on a new line inside it when the one before was cut short."""
    for match in _HEADER_START.finditer(text, cursor, cursor + len(piece)):
        before = text[cursor : match.start()]
        if (before.strip(_BLANKS) == "" or before[-1] in "\r\n") and _separators_at(
            text, match.start(), match[1]
        ):
            return match.start()
    return None


def _without_line_ends(piece: str) -> str:
    """Line ends may stand after a terminator, or anywhere when a file was wrapped to a width."""
    if "\n" in piece or "\r" in piece:
        piece = piece.replace("\r", "").replace("\n", "")
    return piece.lstrip(_BLANKS)
