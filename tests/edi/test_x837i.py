"""Facilities' claims: one table of claims and reviewed files holds for both directions."""

import dataclasses
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from domain.claim_details import (
    Contract,
    Drug,
    DrugUnit,
    LineProviders,
    ReferenceKind,
    ReferenceNumber,
    UnitBasis,
)
from domain.claims import (
    Attachment,
    Frequency,
    OtherPayer,
    OtherPayerLine,
    PriorAdjustment,
    Responsibility,
)
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
from domain.parties import OtherProvider, Relationship
from domain.remittance import AdjustmentGroup
from edi import x837i
from edi.describe import describe
from edi.envelope import Envelope
from edi.read import SetKind, read
from tests.edi.test_x837p import ACME, BILLING, DEPENDENT, FEDERAL, JANE

HOSPITAL = dataclasses.replace(BILLING, name="LAKE HOSPITAL", taxonomy="282N00000X")
ATTENDING = OtherProvider(npi="1234567893", last="ROE", first="RITA", taxonomy="208600000X")
SURGEON = OtherProvider(npi="1999999984", last="SMITH", first="JOHN")
CAME, LEFT = dt.date(2026, 1, 5), dt.date(2026, 1, 9)
VISIT = InstitutionalClaim(
    pcn="C11V1S1",
    frequency=Frequency.ORIGINAL,
    billing=HOSPITAL,
    subscriber=JANE,
    payer=ACME,
    responsibility=Responsibility.PRIMARY,
    filing_code="CI",
    type_of_bill="13",
    from_on=CAME,
    to_on=CAME,
    admission=Admission(priority="1", source="1", patient_status="01"),
    principal=StayDiagnosis(code="S52501A"),
    visit_reasons=("M25531",),
    external_causes=(StayDiagnosis(code="W19XXXA"),),
    occurrences=(Occurrence(code="05", on=CAME),),
    attending=ATTENDING,
    lines=(
        RevenueLine(
            line_control="L201",
            revenue_code="0450",
            code="99283",
            modifiers=("25",),
            charge_cents=65000,
            units=Decimal(1),
            service_on=CAME,
        ),
        RevenueLine(
            line_control="L202",
            revenue_code="0636",
            code="J1885",
            charge_cents=4250,
            units=Decimal(2),
            service_on=CAME,
            drug=Drug(
                ndc="00409379301", quantity=Decimal(30), unit=DrugUnit.MILLIGRAM,
                order_number="RX77",
            ),
            providers=LineProviders(rendering=SURGEON),
        ),
    ),
)  # fmt: skip
STAY = InstitutionalClaim(
    pcn="C12V1S1",
    frequency=Frequency.ORIGINAL,
    billing=HOSPITAL,
    subscriber=JANE,
    payer=FEDERAL,
    responsibility=Responsibility.PRIMARY,
    filing_code="MA",
    prior_auth="AUTH9",
    referral="REFER9",
    medical_record_number="MRN900",
    references=(ReferenceNumber(kind=ReferenceKind.PEER_REVIEW_APPROVAL, number="PRO1"),),
    attachments=(Attachment(report_type="OZ", transmission="EL", control_number="ATT9"),),
    contract=Contract(kind="02", cents=900000, code="DRG"),
    note="SECOND ADMISSION THIS YEAR",
    notes=(TypedNote(about="DGN", words="FRACTURE OLD"),),
    type_of_bill="11",
    from_on=CAME,
    to_on=LEFT,
    admission=Admission(
        admitted_on=CAME,
        admitted_time=dt.time(14, 5),
        discharged_time=dt.time(11, 30),
        priority="1",
        source="4",
        patient_status="03",
    ),
    principal=StayDiagnosis(code="S72001A", on_admission=PresentOnAdmission.YES),
    admitting_diagnosis="M25551",
    other_diagnoses=(
        StayDiagnosis(code="I10", on_admission=PresentOnAdmission.YES),
        StayDiagnosis(code="T8131XA", on_admission=PresentOnAdmission.NO),
        StayDiagnosis(code="Z87891"),
    ),
    external_causes=(StayDiagnosis(code="W1830XA", on_admission=PresentOnAdmission.YES),),
    drg="470",
    principal_procedure=StayProcedure(code="0SR9019", on=dt.date(2026, 1, 6)),
    other_procedures=(StayProcedure(code="30233N1", on=dt.date(2026, 1, 7)),),
    spans=(OccurrenceSpan(code="74", from_on=dt.date(2026, 1, 7), to_on=dt.date(2026, 1, 8)),),
    occurrences=(Occurrence(code="05", on=CAME), Occurrence(code="11", on=CAME)),
    values=(ValueCode(code="80", hundredths=400), ValueCode(code="01", hundredths=125050)),
    condition_codes=("09", "C1"),
    attending=ATTENDING,
    operating=SURGEON,
    referring=OtherProvider(npi="1234567893", last="POE", first="PAUL"),
    estimated_due_cents=163200,
    lines=(
        RevenueLine(
            line_control="L210",
            revenue_code="0120",
            charge_cents=480000,
            noncovered_cents=20000,
            units=Decimal(4),
            basis=UnitBasis.DAYS,
        ),
        RevenueLine(
            line_control="L211", revenue_code="0360", charge_cents=1250000, units=Decimal(1)
        ),
    ),
)
DEPENDENTS_STAY = dataclasses.replace(STAY, pcn="C13V1S1", patient=DEPENDENT.patient)
REPLACEMENT = dataclasses.replace(
    STAY, pcn="C12V2S1", frequency=Frequency.REPLACEMENT, payer_claim_number="ICN900"
)
LATE_CHARGES = dataclasses.replace(
    STAY, pcn="C12V3S1", frequency=Frequency.LATE_CHARGES, lines=STAY.lines[1:]
)


def _adjusted(group: AdjustmentGroup, carc: str, cents: int) -> PriorAdjustment:
    return PriorAdjustment(group=group, carc=carc, cents=cents)


SECONDARY_STAY = dataclasses.replace(
    STAY,
    pcn="C12V1S2",
    payer=ACME,
    filing_code="CI",
    responsibility=Responsibility.SECONDARY,
    other_payers=(
        OtherPayer(
            responsibility=Responsibility.PRIMARY,
            payer=FEDERAL,
            subscriber=dataclasses.replace(JANE, birth_on=None, gender=None),
            relationship=Relationship.SELF,
            filing_code="MA",
            paid_cents=1180000,
            adjustments=(
                _adjusted(AdjustmentGroup.CONTRACTUAL, "45", 386800),
                _adjusted(AdjustmentGroup.PATIENT, "1", 163200),
            ),
            remaining_patient_liability_cents=163200,
            payer_claim_number="ICN900",
            adjudicated_on=dt.date(2026, 2, 2),
            remarks=("MA18", "N211"),
            covered_days=0,
        ),
    ),
)
SECONDARY_VISIT = dataclasses.replace(
    VISIT,
    pcn="C11V1S2",
    responsibility=Responsibility.SECONDARY,
    other_payers=(
        OtherPayer(
            responsibility=Responsibility.PRIMARY,
            payer=FEDERAL,
            subscriber=dataclasses.replace(JANE, birth_on=None, gender=None),
            relationship=Relationship.SPOUSE,
            filing_code="MB",
            paid_cents=40000,
            remaining_patient_liability_cents=9250,
            lines=(
                OtherPayerLine(
                    line_control="L201",
                    paid_cents=40000,
                    code="99283",
                    modifiers=("25",),
                    units=Decimal(1),
                    revenue_code="0450",
                    adjustments=(
                        _adjusted(AdjustmentGroup.CONTRACTUAL, "45", 20000),
                        _adjusted(AdjustmentGroup.PATIENT, "2", 5000),
                    ),
                    adjudicated_on=dt.date(2026, 2, 2),
                ),
                OtherPayerLine(
                    line_control="L202",
                    paid_cents=0,
                    code="J1885",
                    units=Decimal(2),
                    revenue_code="0636",
                    adjustments=(_adjusted(AdjustmentGroup.PATIENT, "96", 4250),),
                    adjudicated_on=dt.date(2026, 2, 2),
                ),
            ),
        ),
    ),
)
HOME_HEALTH = dataclasses.replace(
    VISIT,
    pcn="C14V1S1",
    type_of_bill="32",
    to_on=dt.date(2026, 2, 3),
    admission=Admission(admitted_on=CAME, priority="3", source="1", patient_status="30"),
    visit_reasons=(),
    external_causes=(),
    occurrences=(),
    treatment_codes=("A01", "B02"),
    values=(ValueCode(code="61", hundredths=1234500),),
    lines=(
        RevenueLine(
            line_control="L220",
            revenue_code="0023",
            code="1AA11",
            charge_cents=0,
            units=Decimal(1),
            service_on=CAME,
        ),
        RevenueLine(
            line_control="L221",
            revenue_code="0551",
            code="G0299",
            charge_cents=18000,
            units=Decimal(3),
            service_on=CAME,
        ),
    ),
)

CASES = {
    "visit": (VISIT,),
    "stay": (STAY,),
    "dependents_stay": (DEPENDENTS_STAY,),
    "replacement_and_late_charges": (REPLACEMENT, LATE_CHARGES),
    "secondary_stay": (SECONDARY_STAY,),
    "secondary_visit": (SECONDARY_VISIT,),
    "home_health": (HOME_HEALTH,),
}
every_case = pytest.mark.parametrize("name", CASES)


@every_case
def test_claims_are_written_as_the_reviewed_file_says(
    name: str, envelope: Envelope, golden: Path
) -> None:
    data = x837i.encode(CASES[name], envelope=envelope, batch_reference="B7")

    assert data == (golden / f"837i_{name}.x12").read_bytes()


@every_case
def test_the_reviewed_file_reads_back_as_the_same_claims(name: str, golden: Path) -> None:
    file = read((golden / f"837i_{name}.x12").read_bytes())

    assert file.findings == ()
    assert file.items == CASES[name]
    assert file.sets[0].kind is SetKind.INSTITUTIONAL_CLAIM


def test_every_segment_of_a_stay_is_shown_under_a_name_of_its_own(golden: Path) -> None:
    nodes = describe((golden / "837i_secondary_stay.x12").read_bytes())

    titles = [node.title for node in nodes]
    assert "segment without a name here" not in titles
    for said in (
        "statement from and to", "how the patient came and left", "principal diagnosis first",
        "admitting diagnosis", "external causes", "diagnosis-related group", "other diagnoses",
        "principal procedure", "other procedures", "occurrence spans", "occurrence codes",
        "value codes", "condition codes", "attending provider", "operating physician",
        "inpatient adjudication", "contract", "estimated due from the patient",
    ):  # fmt: skip
        assert said in titles


def test_a_location_number_of_a_provider_is_no_state_of_an_accident(golden: Path) -> None:
    """REF*LU means one thing on the claim and another below a provider."""
    data = (golden / "837i_stay.x12").read_bytes()
    located = data.replace(b"PRV*AT*PXC*208600000X~\n", b"PRV*AT*PXC*208600000X~\nREF*LU*7~\n")
    counted = located.replace(b"SE*55*", b"SE*56*")

    file = read(counted)

    assert located != data
    assert file.findings == ()
    assert file.items == CASES["stay"]
