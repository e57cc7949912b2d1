"""What an 837 says of other payers: one per SBR of the claim, its lines found by SVD01."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.claims import OtherPayer, OtherPayerLine, PriorAdjustment, Responsibility
from domain.parties import Relationship
from domain.remittance import AdjustmentGroup
from edi.parties_in import party_of, payer_of, subscriber_of
from edi.reading import NO_DAY, Gather
from edi.segments import Segment, each, first, loops, reference

_TRIPLETS = (2, 5, 8, 11, 14, 17)
# MOA03 to 07, and MIA05 with MIA20 to 23 of an inpatient stay.
_OUTPATIENT_REMARKS = (3, 4, 5, 6, 7)
_INPATIENT_REMARKS = (5, 20, 21, 22, 23)


def other_payers_of(
    others: Sequence[Sequence[Segment]], lines: Sequence[Sequence[Segment]], gather: Gather
) -> tuple[OtherPayer, ...]:
    return tuple(_other_payer(other, lines, gather) for other in others)


def _other_payer(
    segments: Sequence[Segment], lines: Sequence[Sequence[Segment]], gather: Gather
) -> OtherPayer:
    insured, payer = segments[0], payer_of(segments)
    stay = first(segments, "MIA")
    party = party_of(segments, "PR")
    return OtherPayer(
        responsibility=gather.code(insured, 1, Responsibility, Responsibility.PRIMARY),
        payer=payer,
        subscriber=subscriber_of(segments, gather),
        relationship=gather.code(insured, 2, Relationship, Relationship.UNKNOWN),
        filing_code=insured.at(9),
        insurance_type=insured.at(5) or None,
        prior_auth=reference(party, "G1"),
        referral=reference(party, "9F"),
        paid_cents=gather.cents_if_any(first(segments, "AMT", "D"), 2),
        noncovered_cents=gather.cents_if_any(first(segments, "AMT", "A8"), 2),
        remaining_patient_liability_cents=gather.cents_if_any(first(segments, "AMT", "EAF"), 2),
        adjustments=tuple(_adjustments(segments, gather)),
        remarks=_remarks(first(segments, "MOA"), stay),
        covered_days=_days(stay, gather),
        adjudicated_on=gather.span(first(party, "DTP", "573"))[0],
        payer_claim_number=reference(party, "F8"),
        lines=tuple(_lines_of(payer.payer_id, lines, gather)),
    )


def _remarks(outpatient: Segment | None, stay: Segment | None) -> tuple[str, ...]:
    told = [outpatient.at(place) for place in _OUTPATIENT_REMARKS] if outpatient else []
    told += [stay.at(place) for place in _INPATIENT_REMARKS] if stay else []
    return tuple(filter(None, told))


def _days(stay: Segment | None, gather: Gather) -> int | None:
    return _whole(stay, 1, gather) if stay else None


def _lines_of(
    payer_id: str, lines: Sequence[Sequence[Segment]], gather: Gather
) -> Iterator[OtherPayerLine]:
    for line in lines:
        own, adjudications = loops(line, ("SVD",))
        for adjudication in adjudications:
            if adjudication[0].at(1) == payer_id:
                yield _line(reference(own, "6R") or "", adjudication, gather)


def _line(line_control: str, segments: Sequence[Segment], gather: Gather) -> OtherPayerLine:
    service = segments[0]
    adjudicated_on, _ = gather.span(gather.need(segments, "DTP", "573"))
    liability = first(segments, "AMT", "EAF")
    return OtherPayerLine(
        line_control=line_control,
        paid_cents=gather.cents(service, 2),
        code=service.part(3, 2),
        modifiers=tuple(filter(None, service.parts(3)[2:6])),
        units=gather.number_if_any(service, 5) or Decimal(0),
        revenue_code=service.at(4) or None,
        adjustments=tuple(_adjustments(segments, gather)),
        adjudicated_on=adjudicated_on or NO_DAY,
        remaining_patient_liability_cents=gather.cents_if_any(liability, 2),
        bundled_into=_whole(service, 6, gather),
    )


def _whole(segment: Segment, place: int, gather: Gather) -> int | None:
    counted = gather.number_if_any(segment, place)
    return None if counted is None else int(counted)


def _adjustments(segments: Sequence[Segment], gather: Gather) -> Iterator[PriorAdjustment]:
    for segment in each(segments, "CAS"):
        group = gather.code(segment, 1, AdjustmentGroup, AdjustmentGroup.OTHER)
        for place in _TRIPLETS:
            if any(segment.elements[place : place + 3]):
                yield PriorAdjustment(
                    group=group,
                    carc=gather.text(segment, place),
                    cents=gather.cents(segment, place + 1),
                    quantity=gather.number_if_any(segment, place + 2),
                )
