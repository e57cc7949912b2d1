"""What only the segments of an 837 show: a claim read from them would not know it any more.

We write none of these by construction; a file from elsewhere may hold them.
"""

from collections.abc import Iterator

from domain.money import cents_of, dollars
from domain.parties import Relationship
from edi.errors import Finding, about
from edi.segments import Segment, each
from edi.x837_read import ClaimLoop, claim_loops

# HI01-1 and its like, by the version of ICD that they announce.
_NINTH = frozenset({"BK", "BF", "BJ", "BN", "PR", "BR", "BQ"})
_TENTH = frozenset({"ABK", "ABF", "ABJ", "ABN", "APR", "BBR", "BBQ"})
# Where a line's charge stands.
_CHARGE_PLACE = {"SV1": 2, "SV2": 3}


def findings(body: tuple[Segment, ...]) -> Iterator[Finding]:
    for loop in claim_loops(body):
        yield from _whose_claim(loop)
        yield from _one_version(loop)
        yield from _sum(loop)


def _whose_claim(loop: ClaimLoop) -> Iterator[Finding]:
    """SBR02 is 18 where the subscriber is the patient, and empty where a patient follows."""
    is_self = loop.sbr.at(2) == Relationship.SELF
    if is_self and loop.patient:
        yield about(
            loop.sbr, "SBR02 says that the subscriber is the patient, but 2000C follows.", 2
        )
    if not is_self and not loop.patient:
        yield about(loop.sbr, "SBR02 names another patient, but there is no 2000C.", 2)


def _one_version(loop: ClaimLoop) -> Iterator[Finding]:
    kinds = {
        segment.part(place, 1)
        for segment in each(loop.head, "HI")
        for place in range(1, len(segment.elements))
    }
    if kinds & _NINTH and kinds & _TENTH:
        yield about(loop.clm, "Codes of ICD-9 and ICD-10 stand on one claim.")


def _sum(loop: ClaimLoop) -> Iterator[Finding]:
    services = [segment for line in loop.lines for segment in line if segment.id in _CHARGE_PLACE]
    try:
        stated = cents_of(loop.clm.at(2))
        charged = sum(cents_of(each.at(_CHARGE_PLACE[each.id])) for each in services)
    except ValueError:
        # The reader has told of the amount that is none.
        return
    if stated != charged:
        words = f"CLM02 says {dollars(stated)}, but the lines make {dollars(charged)}."
        yield about(loop.clm, words, 2)
