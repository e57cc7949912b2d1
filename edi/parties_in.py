"""The parties that an 837P names again and again, read in this one place."""

from collections.abc import Sequence

from domain.parties import Address, Gender, PayerParty, PersonName, Subscriber
from edi.reading import Gather
from edi.segments import Segment, first, loops

# Stands in for what was not sent, so that every element of it reads as empty.
NOTHING = Segment(1, ("",))
NOWHERE = Address(line1="", city="", state="", postal_code="")


def address_of(segments: Sequence[Segment]) -> Address | None:
    street, city = first(segments, "N3"), first(segments, "N4")
    if street is None or city is None:
        return None
    return Address(
        line1=street.at(1),
        line2=street.at(2) or None,
        city=city.at(1),
        state=city.at(2),
        postal_code=city.at(3),
    )


def party_of(segments: Sequence[Segment], code: str) -> list[Segment]:
    """NM1 of this code up to the next NM1; empty when nobody is named so."""
    _, parties = loops(segments, ("NM1",))
    return next((party for party in parties if party[0].at(1) == code), [])


def subscriber_of(segments: Sequence[Segment], gather: Gather) -> Subscriber:
    """From the loop of an SBR, of this payer or of another."""
    party = party_of(segments, "IL")
    name, insured, birth = head_of(party), first(segments, "SBR"), first(party, "DMG")
    return Subscriber(
        member_id=name.at(9),
        name=name_of(name),
        birth_on=gather.date_if_any(birth, 2),
        gender=gather.code(birth, 3, Gender, Gender.UNKNOWN) if birth else None,
        address=address_of(party),
        group_number=(insured.at(3) or None) if insured else None,
    )


def payer_of(segments: Sequence[Segment]) -> PayerParty:
    party = party_of(segments, "PR")
    name = head_of(party)
    return PayerParty(name=name.at(3), payer_id=name.at(9), address=address_of(party))


def name_of(segment: Segment) -> PersonName:
    return PersonName(
        last=segment.at(3),
        first=segment.at(4) or None,
        middle=segment.at(5) or None,
        suffix=segment.at(7) or None,
    )


def head_of(party: Sequence[Segment]) -> Segment:
    return party[0] if party else NOTHING
