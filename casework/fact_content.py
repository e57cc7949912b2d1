"""A claim with what is known beside its codes and charges, each fact in its one place.

A claim without such facts comes out as it went in.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from sqlalchemy.orm import Session

from casework import attachments, encounter_facts
from codesets import procedures
from db.models import Claim, ClaimVersion, Encounter, Location
from domain import control_numbers
from domain.claim_details import ConditionCategory, ReferenceKind, ReferenceNumber, UnitBasis
from domain.claim_facts import NO_LINE_FACTS, ClaimFacts, LineFacts
from domain.claims import ClaimLine, ProfessionalClaim
from domain.institutional import InstitutionalClaim
from domain.parties import Address, BillingEntity, OtherProvider, ServiceFacility


def added(
    session: Session, claim: Claim, version: ClaimVersion, content: ProfessionalClaim
) -> ProfessionalClaim:
    """The claim as its version says it, and what its encounter and lines say beside."""
    encounter = claim.encounter
    facts = encounter_facts.of(session, encounter)
    approval = facts.approval_of(claim.payer.payer_no)
    return replace(
        content,
        accident=facts.accident,
        onset_on=facts.onset_on,
        admitted_on=content.admitted_on or facts.admitted_on,
        discharged_on=content.discharged_on or facts.discharged_on,
        dates=facts.dates,
        prior_auth=approval.prior_auth,
        referral=approval.referral,
        referring=facts.referring,
        supervising=facts.supervising,
        facility=facility(encounter, facts, content.billing),
        special_program=facts.special_program,
        delay_reason=facts.delay_reason,
        note=facts.note,
        patient_paid_cents=facts.patient_paid_cents,
        ambulance=facts.ambulance,
        ambulance_places=facts.ambulance_places,
        conditions=facts.conditions,
        patient_state=facts.patient_state,
        spinal=facts.spinal,
        anesthesia_for=facts.anesthesia_for,
        contract=facts.contract_with(claim.payer.payer_no),
        references=facts.references,
        attachments=attachments.of_claim(session, claim),
        lines=_lines(session, claim, version, content, facts),
    )


def added_to_facility(
    session: Session, claim: Claim, content: InstitutionalClaim
) -> InstitutionalClaim:
    """What both forms have; the rest a facility's claim says in codes of its own."""
    facts = encounter_facts.of(session, claim.encounter)
    approval = facts.approval_of(claim.payer.payer_no)
    return replace(
        content,
        prior_auth=approval.prior_auth,
        referral=approval.referral,
        referring=facts.referring,
        delay_reason=facts.delay_reason,
        note=facts.note,
        conditions=tuple(
            each for each in facts.conditions if each.category is ConditionCategory.EPSDT
        ),
        attachments=attachments.of_claim(session, claim),
    )


def facility(
    encounter: Encounter, facts: ClaimFacts, billing: BillingEntity
) -> ServiceFacility | None:
    """Where the service was, when that is not where the practice bills from (loop 2310C)."""
    if facts.facility:
        return facts.facility
    location = encounter.location
    address = Address(**location.address)
    if address == billing.address:
        return None
    return ServiceFacility(name=location.name, npi=location.npi, address=address)


def clia_of(code: str, location: Location) -> str | None:
    """The laboratory's number on the line of a test that it did."""
    return location.clia_number if procedures.is_laboratory(code) else None


def _lines(
    session: Session,
    claim: Claim,
    version: ClaimVersion,
    content: ProfessionalClaim,
    facts: ClaimFacts,
) -> tuple[ClaimLine, ...]:
    of_lines = encounter_facts.of_lines(session, version.charge_line_ids)
    by_control: Mapping[str, LineFacts] = {
        control_numbers.line_control(line_id): each for line_id, each in of_lines.items()
    }
    return tuple(
        _line(
            line,
            by_control.get(line.line_control, NO_LINE_FACTS),
            facts.ordering,
            claim.payer.payer_no,
            clia_of(line.code, claim.encounter.location),
        )
        for line in content.lines
    )


def _line(
    line: ClaimLine,
    facts: LineFacts,
    ordering: OtherProvider | None,
    payer_no: str,
    clia: str | None,
) -> ClaimLine:
    numbers = (ReferenceNumber(kind=ReferenceKind.CLIA, number=clia),) if clia else ()
    return replace(
        line,
        units=Decimal(facts.minutes) if facts.minutes else line.units,
        basis=UnitBasis.MINUTES if facts.minutes else line.basis,
        drug=facts.drug,
        note=facts.note,
        place_of_service=facts.place_of_service,
        is_emergency=facts.is_emergency,
        is_epsdt=facts.is_epsdt,
        is_family_planning=facts.is_family_planning,
        equipment=facts.equipment,
        dates=facts.dates,
        conditions=facts.conditions,
        patients_carried=facts.patients_carried,
        measured=facts.measured,
        forms=facts.forms,
        purchased=facts.purchased,
        obstetric_units=facts.obstetric_units,
        contract=facts.contract_with(payer_no),
        references=(*line.references, *facts.references, *numbers),
        providers=replace(
            line.providers,
            ordering=facts.ordering or ordering,
            ordered_from=facts.ordered_from,
        ),
    )
