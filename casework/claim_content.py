"""What a claim version says, built from the rows of its encounter: a domain claim, nothing
invented.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import adjudications, coverages, fact_content, medicare_second, stays
from casework.addresses import is_complete
from casework.adjudications import Adjudication
from db.models import BillingEntity as BillingEntityRow
from db.models import ChargeLine, Claim, ClaimVersion, Coverage, Encounter
from db.models import Patient as PatientRow
from db.models import Payer as PayerRow
from db.models import Subscriber as SubscriberRow
from domain import control_numbers
from domain.claim_form import ClaimForm
from domain.claims import (
    ClaimLine,
    Frequency,
    OtherPayer,
    ProfessionalClaim,
    Responsibility,
)
from domain.diagnosis_edits import DIAGNOSES_MAX
from domain.parties import (
    Address,
    BillingEntity,
    Gender,
    Patient,
    PayerParty,
    PersonName,
    Relationship,
    RenderingProvider,
    Subscriber,
)

RELATIONSHIP = {
    "self": Relationship.SELF,
    "spouse": Relationship.SPOUSE,
    "child": Relationship.CHILD,
    "other": Relationship.OTHER,
}


def build(session: Session, claim: Claim, version: ClaimVersion, pcn: str) -> ProfessionalClaim:
    """The claim as this version asks for it, under the submission's patient control number."""
    encounter = claim.encounter
    lines = lines_of(session, version)
    diagnoses = diagnoses_of(lines) or tuple(each.code for each in encounter.diagnoses)
    admitted_on, discharged_on = stays.span(session, encounter)
    said = ProfessionalClaim(
        pcn=pcn,
        frequency=Frequency(version.frequency),
        payer_claim_number=version.payer_claim_number,
        place_of_service=encounter.place_of_service,
        billing=billing_entity(session),
        rendering=_rendering(encounter),
        subscriber=subscriber(claim.coverage, encounter.patient),
        patient=dependent(claim.coverage, encounter.patient),
        payer=payer_party(claim.payer),
        responsibility=Responsibility(claim.responsibility),
        filing_code=filing_code(claim),
        insurance_type=medicare_second.because(session, claim),
        diagnoses=tuple(code.replace(".", "") for code in diagnoses),
        lines=tuple(_line(line, diagnoses) for line in lines),
        admitted_on=admitted_on,
        discharged_on=discharged_on,
        medical_record_number=encounter.patient.mrn,
        other_payers=tuple(other_payers(session, claim, version)),
    )
    return fact_content.added(session, claim, version, said)


def lines_of(session: Session, version: ClaimVersion) -> list[ChargeLine]:
    return list(
        session.scalars(
            select(ChargeLine)
            .where(ChargeLine.id.in_(version.charge_line_ids))
            .order_by(ChargeLine.encounter_id, ChargeLine.ordinal)
        )
    )


def diagnoses_of(lines: Sequence[ChargeLine]) -> tuple[str, ...]:
    """Those of the visits that these lines are of, each once. Where there are several visits, what
    a line points at comes before what none points at, and what has no room is left out."""
    encounters = list({line.encounter_id: line.encounter for line in lines}.values())
    every = [diagnosis.code for encounter in encounters for diagnosis in encounter.diagnoses]
    if len(encounters) == 1:
        return tuple(every)
    pointed = [code for line in lines for code in _pointed(line)]
    every.sort(key=lambda code: code not in pointed)
    room = max(DIAGNOSES_MAX, len(set(pointed)))
    return tuple(dict.fromkeys(every))[:room]


def pointers_of(line: ChargeLine, diagnoses: Sequence[str]) -> tuple[int, ...]:
    """Which of the claim's diagnoses the line is for: their places on the claim, from 1. A pointer
    to no diagnosis of the visit stays as it is, and an edit finds it."""
    own = [diagnosis.code for diagnosis in line.encounter.diagnoses]
    return tuple(
        diagnoses.index(own[place - 1]) + 1 if 0 < place <= len(own) else place
        for place in line.pointers
    )


def _pointed(line: ChargeLine) -> list[str]:
    own = [diagnosis.code for diagnosis in line.encounter.diagnoses]
    return [own[place - 1] for place in line.pointers if 0 < place <= len(own)]


def billing_entity(session: Session) -> BillingEntity:
    """The practice: the first that was entered. A facility's is its location's."""
    rows = select(BillingEntityRow).order_by(BillingEntityRow.id).limit(1)
    return billing_party(session.scalars(rows).one())


def billing_party(row: BillingEntityRow) -> BillingEntity:
    return BillingEntity(
        name=row.name,
        npi=row.npi,
        tax_id=row.tax_id,
        taxonomy=row.taxonomy,
        address=Address(**row.address),
        contact_name=row.contact_name,
        contact_phone=row.phone,
        pay_to=Address(**row.pay_to) if row.pay_to else None,
    )


def filing_code(claim: Claim) -> str:
    """Medicare is part B to a physician and part A to a facility (SBR09)."""
    return _filing_code(claim.payer, claim.form)


def _filing_code(payer: PayerRow, form: ClaimForm) -> str:
    is_part_a = payer.filing_code == "MB" and form is ClaimForm.INSTITUTIONAL
    return "MA" if is_part_a else payer.filing_code


def payer_party(payer: PayerRow) -> PayerParty:
    return PayerParty(name=payer.name, payer_id=payer.payer_no)


def subscriber(coverage: Coverage, patient: PatientRow) -> Subscriber:
    """Whose plan it is: the patient, or the person named on the coverage."""
    person: PatientRow | SubscriberRow = coverage.subscriber or patient
    return Subscriber(
        member_id=coverage.member_id,
        name=_person_name(person),
        birth_on=person.birth_on,
        gender=Gender(person.gender),
        address=Address(**person.address) if is_complete(person.address) else None,
        group_number=coverage.group_number,
    )


def dependent(coverage: Coverage, patient: PatientRow) -> Patient | None:
    relationship = RELATIONSHIP[coverage.relationship_to_subscriber]
    if relationship is Relationship.SELF or coverage.subscriber is None:
        return None
    return Patient(
        name=_person_name(patient),
        birth_on=patient.birth_on,
        gender=Gender(patient.gender),
        address=Address(**patient.address),
        relationship=relationship,
    )


def _person_name(person: PatientRow | SubscriberRow) -> PersonName:
    return PersonName(
        last=person.last_name,
        first=person.first_name,
        middle=person.middle_name,
        suffix=person.name_suffix,
    )


def _rendering(encounter: Encounter) -> RenderingProvider:
    provider = encounter.provider
    return RenderingProvider(
        npi=provider.npi,
        last=provider.last_name,
        first=provider.first_name,
        taxonomy=provider.taxonomy,
    )


def _line(line: ChargeLine, diagnoses: Sequence[str]) -> ClaimLine:
    return ClaimLine(
        line_control=control_numbers.line_control(line.id),
        code=line.code,
        modifiers=tuple(line.modifiers),
        charge_cents=line.charge_cents or 0,
        units=Decimal(line.units),
        pointers=pointers_of(line, diagnoses),
        service_on=line.service_on,
    )


def other_payers(session: Session, claim: Claim, version: ClaimVersion) -> list[OtherPayer]:
    """The payers before this one and what each did, oldest first, then those who come after it
    (2320, 2330, 2430)."""
    earlier: list[OtherPayer] = []
    follows = session.get(Claim, claim.follows_id) if claim.follows_id else None
    while follows is not None:
        did = adjudications.adjudication_of(session, follows, version.charge_line_ids)
        if did is not None:
            earlier.insert(0, _other_payer(session, follows, did))
        follows = session.get(Claim, follows.follows_id) if follows.follows_id else None
    return [*earlier, *_later_payers(session, claim, earlier)]


def _other_payer(session: Session, claim: Claim, did: Adjudication) -> OtherPayer:
    insured = _insured(session, claim, claim.coverage, Responsibility(claim.responsibility))
    return replace(
        insured,
        paid_cents=did.paid_cents,
        adjustments=did.adjustments,
        remaining_patient_liability_cents=did.patient_cents,
        payer_claim_number=did.payer_claim_number,
        adjudicated_on=did.adjudicated_on,
        remarks=did.remarks,
        lines=did.lines,
    )


def _later_payers(
    session: Session, claim: Claim, earlier: Sequence[OtherPayer]
) -> Iterator[OtherPayer]:
    """They are told of before they did anything, each at the next place of the order."""
    told = {claim.payer.payer_no, *(other.payer.payer_id for other in earlier)}
    places = list(Responsibility)
    taken = {other.responsibility for other in earlier}
    behind = places[places.index(Responsibility(claim.responsibility)) + 1 :]
    free = (place for place in behind if place not in taken)
    for coverage in coverages.following(session, claim):
        payer_no = coverage.plan.payer.payer_no
        if payer_no not in told and (place := next(free, None)):
            told.add(payer_no)
            yield _insured(session, claim, coverage, place)


def _insured(
    session: Session, claim: Claim, coverage: Coverage, place: Responsibility
) -> OtherPayer:
    payer = coverage.plan.payer
    return OtherPayer(
        responsibility=place,
        payer=payer_party(payer),
        subscriber=subscriber(coverage, claim.encounter.patient),
        relationship=RELATIONSHIP[coverage.relationship_to_subscriber],
        filing_code=_filing_code(payer, claim.form),
        insurance_type=medicare_second.because_of(session, claim.encounter, coverage, place),
    )
