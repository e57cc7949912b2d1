"""999 -> FunctionalAck: which of our transaction sets were taken, and where others are wrong."""

import re
from collections.abc import Iterator, Sequence

from domain.acknowledgments import AckVerdict, FunctionalAck, SetAck, SetError, Trigger
from edi.ack_words import ELEMENT_NOTES, GROUP_NOTES, SEGMENT_NOTES, SET_NOTES, told
from edi.reading import Gather, unread
from edi.segments import Segment, each, first, loops

_PLACE = re.compile(r"[0-9]{1,3}")
_CLAIM_NUMBER = "CLM01"


def decode(body: Sequence[Segment], gather: Gather) -> FunctionalAck | None:
    """None, with findings, when the answer to the group cannot be told."""
    opening, closing = gather.need(body, "AK1"), gather.need(body, "AK9")
    if opening is None or closing is None:
        return None
    _, sets = loops([segment for segment in body if segment.id not in ("AK1", "AK9")], ("AK2",))
    codes = tuple(filter(None, closing.elements[5:10]))
    verdict = gather.open_code(closing, 1, AckVerdict, AckVerdict.REJECTED)
    answers = tuple(_set(one, gather) for one in sets)
    return FunctionalAck(
        group_control_number=gather.text(opening, 2),
        functional_id=opening.at(1),
        version=opening.at(3) or None,
        verdict=verdict,
        sets_included=_count(closing, 2, gather),
        sets_received=_count(closing, 3, gather),
        sets_accepted=_count(closing, 4, gather),
        codes=codes,
        words=tuple(told(GROUP_NOTES, code) for code in codes),
        sets=answers,
        unread=(
            *(
                words
                for one, set_ack in zip(sets, answers, strict=True)
                if (end := _end(one))
                for words in unread(end, 1, set_ack.verdict)
            ),
            *unread(closing, 1, verdict),
        ),
    )


def _count(segment: Segment, place: int, gather: Gather) -> int:
    return int(gather.aside.number_if_any(segment, place) or 0)


def _set(segments: Sequence[Segment], gather: Gather) -> SetAck:
    start, end = segments[0], _end(segments)
    if end is None:
        gather.mind(start, "This set has no IK5, so nobody can tell whether it was taken.")
    codes = tuple(filter(None, end.elements[2:7])) if end else ()
    _, errors = loops(segments[1:], ("IK3",))
    return SetAck(
        control_number=gather.text(start, 2),
        set_id=start.at(1),
        version=start.at(3) or None,
        verdict=gather.open_code(end, 1, AckVerdict, AckVerdict.REJECTED)
        if end
        else AckVerdict.REJECTED,
        codes=codes,
        words=tuple(told(SET_NOTES, code) for code in codes),
        errors=tuple(error for one in errors for error in _errors(one, gather)),
    )


def _end(segments: Sequence[Segment]) -> Segment | None:
    return first(segments, "IK5") or first(segments, "AK5")


def _errors(segments: Sequence[Segment], gather: Gather) -> Iterator[SetError]:
    """One per element complained of, or one for the segment when no element is named."""
    head, elements = loops(segments, ("IK4",))
    for one in elements or [[]]:
        yield _error(head, one, gather)


def _error(head: Sequence[Segment], element: Sequence[Segment], gather: Gather) -> SetError:
    """`head`: IK3 and its CTX; `element`: IK4 and its CTX, or nothing."""
    place, named = head[0], element[0] if element else None
    code = named.at(3) if named else place.at(4)
    said = (*head, *element)
    position = _count(place, 2, gather)
    return SetError(
        segment_position=position,
        segment_id=gather.text(place, 1),
        loop=place.at(3) or None,
        code=code,
        words=told(ELEMENT_NOTES if named else SEGMENT_NOTES, code)
        + ("" if position else f" (IK302 says {place.at(2)!r})"),
        segment_code=place.at(4),
        element_position=_position(named, 1, 1),
        component_position=_position(named, 1, 2),
        repetition=_position(named, 1, 3),
        element_reference=(named.at(2) or None) if named else None,
        bad_value=(named.at(4) or None) if named else None,
        pcn=_claim(said),
        triggers=tuple(_trigger(one, gather) for one in each(said, "CTX") if one.at(2)),
    )


def _position(segment: Segment | None, place: int, component: int) -> int | None:
    text = segment.part(place, component) if segment else ""
    return int(text) if _PLACE.fullmatch(text) else None


def _claim(segments: Sequence[Segment]) -> str | None:
    """The first context that names a claim; a sender may repeat the element."""
    for context in each(segments, "CTX"):
        for named in context.repeats(1):
            kind, _, pcn = named.partition(context.separators.component)
            if kind == _CLAIM_NUMBER and pcn:
                return pcn
    return None


def _trigger(context: Segment, gather: Gather) -> Trigger:
    return Trigger(
        segment_id=context.at(2),
        segment_position=_count(context, 3, gather),
        loop=context.at(4) or None,
        element_position=_position(context, 5, 1),
        component_position=_position(context, 5, 2),
    )
