"""999 -> FunctionalAck: which of our transaction sets were taken, and where others are wrong."""

import re
from collections.abc import Sequence

from domain.acknowledgments import AckVerdict, FunctionalAck, SetAck, SetError
from edi.ack_words import ELEMENT_NOTES, GROUP_NOTES, SEGMENT_NOTES, SET_NOTES, told
from edi.reading import Gather
from edi.segments import Segment, each, first, loops

_PLACE = re.compile(r"[0-9]{1,3}")


def decode(body: Sequence[Segment], gather: Gather) -> FunctionalAck | None:
    """None, with findings, when the answer to the group cannot be told."""
    opening, closing = gather.need(body, "AK1"), gather.need(body, "AK9")
    if opening is None or closing is None:
        return None
    _, sets = loops([segment for segment in body if segment.id not in ("AK1", "AK9")], ("AK2",))
    codes = tuple(filter(None, closing.elements[5:10]))
    return FunctionalAck(
        group_control_number=gather.text(opening, 2),
        functional_id=opening.at(1),
        version=opening.at(3) or None,
        verdict=gather.code(closing, 1, AckVerdict, AckVerdict.REJECTED),
        sets_included=_count(closing, 2, gather),
        sets_received=_count(closing, 3, gather),
        sets_accepted=_count(closing, 4, gather),
        codes=codes,
        words=tuple(told(GROUP_NOTES, code) for code in codes),
        sets=tuple(_set(one, gather) for one in sets),
    )


def _count(segment: Segment, place: int, gather: Gather) -> int:
    return int(gather.number_if_any(segment, place) or 0)


def _set(segments: Sequence[Segment], gather: Gather) -> SetAck:
    start, end = segments[0], first(segments, "IK5") or first(segments, "AK5")
    if end is None:
        gather.mind(start, "This set has no IK5, so nobody can tell whether it was taken.")
    codes = tuple(filter(None, end.elements[2:7])) if end else ()
    _, errors = loops(segments[1:], ("IK3",))
    return SetAck(
        control_number=gather.text(start, 2),
        set_id=start.at(1),
        version=start.at(3) or None,
        verdict=gather.code(end, 1, AckVerdict, AckVerdict.REJECTED)
        if end
        else AckVerdict.REJECTED,
        codes=codes,
        words=tuple(told(SET_NOTES, code) for code in codes),
        errors=tuple(error for one in errors for error in _errors(one, gather)),
    )


def _errors(segments: Sequence[Segment], gather: Gather) -> list[SetError]:
    """One per element complained of, or one for the segment when no element is named."""
    place = segments[0]
    elements = list(each(segments, "IK4"))
    if not elements:
        return [_error(place, segments, gather, None)]
    return [_error(place, segments, gather, element) for element in elements]


def _error(
    place: Segment, segments: Sequence[Segment], gather: Gather, element: Segment | None
) -> SetError:
    code = element.at(3) if element else place.at(4)
    return SetError(
        segment_position=_count(place, 2, gather),
        segment_id=gather.text(place, 1),
        loop=place.at(3) or None,
        code=code,
        words=told(ELEMENT_NOTES if element else SEGMENT_NOTES, code),
        element_position=_position(element, 1),
        component_position=_position(element, 2),
        bad_value=(element.at(4) or None) if element else None,
        pcn=_business_unit(segments),
    )


def _position(element: Segment | None, component: int) -> int | None:
    text = element.part(1, component) if element else ""
    return int(text) if _PLACE.fullmatch(text) else None


def _business_unit(segments: Sequence[Segment]) -> str | None:
    return next(
        (one.part(1, 2) for one in each(segments, "CTX") if one.part(1, 1) == "CLM01"), None
    )
