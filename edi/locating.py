"""Where in a set of ours a receiver counted to: which claim, which line, under whose name."""

from dataclasses import dataclass

from edi.assembly import unwrap
from edi.segments import Segment


@dataclass(frozen=True, kw_only=True)
class Spot:
    """What stands around one segment of a file that we sent."""

    pcn: str | None
    """CLM01 of the claim that it belongs to; None above the claims."""
    line: int | None
    entity: str
    """NM101 of the last name before it; empty when there is none."""
    segment: Segment | None
    """The one at this position; None behind the end."""

    def qualifier(self, segment_id: str) -> str:
        """Of the segment complained of; what is missing stands nowhere and has none."""
        if self.segment is None or self.segment.id != segment_id:
            return ""
        return self.segment.part(1, 1)


def spot(content: bytes, set_control: str, position: int) -> Spot | None:
    """None where the file holds no such set."""
    for interchange in unwrap(content):
        for group in interchange.groups:
            for one in group.sets:
                if one.control_number == set_control:
                    return _spot(one.segments, position)
    return None


def _spot(segments: tuple[Segment, ...], position: int) -> Spot:
    pcn, line, entity = None, None, ""
    for segment in segments:
        if segment.number > position:
            break
        match segment.id:
            case "HL":
                pcn, line, entity = None, None, ""
            case "NM1" if segment.number < position:
                entity = segment.at(1)
            case "CLM":
                pcn, line, entity = segment.at(1), None, ""
            case "LX":
                digits = segment.at(1)
                line = int(digits) if digits.isdigit() else None
                entity = ""
    here = segments[position - 1] if 0 < position <= len(segments) else None
    return Spot(pcn=pcn, line=line, entity=entity, segment=here)
