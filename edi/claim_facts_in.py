"""Dates, numbers, conditions and the other small facts of a claim or line, read for both guides."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from domain.claim_details import (
    Ambulance,
    AmbulancePlaces,
    ClaimDate,
    ConditionCategory,
    ConditionIndicator,
    Contract,
    DateKind,
    PatientState,
    ReferenceKind,
    ReferenceNumber,
    SpinalManipulation,
)
from domain.claims import Attachment
from domain.parties import OtherProvider, ServiceFacility
from edi.parties_in import NOWHERE, address_of, party_of
from edi.reading import Gather
from edi.segments import Segment, each, first

_Segments = Sequence[Segment]
_DATES = {str(kind): kind for kind in DateKind}
_REFERENCES = {str(kind): kind for kind in ReferenceKind}
_CATEGORIES = {str(category): category for category in ConditionCategory}
# A code of the type 07 has five places after the yes or no.
_CONDITION_CODES = slice(3, 8)


def dates_of(segments: _Segments, gather: Gather) -> tuple[ClaimDate, ...]:
    found = []
    for segment in each(segments, "DTP"):
        kind = _DATES.get(segment.at(1))
        start, end = gather.span(segment) if kind else (None, None)
        if kind and start:
            found.append(ClaimDate(kind=kind, on=start, to_on=end if end != start else None))
    return tuple(found)


def references_of(
    segments: _Segments, kinds: Collection[ReferenceKind]
) -> tuple[ReferenceNumber, ...]:
    return tuple(
        ReferenceNumber(kind=_REFERENCES[segment.at(1)], number=segment.at(2))
        for segment in each(segments, "REF")
        if _REFERENCES.get(segment.at(1)) in kinds
    )


def note_of(segments: _Segments, *about: str) -> tuple[str, str] | None:
    """The first note of these kinds: its kind and its words."""
    return next(
        ((note.at(1), note.at(2)) for note in each(segments, "NTE") if note.at(1) in about),
        None,
    )


def words_of(note: tuple[str, str] | None) -> str | None:
    return note[1] if note else None


def file_information_of(segments: _Segments) -> tuple[str, ...]:
    return tuple(segment.at(1) for segment in each(segments, "K3"))


def contract_of(segments: _Segments, gather: Gather) -> Contract | None:
    found = first(segments, "CN1")
    if found is None:
        return None
    return Contract(
        kind=found.at(1),
        cents=gather.cents_if_any(found, 2),
        percent=gather.number_if_any(found, 3),
        code=found.at(4) or None,
        discount_percent=gather.number_if_any(found, 5),
        version=found.at(6) or None,
    )


def attachments_of(segments: _Segments) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            report_type=segment.at(1),
            transmission=segment.at(2),
            control_number=segment.at(6) or None,
        )
        for segment in each(segments, "PWK")
    )


def conditions_of(segments: _Segments) -> tuple[ConditionIndicator, ...]:
    return tuple(
        ConditionIndicator(
            category=_CATEGORIES[segment.at(1)],
            applies=segment.at(2) == "Y",
            codes=tuple(filter(None, segment.elements[_CONDITION_CODES])),
        )
        for segment in each(segments, "CRC")
        if segment.at(1) in _CATEGORIES
    )


def ambulance_of(segments: _Segments, gather: Gather) -> Ambulance | None:
    found = first(segments, "CR1")
    if found is None:
        return None
    return Ambulance(
        reason=found.at(4),
        miles=gather.number_if_any(found, 6) or Decimal(0),
        weight_pounds=gather.number_if_any(found, 2),
        round_trip_purpose=found.at(9) or None,
        stretcher_purpose=found.at(10) or None,
    )


def ambulance_places_of(segments: _Segments) -> AmbulancePlaces | None:
    start, end = party_of(segments, "PW"), party_of(segments, "45")
    if not start or not end:
        return None
    return AmbulancePlaces(
        picked_up_at=address_of(start) or NOWHERE,
        brought_to=address_of(end) or NOWHERE,
        brought_to_name=end[0].at(3) or None,
    )


def spinal_of(segments: _Segments) -> SpinalManipulation | None:
    found = first(segments, "CR2")
    if found is None:
        return None
    return SpinalManipulation(
        nature=found.at(8), description=found.at(10) or None, more=found.at(11) or None
    )


def patient_state_of(segments: _Segments, gather: Gather) -> PatientState | None:
    """PAT05 to 09 of the level whose patient it is."""
    found = first(segments, "PAT")
    if found is None or not any(found.elements[5:10]):
        return None
    return PatientState(
        died_on=gather.date_if_any(found, 6),
        weight_pounds=gather.number_if_any(found, 8),
        is_pregnant=found.at(9) == "Y",
    )


def provider_of(segments: _Segments, code: str) -> OtherProvider | None:
    party = party_of(segments, code)
    if not party:
        return None
    specialty = first(party, "PRV")
    return OtherProvider(
        npi=party[0].at(9),
        last=party[0].at(3),
        first=party[0].at(4),
        middle=party[0].at(5) or None,
        suffix=party[0].at(7) or None,
        taxonomy=specialty.at(3) if specialty else None,
    )


def facility_of(segments: _Segments) -> ServiceFacility | None:
    party = party_of(segments, "77")
    if not party:
        return None
    address = address_of(party) or NOWHERE
    return ServiceFacility(name=party[0].at(3), npi=party[0].at(9) or None, address=address)
