"""Envelopes, counted and compared in this one place, both when written and when read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from edi.errors import Finding, about, element_name
from edi.segments import RawInterchange, Segment, Separators, interchanges_of, text_of

_BETWEEN_SETS = frozenset({"ISA", "GS", "ST", "GE", "IEA"})


class Usage(StrEnum):
    TEST = "T"
    PRODUCTION = "P"


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Everything around what we send. The caller numbers it, so that same input is same bytes."""

    sender_id: str
    sender_name: str
    contact_name: str
    contact_phone: str
    receiver_id: str
    receiver_name: str
    interchange_control: int
    group_control: int
    set_control: int
    written_at: dt.datetime
    usage: Usage


@dataclass(frozen=True, kw_only=True)
class TransactionSet:
    """ST to SE of one set, renumbered so that ST is 1."""

    set_id: str
    control_number: str
    version: str
    segments: tuple[Segment, ...]
    findings: tuple[Finding, ...]

    @property
    def body(self) -> tuple[Segment, ...]:
        """Without ST and SE."""
        return self.segments[1:-1] if self.segments[-1].id == "SE" else self.segments[1:]


@dataclass(frozen=True, kw_only=True)
class Group:
    functional_id: str
    control_number: str
    version: str
    header: Segment
    trailer: Segment | None
    sets: tuple[TransactionSet, ...]


@dataclass(frozen=True, kw_only=True)
class Interchange:
    """ISA to IEA. With findings of its own, none of its sets may be used."""

    sender_id: str
    receiver_id: str
    control_number: str
    usage: str
    separators: Separators
    segments: tuple[Segment, ...]
    acks: tuple[Segment, ...]
    groups: tuple[Group, ...]
    findings: tuple[Finding, ...]


def unwrap(data: bytes) -> tuple[Interchange, ...]:
    """Every interchange of the bytes; none when there is no ISA."""
    return tuple(_interchange(raw) for raw in interchanges_of(text_of(data)))


def _interchange(raw: RawInterchange) -> Interchange:
    header, trailer = raw.segments[0], raw.segments[-1]
    groups, findings = _groups(raw.segments)
    acks = tuple(segment for segment in raw.segments if segment.id == "TA1")
    return Interchange(
        sender_id=header.at(6).strip(),
        receiver_id=header.at(8).strip(),
        control_number=header.at(13),
        usage=header.at(15),
        separators=raw.separators,
        segments=raw.segments,
        acks=acks,
        groups=groups,
        findings=tuple(
            replace(found, interchange_control=header.at(13))
            for found in (*findings, *_trailer_findings(header, trailer, groups))
        ),
    )


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


class _Assembly:
    """Sorts an interchange into groups and sets; what fits nowhere is a finding."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.groups: list[Group] = []
        self._header: Segment | None = None
        self._sets: list[TransactionSet] = []
        self._inside: list[Segment] = []

    def take(self, segment: Segment) -> None:
        if self._inside and segment.id not in _BETWEEN_SETS:
            self._inside.append(segment)
            if segment.id == "SE":
                self._end_set()
            return
        self.end_unfinished_set()
        self._take_between(segment)

    def end_unfinished_set(self) -> None:
        if self._inside:
            self.findings.append(about(self._inside[-1], "This is where a set without SE ends."))
            self._end_set()

    def end_unfinished_group(self) -> None:
        if self._header is not None:
            self.findings.append(about(self._header, "This group has no GE."))
            self._end_group(self._header, None)

    def _take_between(self, segment: Segment) -> None:
        match segment.id:
            case "GS":
                self.end_unfinished_group()
                self._header = segment
            case "ST" if self._header is not None:
                self._inside = [segment]
            case "GE" if self._header is not None:
                self.findings += _group_findings(self._header, segment, self._sets)
                self._end_group(self._header, segment)
            case "IEA" | "TA1":
                pass
            case _:
                self.findings.append(about(segment, "This segment stands outside any set."))

    def _end_set(self) -> None:
        self._sets.append(_set(self._inside))
        self._inside = []

    def _end_group(self, header: Segment, trailer: Segment | None) -> None:
        self.groups.append(_group(header, trailer, self._sets))
        self._header, self._sets = None, []


def _groups(segments: Sequence[Segment]) -> tuple[tuple[Group, ...], list[Finding]]:
    assembly = _Assembly()
    for segment in segments[1:]:
        assembly.take(segment)
    assembly.end_unfinished_set()
    assembly.end_unfinished_group()
    return tuple(assembly.groups), assembly.findings


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


def _set(segments: Sequence[Segment]) -> TransactionSet:
    """A set that lacks its SE is kept for showing; the interchange's finding bars its use."""
    numbered = tuple(
        Segment(place, each.elements, each.separators) for place, each in enumerate(segments, 1)
    )
    start, end = numbered[0], numbered[-1]
    findings = []
    if end.id == "SE":
        findings += _same(end, 2, start.at(2), "ST02")
        findings += _count(end, 1, len(numbered), "segments")
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
