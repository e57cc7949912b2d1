"""837P -> ProfessionalClaim, by its levels: who bills, who is insured, who is the patient."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.claims import (
    Accident,
    AccidentCause,
    Attachment,
    ClaimLine,
    Frequency,
    ProfessionalClaim,
    Responsibility,
)
from domain.parties import (
    BillingEntity,
    Gender,
    Patient,
    ReferringProvider,
    Relationship,
    RenderingProvider,
    ServiceFacility,
)
from edi.parties_in import (
    NOTHING,
    NOWHERE,
    address_of,
    head_of,
    name_of,
    party_of,
    payer_of,
    subscriber_of,
)
from edi.reading import NO_DAY, Gather
from edi.segments import Segment, each, first, loops, reference
from edi.x837p_read_cob import other_payers_of

_Segments = Sequence[Segment]
_POINTER = re.compile(r"[0-9]{1,2}")


def claims_of(body: _Segments, gather: Gather) -> tuple[ProfessionalClaim, ...]:
    """A claim belongs to the nearest level of each kind above it."""
    _, levels = loops(body, ("HL",))
    billing: _Segments = ()
    subscriber: _Segments = ()
    claims: list[ProfessionalClaim] = []
    for level in levels:
        head, groups = loops(level, ("CLM",))
        patient: _Segments | None = None
        match level[0].at(3):
            case "20":
                billing = head
            case "22":
                subscriber = head
            case "23":
                patient = head
        claims += [_claim(group, billing, subscriber, patient, gather) for group in groups]
    return tuple(claims)


def _claim(
    group: _Segments,
    billing: _Segments,
    subscriber: _Segments,
    patient: _Segments | None,
    gather: Gather,
) -> ProfessionalClaim:
    before_lines, lines = loops(group, ("LX",))
    head, others = loops(before_lines, ("SBR",))
    claim, insured = group[0], first(subscriber, "SBR") or NOTHING
    return ProfessionalClaim(
        pcn=gather.text(claim, 1),
        frequency=_frequency(claim, gather),
        place_of_service=claim.part(5, 1),
        billing=_billing(billing),
        rendering=_rendering(head),
        subscriber=subscriber_of(subscriber, gather),
        payer=payer_of(subscriber),
        responsibility=gather.code(insured, 1, Responsibility, Responsibility.PRIMARY),
        filing_code=insured.at(9),
        insurance_type=insured.at(5) or None,
        diagnoses=tuple(_diagnoses(head)),
        lines=tuple(_line(line, gather) for line in lines),
        payer_claim_number=reference(head, "F8"),
        patient=_patient(patient, gather) if patient else None,
        referring=_referring(head),
        facility=_facility(head),
        prior_auth=reference(head, "G1"),
        referral=reference(head, "9F"),
        medical_record_number=reference(head, "EA"),
        clearinghouse_trace=reference(head, "D9"),
        onset_on=gather.span(first(head, "DTP", "431"))[0],
        admitted_on=gather.span(first(head, "DTP", "435"))[0],
        discharged_on=gather.span(first(head, "DTP", "096"))[0],
        accident=_accident(head, gather),
        note=_note(head),
        patient_paid_cents=gather.cents_if_any(first(head, "AMT", "F5"), 2),
        attachments=tuple(_attachments(head)),
        other_payers=other_payers_of(others, lines, gather),
    )


def _frequency(claim: Segment, gather: Gather) -> Frequency:
    try:
        return Frequency(claim.part(5, 3))
    except ValueError:
        gather.mind(claim, "CLM05-3 is none of 1, 7 and 8.")
        return Frequency.ORIGINAL


def _billing(segments: _Segments) -> BillingEntity:
    party = party_of(segments, "85")
    name, contact = head_of(party), first(party, "PER") or NOTHING
    return BillingEntity(
        name=name.at(3),
        npi=name.at(9),
        tax_id=reference(party, "EI") or reference(party, "SY") or "",
        taxonomy=(first(segments, "PRV", "BI") or NOTHING).at(3),
        address=address_of(party) or NOWHERE,
        contact_name=contact.at(2),
        contact_phone=contact.at(4),
    )


def _patient(segments: _Segments, gather: Gather) -> Patient | None:
    party, relation = party_of(segments, "QC"), gather.need(segments, "PAT")
    birth = gather.need(party or segments, "DMG")
    birth_on = gather.date(birth, 2) if birth else None
    if birth is None or relation is None or birth_on is None:
        return None
    return Patient(
        name=name_of(head_of(party)),
        birth_on=birth_on,
        gender=gather.code(birth, 3, Gender, Gender.UNKNOWN),
        address=address_of(party) or NOWHERE,
        relationship=gather.code(relation, 1, Relationship, Relationship.UNKNOWN),
    )


def _rendering(head: _Segments) -> RenderingProvider:
    party = party_of(head, "82")
    name, specialty = head_of(party), first(party, "PRV", "PE") or NOTHING
    return RenderingProvider(
        npi=name.at(9), last=name.at(3), first=name.at(4), taxonomy=specialty.at(3)
    )


def _referring(head: _Segments) -> ReferringProvider | None:
    party = party_of(head, "DN")
    if not party:
        return None
    return ReferringProvider(npi=party[0].at(9), last=party[0].at(3), first=party[0].at(4))


def _facility(head: _Segments) -> ServiceFacility | None:
    party = party_of(head, "77")
    if not party:
        return None
    address = address_of(party) or NOWHERE
    return ServiceFacility(name=party[0].at(3), npi=party[0].at(9) or None, address=address)


def _accident(head: _Segments, gather: Gather) -> Accident | None:
    claim = head[0]
    happened_on, _ = gather.span(first(head, "DTP", "439"))
    cause = claim.part(11, 1)
    if happened_on is None or cause not in set(AccidentCause):
        return None
    return Accident(
        cause=AccidentCause(cause), happened_on=happened_on, state=claim.part(11, 4) or None
    )


def _attachments(head: _Segments) -> Iterator[Attachment]:
    for segment in each(head, "PWK"):
        yield Attachment(
            report_type=segment.at(1),
            transmission=segment.at(2),
            control_number=segment.at(6) or None,
        )


def _diagnoses(head: _Segments) -> Iterator[str]:
    for segment in each(head, "HI"):
        for place in range(1, len(segment.elements)):
            if segment.part(place, 1) in ("ABK", "ABF", "BK", "BF"):
                yield segment.part(place, 2)


def _line(segments: _Segments, gather: Gather) -> ClaimLine:
    service = gather.need(segments, "SV1") or NOTHING
    start, end = gather.span(gather.need(segments, "DTP", "472"))
    own, _ = loops(segments, ("SVD",))
    return ClaimLine(
        line_control=reference(own, "6R") or "",
        code=service.part(1, 2),
        modifiers=tuple(filter(None, service.parts(1)[2:6])),
        charge_cents=gather.cents(service, 2),
        units=gather.number_if_any(service, 4) or Decimal(0),
        pointers=tuple(int(part) for part in service.parts(7) if _POINTER.fullmatch(part)),
        service_on=start or NO_DAY,
        service_to_on=end if end != start else None,
        note=_note(own),
    )


def _note(segments: _Segments) -> str | None:
    found = first(segments, "NTE", "ADD")
    return found.at(2) if found else None
