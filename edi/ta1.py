"""TA1 -> InterchangeAck: whether the envelope of a file of ours was taken."""

from domain.acknowledgments import AckVerdict, InterchangeAck
from edi.ack_words import INTERCHANGE_NOTES, told
from edi.reading import Gather, unread
from edi.segments import Segment


def decode(segment: Segment, gather: Gather) -> InterchangeAck:
    """TA102 has a date of two-digit years: this century's, because the files are."""
    verdict = gather.open_code(segment, 4, AckVerdict, AckVerdict.REJECTED)
    return InterchangeAck(
        control_number=gather.text(segment, 1),
        interchange_on=gather.aside.day(segment, f"20{segment.at(2)}", 2)
        if segment.at(2)
        else None,
        verdict=verdict,
        code=segment.at(5),
        words=told(INTERCHANGE_NOTES, segment.at(5)),
        segment=segment.number,
        unread=unread(segment, 4, verdict),
    )
