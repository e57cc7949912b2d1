"""An 837 by its levels: who bills, who is insured, whose claim it is, and what both kinds say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.claims import Frequency, HealthClaim, Responsibility
from domain.parties import BillingEntity, Gender, Patient, Relationship
from edi import claim_facts_in
from edi.claim_facts import INSTITUTIONAL_REFERENCES, PROFESSIONAL_REFERENCES
from edi.cob_in import other_payers_of
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
from edi.reading import Gather
from edi.segments import Segment, first, loops, reference

_Segments = Sequence[Segment]
CLAIM_REFERENCES = PROFESSIONAL_REFERENCES | INSTITUTIONAL_REFERENCES


@dataclass(frozen=True, kw_only=True)
class ClaimLoop:
    """Loop 2300 with the nearest level of each kind above it."""

    billing: _Segments
    subscriber: _Segments
    patient: _Segments
    """Empty where the subscriber is the patient."""
    head: _Segments
    """From CLM to the first other payer or line."""
    others: Sequence[_Segments]
    lines: Sequence[_Segments]

    @property
    def clm(self) -> Segment:
        return self.head[0]

    @property
    def sbr(self) -> Segment:
        return first(self.subscriber, "SBR") or NOTHING


def claim_loops(body: _Segments) -> Iterator[ClaimLoop]:
    _, levels = loops(body, ("HL",))
    billing: _Segments = ()
    subscriber: _Segments = ()
    for level in levels:
        head, groups = loops(level, ("CLM",))
        patient: _Segments = ()
        match level[0].at(3):
            case "20":
                billing = head
            case "22":
                subscriber = head
            case "23":
                patient = head
        for group in groups:
            yield _claim_loop(group, billing, subscriber, patient)


def _claim_loop(
    group: _Segments, billing: _Segments, subscriber: _Segments, patient: _Segments
) -> ClaimLoop:
    before_lines, lines = loops(group, ("LX",))
    head, others = loops(before_lines, ("SBR",))
    return ClaimLoop(
        billing=billing,
        subscriber=subscriber,
        patient=patient,
        head=head,
        others=others,
        lines=lines,
    )


def common_of(loop: ClaimLoop, gather: Gather, notes: Sequence[str]) -> dict[str, Any]:
    """The fields of `HealthClaim`, to be spread into a claim of either kind.

    `notes`: of which kinds (NTE01) the claim's note may be.
    """
    claim, head = loop.clm, loop.head
    own, _ = loops(head, ("NM1",))
    common = HealthClaim(
        pcn=gather.text(claim, 1),
        frequency=_frequency(claim, gather),
        billing=_billing(loop.billing),
        subscriber=subscriber_of(loop.subscriber, gather),
        payer=payer_of(loop.subscriber),
        responsibility=gather.code(loop.sbr, 1, Responsibility, Responsibility.PRIMARY),
        filing_code=loop.sbr.at(9),
        payer_claim_number=reference(own, "F8"),
        patient=_patient(loop.patient, gather) if loop.patient else None,
        referring=claim_facts_in.provider_of(head, "DN"),
        facility=claim_facts_in.facility_of(head),
        prior_auth=reference(own, "G1"),
        referral=reference(own, "9F"),
        medical_record_number=reference(own, "EA"),
        clearinghouse_trace=reference(own, "D9"),
        casualty_claim_number=reference(loop.patient or loop.subscriber, "Y4"),
        delay_reason=claim.at(20) or None,
        # A provider's REF*LU is the number of a place, no state of an accident.
        references=claim_facts_in.references_of(own, CLAIM_REFERENCES),
        file_information=claim_facts_in.file_information_of(own),
        note=claim_facts_in.words_of(claim_facts_in.note_of(own, *notes)),
        attachments=claim_facts_in.attachments_of(own),
        contract=claim_facts_in.contract_of(own, gather),
        other_payers=other_payers_of(loop.others, loop.lines, gather),
    )
    return vars(common)


def _frequency(claim: Segment, gather: Gather) -> Frequency:
    try:
        return Frequency(claim.part(5, 3))
    except ValueError:
        gather.mind(claim, "CLM05-3 is none of 1 to 5, 7 and 8.", 5)
        return Frequency.ORIGINAL


def _billing(segments: _Segments) -> BillingEntity:
    party = party_of(segments, "85")
    name, contact = head_of(party), first(party, "PER") or NOTHING
    billing = BillingEntity(
        name=name.at(3),
        npi=name.at(9),
        tax_id=reference(party, "EI") or reference(party, "SY") or "",
        taxonomy=(first(segments, "PRV", "BI") or NOTHING).at(3),
        address=address_of(party) or NOWHERE,
        contact_name=contact.at(2),
        contact_phone=contact.at(4),
    )
    pay_to = party_of(segments, "87")
    return replace(billing, pay_to=address_of(pay_to)) if pay_to else billing


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
