"""What a version of a facility's claim says, built from the rows of its encounter."""

from dataclasses import replace
from decimal import Decimal

from sqlalchemy.orm import Session

from casework import claim_content, facility_facts, fact_content, medicare_second
from casework.facility_facts import StayFacts
from db.models import ChargeLine, Claim, ClaimVersion, Provider
from domain import control_numbers
from domain.claim_details import UnitBasis
from domain.claims import Frequency, OtherPayer, Responsibility
from domain.institutional import InstitutionalClaim, RevenueLine, StayDiagnosis, ValueCode
from domain.medicare import SecondBecause
from domain.parties import OtherProvider

ACCOMMODATION = frozenset(f"{number:03}" for number in range(10, 22))
# A claim without any diagnosis is stopped by an edit; it is built all the same, to be shown.
NO_DIAGNOSIS = StayDiagnosis(code="")


def build(session: Session, claim: Claim, version: ClaimVersion, pcn: str) -> InstitutionalClaim:
    """The claim as this version asks for it, under the submission's patient control number."""
    facts = facility_facts.of(session, claim.encounter)
    billed = _billed(session, claim, version, facts, pcn)
    others = tuple(claim_content.other_payers(session, claim, version))
    said = replace(
        _with_codes(billed, facts),
        values=_values(facts.values, medicare_second.because(session, claim), others),
        other_payers=others,
    )
    return _of_a_stay(fact_content.added_to_facility(session, claim, said))


def _billed(
    session: Session, claim: Claim, version: ClaimVersion, facts: StayFacts, pcn: str
) -> InstitutionalClaim:
    """Who bills whom for whom, and for what."""
    encounter = claim.encounter
    facility = encounter.location.facility
    assert facility is not None, f"{encounter.encounter_no}: no facility bills for its place"
    principal, *further = facts.diagnoses or (NO_DIAGNOSIS,)
    return InstitutionalClaim(
        pcn=pcn,
        frequency=Frequency(version.frequency),
        payer_claim_number=version.payer_claim_number,
        billing=claim_content.billing_party(facility),
        subscriber=claim_content.subscriber(claim.coverage, encounter.patient),
        patient=claim_content.dependent(claim.coverage, encounter.patient),
        payer=claim_content.payer_party(claim.payer),
        responsibility=Responsibility(claim.responsibility),
        filing_code=claim_content.filing_code(claim),
        medical_record_number=encounter.patient.mrn,
        type_of_bill=facts.type_of_bill,
        from_on=facts.from_on,
        to_on=facts.to_on,
        admission=facts.admission,
        principal=principal,
        other_diagnoses=tuple(further),
        lines=tuple(_line(line) for line in claim_content.lines_of(session, version)),
    )


def _with_codes(claim: InstitutionalClaim, facts: StayFacts) -> InstitutionalClaim:
    """What is told of the stay beside its diagnoses, and who cared for the patient."""
    return replace(
        claim,
        external_causes=facts.external_causes,
        admitting_diagnosis=facts.admitting_diagnosis,
        drg=facts.drg.code if facts.drg else None,
        visit_reasons=facts.visit_reasons,
        principal_procedure=facts.procedures[0] if facts.procedures else None,
        other_procedures=facts.procedures[1:],
        occurrences=facts.occurrences,
        spans=facts.spans,
        condition_codes=facts.condition_codes,
        treatment_codes=facts.treatment_codes,
        attending=_provider(facts.attending),
        operating=_provider(facts.operating) if facts.operating else None,
        other_operating=_provider(facts.other_operating) if facts.other_operating else None,
    )


def _values(
    told: tuple[ValueCode, ...], because: SecondBecause | None, others: tuple[OtherPayer, ...]
) -> tuple[ValueCode, ...]:
    """Medicare hears from a facility by a value code why another paid before it, and how much."""
    if because is None or any(each.code == because for each in told):
        return told
    paid = sum(other.paid_cents or 0 for other in others)
    return (*told, ValueCode(code=because, hundredths=paid))


def _of_a_stay(claim: InstitutionalClaim) -> InstitutionalClaim:
    """Other payers' remarks about an inpatient stand in a segment that counts days before them;
    the guides have always zero written there, as in an 835 (MIA01)."""
    if not claim.is_inpatient:
        return claim
    others = tuple(
        replace(other, covered_days=0) if other.remarks else other for other in claim.other_payers
    )
    return replace(claim, other_payers=others)


def _line(line: ChargeLine) -> RevenueLine:
    return RevenueLine(
        line_control=control_numbers.line_control(line.id),
        revenue_code=line.revenue_code or "",
        code=line.code or None,
        modifiers=tuple(line.modifiers),
        charge_cents=line.charge_cents or 0,
        units=Decimal(line.units),
        basis=UnitBasis.DAYS if is_accommodation(line) else UnitBasis.UNIT,
        service_on=line.service_on,
    )


def is_accommodation(line: ChargeLine) -> bool:
    """Room and board count days; their revenue codes are those from 010x to 021x."""
    return (line.revenue_code or "")[:3] in ACCOMMODATION


def _provider(row: Provider) -> OtherProvider:
    return OtherProvider(
        npi=row.npi, last=row.last_name, first=row.first_name, taxonomy=row.taxonomy
    )
