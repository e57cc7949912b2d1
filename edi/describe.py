"""A file as a tree that a person reads: every segment in its depth, named in our own words."""

from collections.abc import Iterator
from dataclasses import dataclass

from edi.assembly import unwrap
from edi.envelope import Group, Interchange, TransactionSet
from edi.segment_words import QUALIFIED, SEGMENTS
from edi.segments import Segment

# How deep a segment that opens a loop stands below its transaction set; others stand one deeper.
_OPENS = {"CLP": 1, "CLM": 1, "SVC": 2, "LX": 2, "SBR": 1, "EB": 1, "AK2": 0, "IK3": 1, "IK4": 2}
_SET_DEPTH = 2


@dataclass(frozen=True, kw_only=True)
class Node:
    """One segment. `number` counts in its set, so that an IK302 leads straight to it."""

    depth: int
    number: int
    segment_id: str
    title: str
    elements: tuple[str, ...]
    """As sent, the first is at place 1; may be patient data."""


def describe(data: bytes) -> tuple[Node, ...]:
    """All segments of all interchanges in order; empty when the bytes hold no ISA."""
    return tuple(node for interchange in unwrap(data) for node in _interchange(interchange))


def title(segment: Segment) -> str:
    """`NM1*PR` is the payer, `NM1` alone a name; an unknown segment says so."""
    qualified = QUALIFIED.get((segment.id, segment.part(1, 1)))
    return qualified or SEGMENTS.get(segment.id, "segment without a name here")


def _interchange(interchange: Interchange) -> Iterator[Node]:
    segments = interchange.segments
    yield _node(segments[0], 0)
    for ack in interchange.acks:
        yield _node(ack, 1)
    for group in interchange.groups:
        yield from _group(group)
    if segments[-1].id == "IEA":
        yield _node(segments[-1], 0)


def _group(group: Group) -> Iterator[Node]:
    yield _node(group.header, 1)
    for one in group.sets:
        yield from _set(one)
    if group.trailer is not None:
        yield _node(group.trailer, 1)


def _set(one: TransactionSet) -> Iterator[Node]:
    base = depth = 0
    levels: dict[str, int] = {}
    for segment in one.segments:
        if segment.id == "HL":
            base = levels.get(segment.at(2), 0) + 1
            levels[segment.at(1)] = base
            depth = base
        elif segment.id in _OPENS:
            depth = base + _OPENS[segment.id]
        elif segment.id in ("SE", "PLB", "AK9"):
            base = depth = 0
        opens = segment.id in _OPENS or segment.id in ("HL", "ST", "SE", "PLB", "AK9")
        yield _node(segment, _SET_DEPTH + depth + (0 if opens else 1))


def _node(segment: Segment, depth: int) -> Node:
    return Node(
        depth=depth,
        number=segment.number,
        segment_id=segment.id,
        title=title(segment),
        elements=segment.elements[1:],
    )
