"""Interchanges, groups and sets put together; here alone their counts and numbers are compared."""

from collections.abc import Sequence
from dataclasses import replace

from edi import nul
from edi.cutting import Cutter, blocks_of
from edi.envelope import Group, Interchange, TransactionSet
from edi.errors import Finding, about, element_name
from edi.segments import Segment, Separators

BETWEEN_SETS = frozenset({"ISA", "GS", "ST", "GE", "IEA"})


def unwrap(data: bytes) -> tuple[Interchange, ...]:
    """Every interchange of the bytes with all its segments; none when there is no ISA."""
    found = []
    cutter = Cutter(blocks_of(data))
    while (separators := cutter.header()) is not None:
        found.append(_whole(cutter, separators))
    return tuple(found)


def _whole(cutter: Cutter, separators: Separators) -> Interchange:
    assembly, segments = Assembly(separators), list[Segment]()
    for texts in cutter.segments(separators):
        for text in texts:
            if nul.is_in(text, separators):
                assembly.doubt(nul.doubt(len(segments) + 1, text, separators))
            elements = tuple(nul.shown(text, separators).split(separators.element))
            segments.append(Segment(len(segments) + 1, elements, separators))
            assembly.take(segments[-1])
    return replace(assembly.end(), segments=tuple(segments))


class Assembly:
    """Sorts one interchange into groups and sets; what fits nowhere is a finding."""

    def __init__(self, separators: Separators) -> None:
        self._separators = separators
        self._findings: list[Finding] = []
        self._groups: list[Group] = []
        self._acks: list[Segment] = []
        self._first: Segment | None = None
        self._last = Segment(0, ("",), separators)
        self._header: Segment | None = None
        self._sets: list[TransactionSet] = []
        self._inside: list[Segment] = []
        self._passed = 0

    @property
    def opening(self) -> Segment | None:
        """The ST of the set in which we are."""
        return self._inside[0] if self._inside else None

    @property
    def first(self) -> Segment:
        """The ISA."""
        return self._first or self._last

    def doubt(self, *findings: Finding) -> None:
        self._findings += findings

    def take(self, segment: Segment) -> None:
        if segment.id == "TA1":
            self._acks.append(segment)
        if self._first is None:
            self._first = segment
        elif self._inside and segment.id not in BETWEEN_SETS:
            self._inside.append(segment)
            if segment.id == "SE":
                self._end_set()
        else:
            self._end_unfinished_set()
            self._take_between(segment)
        self._last = segment

    def pass_by(self, count: int, last: Segment | None = None) -> None:
        """Count segments inside the open set that are kept elsewhere, if at all. `last` may be left
        out where others of this set are to follow."""
        self._passed += count
        self._last = last or self._last

    def end(self) -> Interchange:
        """The interchange without its segments."""
        self._end_unfinished_set()
        self._end_unfinished_group()
        findings = [*self._findings, *_trailer_findings(self.first, self._last, self._groups)]
        control_number = self.first.at(13)
        return Interchange(
            sender_id=self.first.at(6).strip(),
            receiver_id=self.first.at(8).strip(),
            control_number=control_number,
            usage=self.first.at(15),
            separators=self._separators,
            segments=(),
            acks=tuple(self._acks),
            groups=tuple(self._groups),
            findings=tuple(
                replace(found, interchange_control=control_number) for found in findings
            ),
        )

    def _end_unfinished_set(self) -> None:
        if self._inside:
            self._findings.append(about(self._last, "This is where a set without SE ends."))
            self._end_set()

    def _end_unfinished_group(self) -> None:
        if self._header is not None:
            self._findings.append(about(self._header, "This group has no GE."))
            self._end_group(self._header, None)

    def _take_between(self, segment: Segment) -> None:
        match segment.id:
            case "GS":
                self._end_unfinished_group()
                self._header = segment
            case "ST" if self._header is not None:
                self._inside = [segment]
            case "GE" if self._header is not None:
                self._findings += _group_findings(self._header, segment, self._sets)
                self._end_group(self._header, segment)
            case "IEA" | "TA1":
                pass
            case _:
                self._findings.append(about(segment, "This segment stands outside any set."))

    def _end_set(self) -> None:
        self._sets.append(_set(self._inside, self._passed))
        self._inside, self._passed = [], 0

    def _end_group(self, header: Segment, trailer: Segment | None) -> None:
        self._groups.append(_group(header, trailer, self._sets))
        self._header, self._sets = None, []


def _trailer_findings(
    header: Segment, trailer: Segment, groups: Sequence[Group]
) -> Sequence[Finding]:
    if trailer.id != "IEA":
        return [about(trailer, "The file ends before its IEA: it was cut short.")]
    return [
        *_same(trailer, 2, header.at(13), "ISA13"),
        *_count(trailer, 1, len(groups), "groups"),
        *_distinct(groups),
    ]


def _distinct(groups: Sequence[Group]) -> list[Finding]:
    seen: set[str] = set()
    found = []
    for group in groups:
        if group.control_number in seen:
            found.append(about(group.header, "GS06 repeats that of an earlier group."))
        seen.add(group.control_number)
    return found


def _group(header: Segment, trailer: Segment | None, sets: Sequence[TransactionSet]) -> Group:
    return Group(
        functional_id=header.at(1),
        control_number=header.at(6),
        version=header.at(8),
        header=header,
        trailer=trailer,
        sets=tuple(sets),
    )


def _group_findings(
    header: Segment, trailer: Segment, sets: Sequence[TransactionSet]
) -> list[Finding]:
    controls = [each.control_number for each in sets]
    found = [
        *_same(trailer, 2, header.at(6), "GS06"),
        *_count(trailer, 1, len(sets), "transaction sets"),
    ]
    if len(set(controls)) < len(controls):
        found.append(about(header, "Two sets of this group carry the same ST02."))
    return found


def _set(segments: Sequence[Segment], passed: int) -> TransactionSet:
    """A set that lacks its SE is kept for showing; the interchange's finding bars its use. What was
    passed by stood between its ST and what follows."""
    opening, *others = segments
    numbered = (
        Segment(1, opening.elements, opening.separators),
        *(
            Segment(place, each.elements, each.separators)
            for place, each in enumerate(others, passed + 2)
        ),
    )
    start, end = numbered[0], numbered[-1]
    findings = []
    if end.id == "SE":
        findings += _same(end, 2, start.at(2), "ST02")
        findings += _count(end, 1, passed + len(numbered), "segments")
    return TransactionSet(
        set_id=start.at(1),
        control_number=start.at(2),
        version=start.at(3),
        segments=numbered,
        findings=tuple(replace(found, set_control=start.at(2)) for found in findings),
    )


def _same(trailer: Segment, place: int, opened: str, name: str) -> list[Finding]:
    closed = trailer.at(place)
    if closed == opened:
        return []
    where = element_name(trailer, place)
    words = f"{where} says {closed[:15]!r}, but {name} said {opened[:15]!r}."
    return [about(trailer, words, place)]


def _count(trailer: Segment, place: int, counted: int, what: str) -> list[Finding]:
    stated = trailer.at(place)
    if stated.isascii() and stated.isdigit() and int(stated[:12]) == counted:
        return []
    where = element_name(trailer, place)
    return [about(trailer, f"{where} says {stated[:12]!r} {what}; there are {counted}.", place)]
