"""837P -> ProfessionalClaim: loop 2300 and its lines, what both guides share being read before."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.claim_details import LineProviders, UnitBasis
from domain.claims import Accident, AccidentCause, ClaimLine, ProfessionalClaim
from domain.parties import RenderingProvider
from edi import claim_facts_in, line_facts_in
from edi.claim_facts import LINE_NOTES, LINE_REFERENCES, NOTES
from edi.parties_in import NOTHING, address_of, head_of, party_of
from edi.reading import NO_DAY, Gather
from edi.segments import Segment, each, first, loops, reference
from edi.x837_read import ClaimLoop, claim_loops, common_of

_Segments = Sequence[Segment]
_CAUSES = {str(cause): cause for cause in AccidentCause}
_MORE_WORDS = "ADD"
_POINTER = re.compile(r"[0-9]{1,2}")
# Procedure, four modifiers, description: SV101-2 to 7.
_MODIFIERS = slice(2, 6)
_DESCRIPTION = 7


def claims_of(body: _Segments, gather: Gather) -> tuple[ProfessionalClaim, ...]:
    """A claim belongs to the nearest level of each kind above it."""
    return tuple(_claim(loop, gather) for loop in claim_loops(body))


def _claim(loop: ClaimLoop, gather: Gather) -> ProfessionalClaim:
    head, claim = loop.head, loop.clm
    note = claim_facts_in.note_of(head, *NOTES)
    return ProfessionalClaim(
        **common_of(loop, gather, NOTES),
        place_of_service=claim.part(5, 1),
        rendering=_rendering(head),
        insurance_type=loop.sbr.at(5) or None,
        primary_care=claim_facts_in.provider_of(head, "P3"),
        diagnoses=tuple(_codes(head, ("ABK", "ABF", "BK", "BF"))),
        lines=tuple(_line(line, gather) for line in loop.lines),
        supervising=claim_facts_in.provider_of(head, "DQ"),
        onset_on=gather.span(first(head, "DTP", "431"))[0],
        admitted_on=gather.span(first(head, "DTP", "435"))[0],
        discharged_on=gather.span(first(head, "DTP", "096"))[0],
        accident=_accident(head, gather),
        special_program=claim.at(12) or None,
        patient_paid_cents=gather.cents_if_any(first(head, "AMT", "F5"), 2),
        dates=claim_facts_in.dates_of(head, gather),
        conditions=claim_facts_in.conditions_of(head),
        condition_codes=tuple(_codes(head, ("BG",))),
        anesthesia_for=tuple(_codes(head, ("BP", "BO"))),
        ambulance=claim_facts_in.ambulance_of(head, gather),
        ambulance_places=claim_facts_in.ambulance_places_of(head),
        spinal=claim_facts_in.spinal_of(head),
        note_about=note[0] if note else _MORE_WORDS,
        patient_state=claim_facts_in.patient_state_of(loop.patient or loop.subscriber, gather),
    )


def _rendering(head: _Segments) -> RenderingProvider:
    party = party_of(head, "82")
    name, specialty = head_of(party), first(party, "PRV", "PE") or NOTHING
    return RenderingProvider(
        npi=name.at(9), last=name.at(3), first=name.at(4), taxonomy=specialty.at(3)
    )


def _accident(head: _Segments, gather: Gather) -> Accident | None:
    claim = head[0]
    happened_on, _ = gather.span(first(head, "DTP", "439"))
    cause = claim.part(11, 1)
    if happened_on is None or cause not in _CAUSES:
        return None
    return Accident(
        cause=AccidentCause(cause),
        also=_CAUSES.get(claim.part(11, 2)),
        happened_on=happened_on,
        state=claim.part(11, 4) or None,
    )


def _codes(head: _Segments, kinds: Sequence[str]) -> Iterator[str]:
    for segment in each(head, "HI"):
        for place in range(1, len(segment.elements)):
            if segment.part(place, 1) in kinds:
                yield segment.part(place, 2)


def _line(segments: _Segments, gather: Gather) -> ClaimLine:
    service = gather.need(segments, "SV1") or NOTHING
    start, end = gather.span(gather.need(segments, "DTP", "472"))
    own, _ = loops(segments, ("SVD", "LQ"))
    note = claim_facts_in.note_of(own, *LINE_NOTES)
    return ClaimLine(
        line_control=reference(own, "6R") or "",
        code=service.part(1, 2),
        modifiers=tuple(filter(None, service.parts(1)[_MODIFIERS])),
        charge_cents=gather.cents(service, 2),
        units=gather.number_if_any(service, 4) or Decimal(0),
        basis=_basis(service, gather),
        pointers=tuple(int(part) for part in service.parts(7) if _POINTER.fullmatch(part)),
        service_on=start or NO_DAY,
        service_to_on=end if end != start else None,
        description=service.part(1, _DESCRIPTION) or None,
        place_of_service=service.at(5) or None,
        is_emergency=service.at(9) == "Y",
        is_epsdt=service.at(11) == "Y",
        is_family_planning=service.at(12) == "Y",
        is_copay_exempt=service.at(15) == "0",
        note=claim_facts_in.words_of(note),
        note_about=note[0] if note else _MORE_WORDS,
        organization_note=claim_facts_in.words_of(claim_facts_in.note_of(own, "TPO")),
        file_information=claim_facts_in.file_information_of(own),
        contract=claim_facts_in.contract_of(own, gather),
        sales_tax_cents=gather.cents_if_any(first(own, "AMT", "T"), 2),
        postage_cents=gather.cents_if_any(first(own, "AMT", "F4"), 2),
        dates=claim_facts_in.dates_of(own, gather),
        references=claim_facts_in.references_of(own, LINE_REFERENCES),
        conditions=claim_facts_in.conditions_of(own),
        attachments=claim_facts_in.attachments_of(own),
        drug=line_facts_in.drug_of(own, gather),
        equipment=line_facts_in.equipment_of(own, gather),
        ambulance=claim_facts_in.ambulance_of(own, gather),
        ambulance_places=claim_facts_in.ambulance_places_of(own),
        patients_carried=line_facts_in.count_of(own, "PT", gather),
        obstetric_units=line_facts_in.count_of(own, "FL", gather),
        measured=line_facts_in.measured_of(own, gather),
        purchased=line_facts_in.purchased_of(own, gather),
        forms=line_facts_in.forms_of(segments, gather),
        providers=_providers(own),
        facility=claim_facts_in.facility_of(own),
    )


def _basis(service: Segment, gather: Gather) -> UnitBasis:
    return gather.code(service, 3, UnitBasis, UnitBasis.UNIT) if service.at(3) else UnitBasis.UNIT


def _providers(own: _Segments) -> LineProviders:
    return LineProviders(
        rendering=claim_facts_in.provider_of(own, "82"),
        supervising=claim_facts_in.provider_of(own, "DQ"),
        ordering=claim_facts_in.provider_of(own, "DK"),
        ordered_from=address_of(party_of(own, "DK")),
        referring=claim_facts_in.provider_of(own, "DN"),
        primary_care=claim_facts_in.provider_of(own, "P3"),
    )
