"""The claims of an 835, each with its lines, reasons and remarks where they were said."""

from collections.abc import Sequence
from decimal import Decimal

from domain.parties import PersonName
from domain.remittance import Adjustment, AdjustmentGroup, RemitClaim, RemitLine, RemitStatus
from edi.reading import Gather
from edi.segments import Segment, each, first, loops, reference

# CAS02-04, 05-07 ... 17-19: reason, amount, quantity.
_TRIPLETS = (2, 5, 8, 11, 14, 17)
_MOA_REMARKS, _MIA_REMARKS = (3, 4, 5, 6, 7), (5, 20, 21, 22, 23)


def claim_of(ordinal: int, segments: Sequence[Segment], gather: Gather) -> RemitClaim:
    payment = segments[0]
    head, lines = loops(segments, ("SVC",))
    patient, corrected = first(head, "NM1", "QC"), first(head, "NM1", "74")
    crossover, priority = first(head, "NM1", "TT"), first(head, "NM1", "PR")
    rendering, subscriber = first(head, "NM1", "82"), first(head, "NM1", "IL")
    return RemitClaim(
        ordinal=ordinal,
        segment=payment.number,
        pcn=gather.text(payment, 1),
        status=gather.code(payment, 2, RemitStatus, RemitStatus.PATIENT_UNKNOWN),
        charge_cents=gather.cents(payment, 3),
        paid_cents=gather.cents(payment, 4),
        patient_responsibility_cents=gather.cents_if_any(payment, 5) or 0,
        filing_code=payment.at(6),
        payer_claim_number=payment.at(7),
        facility_type=payment.at(8) or None,
        frequency=payment.at(9) or None,
        drg=payment.at(11) or None,
        crossover_name=_at(crossover, 3),
        crossover_id=_at(crossover, 9),
        corrected_payer_name=_at(priority, 3),
        corrected_payer_id=_at(priority, 9),
        patient=_name(patient),
        member_id=_at(patient, 9) or _at(subscriber, 9),
        corrected_name=_name(corrected),
        corrected_member_id=_at(corrected, 9),
        rendering_npi=_at(rendering, 9) if rendering and rendering.at(8) == "XX" else None,
        remarks=_claim_remarks(head),
        adjustments=_adjustments(head, gather),
        lines=tuple(_line(place, line, gather) for place, line in enumerate(lines, 1)),
        original_reference=reference(head, "F8"),
        prior_auth=reference(head, "G1"),
        medical_record_number=reference(head, "EA"),
        received_on=gather.date_if_any(first(head, "DTM", "050"), 2),
        coverage_expired_on=gather.date_if_any(first(head, "DTM", "036"), 2),
        service_from_on=gather.date_if_any(first(head, "DTM", "232"), 2),
        service_to_on=gather.date_if_any(first(head, "DTM", "233"), 2),
        interest_cents=gather.cents_if_any(first(head, "AMT", "I"), 2),
        coverage_cents=gather.cents_if_any(first(head, "AMT", "AU"), 2),
    )


def _line(ordinal: int, segments: Sequence[Segment], gather: Gather) -> RemitLine:
    service = segments[0]
    units = gather.number_if_any(service, 5)
    single = first(segments, "DTM", "472")
    return RemitLine(
        ordinal=ordinal,
        segment=service.number,
        code=service.part(1, 2),
        modifiers=_modifiers(service),
        charge_cents=gather.cents(service, 2),
        paid_cents=gather.cents_if_any(service, 3) or 0,
        # An SVC05 left out means one unit.
        units=Decimal(1) if units is None else units,
        line_control=reference(segments, "6R"),
        service_on=gather.date_if_any(single or first(segments, "DTM", "150"), 2),
        service_to_on=gather.date_if_any(first(segments, "DTM", "151"), 2),
        adjustments=_adjustments(segments, gather),
        remarks=tuple(code.at(2) for code in each(segments, "LQ", "HE")),
        allowed_cents=gather.cents_if_any(first(segments, "AMT", "B6"), 2),
        submitted_code=service.part(6, 2) or None,
        submitted_units=gather.number_if_any(service, 7),
        policy_ids=tuple(policy.at(2) for policy in each(segments, "REF", "0K")),
    )


def _modifiers(service: Segment) -> tuple[str, ...]:
    return tuple(filter(None, service.parts(1)[2:6]))


def _adjustments(segments: Sequence[Segment], gather: Gather) -> tuple[Adjustment, ...]:
    triplets = [
        (segment, place)
        for segment in each(segments, "CAS")
        for place in _TRIPLETS
        if any(segment.elements[place : place + 3])
    ]
    return tuple(
        Adjustment(
            ordinal=ordinal,
            segment=segment.number,
            group=gather.code(segment, 1, AdjustmentGroup, AdjustmentGroup.OTHER),
            carc=gather.text(segment, place),
            cents=gather.cents(segment, place + 1),
            quantity=gather.number_if_any(segment, place + 2),
        )
        for ordinal, (segment, place) in enumerate(triplets, 1)
    )


def _claim_remarks(head: Sequence[Segment]) -> tuple[str, ...]:
    outpatient, inpatient = first(head, "MOA"), first(head, "MIA")
    found = [outpatient.at(place) for place in _MOA_REMARKS] if outpatient else []
    found += [inpatient.at(place) for place in _MIA_REMARKS] if inpatient else []
    return tuple(dict.fromkeys(filter(None, found)))


def _name(segment: Segment | None) -> PersonName | None:
    if segment is None or not segment.at(3):
        return None
    return PersonName(
        last=segment.at(3),
        first=segment.at(4) or None,
        middle=segment.at(5) or None,
        suffix=segment.at(7) or None,
    )


def _at(segment: Segment | None, place: int) -> str | None:
    return (segment.at(place) or None) if segment else None
