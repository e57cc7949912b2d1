"""Claims as full as a form can be: an institutional and a professional one, of invented people."""

import datetime as dt
from decimal import Decimal

from domain.claim_details import (
    ClaimDate,
    ConditionCategory,
    ConditionIndicator,
    DateKind,
    Drug,
    DrugUnit,
    LineProviders,
    PurchasedService,
    ReferenceKind,
    ReferenceNumber,
    UnitBasis,
)
from domain.claims import (
    Accident,
    AccidentCause,
    ClaimLine,
    Frequency,
    OtherPayer,
    ProfessionalClaim,
    Responsibility,
)
from domain.correspondence import MailingAddress
from domain.institutional import (
    Admission,
    InstitutionalClaim,
    Occurrence,
    OccurrenceSpan,
    PresentOnAdmission,
    RevenueLine,
    StayDiagnosis,
    StayProcedure,
    TypedNote,
    ValueCode,
)
from domain.parties import (
    Address,
    BillingEntity,
    Gender,
    OtherProvider,
    Patient,
    PayerParty,
    PersonName,
    Relationship,
    RenderingProvider,
    ServiceFacility,
    Subscriber,
)

PAYER = MailingAddress(
    name="Granite Life", street="PO Box 77", city="Fairmont", state="ST", zip_code="00210"
)
HOME = Address(
    line1="118 Sample Lane", line2="Apt. #4", city="Fairmont", state="ST", postal_code="002101234"
)
BILLING = BillingEntity(
    name="Cedar Hollow Hospital",
    npi="1234567893",
    tax_id="123456789",
    taxonomy="282N00000X",
    address=Address(line1="400 Orchard Road", city="Fairmont", state="ST", postal_code="002104321"),
    contact_name="Ana Ruiz",
    contact_phone="5555550140",
    pay_to=Address(line1="PO Box 900", city="Fairmont", state="ST", postal_code="002109999"),
)
BRAM = Subscriber(
    member_id="GL77120044",
    name=PersonName(last="Tarrow", first="Bram", middle="Quentin", suffix="Jr"),
    birth_on=dt.date(1970, 5, 2),
    gender=Gender.MALE,
    address=HOME,
    group_number="GRP-88",
)
ZOE = Patient(
    name=PersonName(last="O'Ñeill-Tarrow", first="Zoë", middle="Maria"),
    birth_on=dt.date(1972, 3, 9),
    gender=Gender.FEMALE,
    address=HOME,
    relationship=Relationship.SPOUSE,
)
INA = OtherProvider(npi="1234567893", last="Voss", first="Ina", middle="K")
OTTO = OtherProvider(npi="1245319599", last="Brandt", first="Otto")
SURGEON = OtherProvider(npi="1245319599", last="Brandt", first="Otto", taxonomy="208600000X")
RUTH = OtherProvider(npi="1003000126", last="Kessler", first="Ruth", suffix="Sr")
KNEE = ServiceFacility(
    name="Cedar Hollow Surgery",
    npi="1003000126",
    address=Address(line1="9 Mill Street", city="Fairmont", state="ST", postal_code="00211"),
)


def _other(place: Responsibility, name: str, payer_id: str, paid_cents: int | None) -> OtherPayer:
    return OtherPayer(
        responsibility=place,
        payer=PayerParty(name=name, payer_id=payer_id),
        subscriber=Subscriber(
            member_id=f"{payer_id}-1",
            name=PersonName(last="Tarrow", first="Zoë", middle="Maria"),
            group_number=f"G{payer_id}",
        ),
        relationship=Relationship.SELF,
        filing_code="CI",
        paid_cents=paid_cents,
        payer_claim_number=f"ICN{payer_id}",
        prior_auth=f"AUTH{payer_id}",
    )


def professional() -> ProfessionalClaim:
    return ProfessionalClaim(
        pcn="C20417V2S1",
        frequency=Frequency.REPLACEMENT,
        billing=BILLING,
        subscriber=BRAM,
        patient=ZOE,
        payer=PayerParty(name="Granite Life", payer_id="60054"),
        responsibility=Responsibility.SECONDARY,
        filing_code="CI",
        payer_claim_number="GL26-0099341",
        referring=RUTH,
        supervising=OTTO,
        facility=KNEE,
        prior_auth="PA-771",
        referral="RF-1",
        casualty_claim_number="AUTO-55-19",
        note="Seen again after the fall; the knee was swollen and the splint was renewed twice",
        other_payers=(_other(Responsibility.PRIMARY, "Harbor Mutual", "77001", 8000),),
        place_of_service="11",
        rendering=RenderingProvider(
            npi="1234567893", last="Voss", first="Ina", taxonomy="207Q00000X"
        ),
        diagnoses=tuple(f"S83{number:03}A" for number in range(1, 13)),
        onset_on=dt.date(2026, 8, 1),
        admitted_on=dt.date(2026, 8, 2),
        discharged_on=dt.date(2026, 8, 4),
        accident=Accident(
            cause=AccidentCause.AUTO,
            also=AccidentCause.EMPLOYMENT,
            happened_on=dt.date(2026, 7, 31),
            state="ST",
        ),
        patient_paid_cents=2500,
        dates=(
            ClaimDate(kind=DateKind.DISABILITY, on=dt.date(2026, 8, 1), to_on=dt.date(2026, 9, 1)),
            ClaimDate(kind=DateKind.LAST_SEEN, on=dt.date(2026, 7, 30)),
        ),
        conditions=(
            ConditionIndicator(category=ConditionCategory.EPSDT, applies=True, codes=("AV",)),
        ),
        condition_codes=("A1", "B2"),
        lines=tuple(service(number) for number in range(1, 7)),
    )


def service(number: int) -> ClaimLine:
    return ClaimLine(
        line_control=f"L{number}",
        code="99213",
        modifiers=("25", "59", "GT", "QW"),
        charge_cents=1000000 + number,
        units=Decimal("1.5") if number == 1 else Decimal(number),
        pointers=(1, 2, 3, 12),
        service_on=dt.date(2026, 8, 20 + number),
        service_to_on=dt.date(2026, 8, 21 + number),
        is_emergency=True,
        is_epsdt=True,
        note="second dose",
        drug=Drug(ndc="59148001665", quantity=Decimal("1.50"), unit=DrugUnit.MILLILITER),
        purchased=PurchasedService(provider_npi="1003000126", cents=1250) if number == 2 else None,
        providers=LineProviders(rendering=SURGEON) if number == 3 else LineProviders(),
    )


def institutional() -> InstitutionalClaim:
    yes = PresentOnAdmission.YES
    return InstitutionalClaim(
        pcn="C30417V2S1",
        frequency=Frequency.REPLACEMENT,
        billing=BILLING,
        subscriber=BRAM,
        patient=ZOE,
        payer=PayerParty(name="Granite Life", payer_id="60054"),
        responsibility=Responsibility.SECONDARY,
        filing_code="CI",
        payer_claim_number="GL26-0099341",
        referring=RUTH,
        prior_auth="PA-771",
        medical_record_number="MRN00077",
        references=(ReferenceNumber(kind=ReferenceKind.ACCIDENT_STATE, number="ST"),),
        note="Transferred on a Sunday",
        notes=(TypedNote(about="DGN", words="Old fracture of the hip"),),
        other_payers=(
            _other(Responsibility.PRIMARY, "Harbor Mutual", "77001", 800050),
            _other(Responsibility.TERTIARY, "Slate Plan", "88001", None),
        ),
        type_of_bill="11",
        from_on=dt.date(2026, 8, 2),
        to_on=dt.date(2026, 8, 6),
        admission=Admission(
            admitted_on=dt.date(2026, 8, 2),
            admitted_time=dt.time(9, 40),
            discharged_time=dt.time(14, 5),
            priority="1",
            source="4",
            patient_status="01",
        ),
        principal=StayDiagnosis(code="S72001A", on_admission=yes),
        other_diagnoses=tuple(
            StayDiagnosis(code=f"E11{number:02}", on_admission=yes) for number in range(17)
        ),
        admitting_diagnosis="M2555",
        visit_reasons=("R52", "R55", "R600"),
        external_causes=tuple(StayDiagnosis(code=f"W19{n}XXA", on_admission=yes) for n in range(3)),
        drg="0480",
        principal_procedure=StayProcedure(code="0QS604Z", on=dt.date(2026, 8, 2)),
        other_procedures=tuple(
            StayProcedure(code=f"0QS60{n}Z", on=dt.date(2026, 8, 2 + n)) for n in range(5)
        ),
        occurrences=tuple(Occurrence(code=f"{n:02}", on=dt.date(2026, 7, n)) for n in range(1, 10)),
        spans=tuple(
            OccurrenceSpan(code=f"7{n}", from_on=dt.date(2026, 6, n), to_on=dt.date(2026, 6, n + 1))
            for n in range(1, 5)
        ),
        values=(
            ValueCode(code="80", hundredths=400),
            *(ValueCode(code=f"A{n}", hundredths=12345600 + n) for n in range(1, 10)),
            *(ValueCode(code=f"B{n}", hundredths=100 + n) for n in range(1, 4)),
        ),
        condition_codes=tuple(f"{n:02}" for n in range(1, 13)),
        attending=INA,
        operating=OTTO,
        other_operating=RUTH,
        lines=tuple(revenue(number) for number in range(1, 23)),
    )


def revenue(number: int) -> RevenueLine:
    if number == 1:
        return RevenueLine(
            line_control="L1",
            revenue_code="0120",
            charge_cents=480000,
            units=Decimal(4),
            basis=UnitBasis.DAYS,
            description="Room and board",
        )
    drug = Drug(ndc="59148001665", quantity=Decimal("1.50"), unit=DrugUnit.MILLILITER)
    return RevenueLine(
        line_control=f"L{number}",
        revenue_code="0636",
        code="J0135",
        modifiers=("RT", "59"),
        charge_cents=100000 + number,
        noncovered_cents=1000 + number,
        units=Decimal(number),
        service_on=dt.date(2026, 8, 2),
        drug=drug,
    )
