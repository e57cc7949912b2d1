"""What an 837P says of other payers: one per SBR of the claim, its lines found by SVD01."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.claims import OtherPayer, OtherPayerLine, PriorAdjustment, Responsibility
from domain.parties import Relationship
from domain.remittance import AdjustmentGroup
from edi.parties_in import party_of, payer_of, subscriber_of
from edi.reading import NO_DAY, Gather
from edi.segments import Segment, each, first, loops, reference

_TRIPLETS = (2, 5, 8, 11, 14, 17)
_REMARKS = slice(3, 8)


def other_payers_of(
    others: Sequence[Sequence[Segment]], lines: Sequence[Sequence[Segment]], gather: Gather
) -> tuple[OtherPayer, ...]:
    return tuple(_other_payer(other, lines, gather) for other in others)


def _other_payer(
    segments: Sequence[Segment], lines: Sequence[Sequence[Segment]], gather: Gather
) -> OtherPayer:
    insured, payer = segments[0], payer_of(segments)
    remarks = first(segments, "MOA")
    party = party_of(segments, "PR")
    return OtherPayer(
        responsibility=gather.code(insured, 1, Responsibility, Responsibility.PRIMARY),
        payer=payer,
        subscriber=subscriber_of(segments, gather),
        relationship=gather.code(insured, 2, Relationship, Relationship.UNKNOWN),
        filing_code=insured.at(9),
        insurance_type=insured.at(5) or None,
        paid_cents=gather.cents_if_any(first(segments, "AMT", "D"), 2),
        noncovered_cents=gather.cents_if_any(first(segments, "AMT", "A8"), 2),
        remaining_patient_liability_cents=gather.cents_if_any(first(segments, "AMT", "EAF"), 2),
        adjustments=tuple(_adjustments(segments, gather)),
        remarks=tuple(filter(None, remarks.elements[_REMARKS])) if remarks else (),
        adjudicated_on=gather.span(first(party, "DTP", "573"))[0],
        payer_claim_number=reference(party, "F8"),
        lines=tuple(_lines_of(payer.payer_id, lines, gather)),
    )


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
        adjustments=tuple(_adjustments(segments, gather)),
        adjudicated_on=adjudicated_on or NO_DAY,
        remaining_patient_liability_cents=gather.cents_if_any(liability, 2),
    )


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
