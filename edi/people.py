"""NM1 -> a person's name, as every answer writes it."""

from domain.parties import PersonName
from edi.segments import Segment


def person(segment: Segment | None) -> PersonName | None:
    if segment is None or not segment.at(3):
        return None
    return PersonName(
        last=segment.at(3),
        first=segment.at(4) or None,
        middle=segment.at(5) or None,
        suffix=segment.at(7) or None,
    )
