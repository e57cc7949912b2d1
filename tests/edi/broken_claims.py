"""One broken claim for every rule: what is wrong with it, and the place that must be named."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

from domain.claim_details import (
    AS_THE_CLAIM,
    Ambulance,
    ClaimDate,
    ConditionCategory,
    ConditionIndicator,
    Contract,
    DateKind,
    Drug,
    DrugUnit,
    FormAnswer,
    LineProviders,
    MeasuredResult,
    ReferenceKind,
    ReferenceNumber,
    SupportingForm,
    UnitBasis,
)
from domain.claims import (
    Accident,
    AccidentCause,
    Attachment,
    Frequency,
    OtherPayer,
    PriorAdjustment,
    ProfessionalClaim,
    Responsibility,
)
from domain.institutional import (
    InstitutionalClaim,
    Occurrence,
    OccurrenceSpan,
    PresentOnAdmission,
    StayDiagnosis,
    StayProcedure,
    TypedNote,
    ValueCode,
)
from domain.parties import OtherProvider, Relationship, ServiceFacility
from domain.remittance import AdjustmentGroup
from tests.edi.test_x837i import HOME_HEALTH, SECONDARY_STAY, SECONDARY_VISIT, STAY, VISIT
from tests.edi.test_x837p import DEPENDENT, EVERYTHING, MINIMAL, SECONDARY, TERTIARY

Claim = ProfessionalClaim | InstitutionalClaim
Broken = tuple[Claim, str]

_SOUND = OtherProvider(npi="1234567893", last="ROE", first="RITA")
_FALSE = dataclasses.replace(_SOUND, npi="1234567890")
_SENT = Attachment(report_type="OZ", transmission="EL", control_number="A1")
_DAY = dt.date(2026, 1, 5)
_LONG = "9" * 51
_PLACE = MINIMAL.billing.address


def _with(claim: Any, **facts: Any) -> Any:
    return dataclasses.replace(claim, **facts)


def _first_line(claim: Any, **facts: Any) -> Any:
    first = dataclasses.replace(claim.lines[0], **facts)
    return dataclasses.replace(claim, lines=(first, *claim.lines[1:]))


def _billing(**facts: Any) -> Any:
    return _with(MINIMAL, billing=_with(MINIMAL.billing, **facts))


def _reference(kind: ReferenceKind, number: str = "1") -> ReferenceNumber:
    return ReferenceNumber(kind=kind, number=number)


def _condition(category: ConditionCategory, *codes: str) -> ConditionIndicator:
    return ConditionIndicator(category=category, applies=True, codes=codes)


def _drug(ndc: str) -> Drug:
    return Drug(ndc=ndc, quantity=Decimal(1), unit=DrugUnit.UNIT)


def _form(list_code: str, *answers: FormAnswer) -> SupportingForm:
    return SupportingForm(list_code=list_code, form="484.03", answers=answers)


def _on_line(**providers: Any) -> LineProviders:
    return dataclasses.replace(AS_THE_CLAIM, **providers)


def _others(claim: Any, count: int) -> Any:
    """Undecided payers, each under an id of its own."""
    one = _with(claim.other_payers[0], paid_cents=None, adjustments=(), lines=())
    many = tuple(_with(one, payer=_with(one.payer, payer_id=f"P{place}")) for place in range(count))
    return _with(claim, other_payers=many)


def _other(claim: Any, **facts: Any) -> Any:
    other: OtherPayer = dataclasses.replace(claim.other_payers[0], **facts)
    return _with(claim, other_payers=(other, *claim.other_payers[1:]))


_CROWDED = tuple(
    PriorAdjustment(group=group, carc="45", cents=0) for group in AdjustmentGroup for _ in range(7)
)

SHARED: dict[str, Broken] = {
    "a pcn of 21 characters": (_with(MINIMAL, pcn="C" * 21), "CLM01"),
    "a replacement that names no claim": (
        _with(MINIMAL, frequency=Frequency.REPLACEMENT),
        "REF*F8",
    ),
    "a void that names no claim": (_with(VISIT, frequency=Frequency.VOID), "REF*F8"),
    "an original that names a claim": (_with(MINIMAL, payer_claim_number="ICN1"), "REF*F8"),
    "a false billing NPI": (_billing(npi="1234567890"), "2010AA NM109"),
    "a tax id of eight digits": (_billing(tax_id="12345678"), "2010AA REF*EI"),
    "a billing postal code of five digits": (
        _billing(address=_with(_PLACE, postal_code="75201")),
        "2010AA N403",
    ),
    "a post box as billing address": (
        _billing(address=_with(_PLACE, line1="P.O. BOX 7")),
        "2010AA N301",
    ),
    "a post code with a hyphen": (
        _billing(pay_to=_with(_PLACE, postal_code="75201-1234")),
        "2010AB N403",
    ),
    "a state that there is not": (_billing(pay_to=_with(_PLACE, state="QQ")), "2010AB N402"),
    "a billing state that there is not": (
        _billing(address=_with(_PLACE, state="QQ")),
        "2010AA N402",
    ),
    "a city of one letter": (_billing(pay_to=_with(_PLACE, city="X")), "2010AB N401"),
    "a billing city of one letter": (_billing(address=_with(_PLACE, city="X")), "2010AA N401"),
    "a specialty of 81 characters": (_billing(taxonomy="2" * 81), "2000A PRV03"),
    "a kind of payer that there is not": (_with(MINIMAL, filing_code="QQ"), "SBR09"),
    "another payer of no kind": (_other(SECONDARY, filing_code="QQ"), "2320 P SBR09"),
    "a member id of one character": (
        _with(MINIMAL, subscriber=_with(MINIMAL.subscriber, member_id="1")),
        "2010BA NM109",
    ),
    "another member id of one character": (
        _other(SECONDARY, subscriber=_with(SECONDARY.other_payers[0].subscriber, member_id="1")),
        "2330A P NM109",
    ),
    "another payer's id of one character": (
        _other(SECONDARY, payer=_with(SECONDARY.other_payers[0].payer, payer_id="1")),
        "2330B P NM109",
    ),
    "a state in full": (_billing(pay_to=_with(_PLACE, state="TEXAS")), "2010AB N402"),
    "a patient without a birth date": (
        _with(MINIMAL, subscriber=_with(MINIMAL.subscriber, birth_on=None)),
        "2010BA",
    ),
    "a dependent who is the subscriber": (
        _with(DEPENDENT, patient=_with(DEPENDENT.patient, relationship=Relationship.SELF)),
        "PAT01",
    ),
    "eleven attachments": (_with(MINIMAL, attachments=(_SENT,) * 11), "PWK"),
    "an attachment by pigeon": (
        _with(MINIMAL, attachments=(_with(_SENT, transmission="XX"),)),
        "PWK02",
    ),
    "an attachment sent without a number": (
        _with(MINIMAL, attachments=(_with(_SENT, control_number=None),)),
        "PWK06",
    ),
    "a contract of no kind": (_with(MINIMAL, contract=Contract(kind="07")), "CN101"),
    "eleven pieces of further information": (_with(MINIMAL, file_information=("A",) * 11), "K3"),
    "an unknown reason of delay": (_with(MINIMAL, delay_reason="12"), "CLM20"),
    "a medical record number too long": (_with(MINIMAL, medical_record_number=_LONG), "REF*EA"),
    "a member id too long": (
        _with(MINIMAL, subscriber=_with(MINIMAL.subscriber, member_id="9" * 81)),
        "2010BA NM109",
    ),
    "a payer id too long": (
        _with(MINIMAL, payer=_with(MINIMAL.payer, payer_id="9" * 81)),
        "2010BB NM109",
    ),
    "a group number too long": (
        _with(MINIMAL, subscriber=_with(MINIMAL.subscriber, group_number=_LONG)),
        "SBR03",
    ),
    "two payers at one place": (
        _other(SECONDARY, responsibility=Responsibility.SECONDARY),
        "SBR01",
    ),
    "two other payers of one id": (
        _with(
            TERTIARY,
            other_payers=(
                TERTIARY.other_payers[0],
                _with(TERTIARY.other_payers[1], payer=TERTIARY.other_payers[0].payer),
            ),
        ),
        "2330B NM109",
    ),
    "other payers that do not add up": (_other(TERTIARY, paid_cents=10001), "2320 P"),
    "an answered stay that does not add up": (_other(SECONDARY_STAY, paid_cents=1), "2320 P"),
    "an other payer without its day": (_other(TERTIARY, adjudicated_on=None), "2320 P DTP*573"),
    "what is left told twice": (
        _other(SECONDARY, remaining_patient_liability_cents=2000),
        "2320 P AMT*EAF",
    ),
    "more reasons than fit": (
        _other(TERTIARY, adjustments=(*TERTIARY.other_payers[0].adjustments, *_CROWDED)),
        "2320 P CAS",
    ),
    "a line that is not on the claim": (
        _other(
            SECONDARY_VISIT,
            lines=(
                _with(SECONDARY_VISIT.other_payers[0].lines[0], line_control="L999"),
                SECONDARY_VISIT.other_payers[0].lines[1],
            ),
        ),
        "2320 P 2430",
    ),
}

PROFESSIONAL: dict[str, Broken] = {
    "Medicare second for no reason": (_with(SECONDARY, filing_code="MB"), "SBR05"),
    "a reason why another payer is second": (_with(SECONDARY, insurance_type="12"), "SBR05"),
    "a reason why Medicare is first": (
        _with(MINIMAL, filing_code="MB", insurance_type="12"),
        "SBR05",
    ),
    "a reason that there is not": (
        _with(SECONDARY, filing_code="MB", insurance_type="99"),
        "SBR05",
    ),
    "a first interim bill": (_with(MINIMAL, frequency=Frequency.INTERIM_FIRST), "CLM05-3"),
    "a place of service of one digit": (_with(MINIMAL, place_of_service="1"), "CLM05-1"),
    "an automobile accident nowhere": (
        _with(MINIMAL, accident=Accident(cause=AccidentCause.AUTO, happened_on=_DAY)),
        "CLM11-4",
    ),
    "one cause of an accident twice": (
        _with(
            MINIMAL,
            accident=Accident(
                cause=AccidentCause.OTHER, also=AccidentCause.OTHER, happened_on=_DAY
            ),
        ),
        "CLM11-2",
    ),
    "a discharge before the admission": (
        _with(MINIMAL, admitted_on=_DAY, discharged_on=dt.date(2026, 1, 4)),
        "DTP*096",
    ),
    "a date of a line on the claim": (
        _with(MINIMAL, dates=(ClaimDate(kind=DateKind.SHIPPED, on=_DAY),)),
        "DTP*011",
    ),
    "a disability that ends before it began": (
        _with(
            MINIMAL,
            dates=(ClaimDate(kind=DateKind.DISABILITY, on=_DAY, to_on=dt.date(2026, 1, 1)),),
        ),
        "DTP*314",
    ),
    "a span of days of an X-ray": (
        _with(
            MINIMAL,
            dates=(ClaimDate(kind=DateKind.LAST_XRAY, on=_DAY, to_on=dt.date(2026, 1, 9)),),
        ),
        "DTP*455",
    ),
    "a note of an unknown kind": (_with(MINIMAL, note="A", note_about="XYZ"), "NTE01"),
    "a condition of a line on the claim": (
        _with(MINIMAL, conditions=(_condition(ConditionCategory.HOSPICE, "65"),)),
        "CRC*70",
    ),
    "a condition told twice": (
        _with(MINIMAL, conditions=(_condition(ConditionCategory.HOMEBOUND, "IH"),) * 2),
        "CRC*75",
    ),
    "a condition without a code": (
        _with(MINIMAL, conditions=(_condition(ConditionCategory.EPSDT),)),
        "CRC*ZZ",
    ),
    "a transport from nowhere": (
        _with(MINIMAL, ambulance=Ambulance(reason="A", miles=Decimal(3))),
        "2310E",
    ),
    "a number that professional claims have not": (
        _with(MINIMAL, references=(_reference(ReferenceKind.ACCIDENT_STATE),)),
        "REF*LU",
    ),
    "a number twice": (
        _with(MINIMAL, references=(_reference(ReferenceKind.DEVICE_EXEMPTION),) * 2),
        "REF*LX",
    ),
    "a CLIA number without its letter": (
        _with(MINIMAL, references=(_reference(ReferenceKind.CLIA, "0512345678"),)),
        "REF*X4",
    ),
    "three surgical codes of one anaesthesia": (
        _with(MINIMAL, anesthesia_for=("47562",) * 3),
        "HI*BP",
    ),
    "thirteen condition codes": (_with(MINIMAL, condition_codes=("AA",) * 13), "HI*BG"),
    "a primary care provider alone": (_with(MINIMAL, primary_care=_SOUND), "2310A P3"),
    "a rendering specialty of eleven": (
        _with(MINIMAL, rendering=_with(MINIMAL.rendering, taxonomy="207Q00000XX")),
        "2310B PRV03",
    ),
    "a false rendering NPI": (
        _with(MINIMAL, rendering=_with(MINIMAL.rendering, npi="12")),
        "2310B NM109",
    ),
    "a facility's false NPI": (
        _with(EVERYTHING, facility=_with(EVERYTHING.facility, npi="12")),
        "2310C NM109",
    ),
    "a facility's postal code of four digits": (
        _with(
            MINIMAL,
            facility=ServiceFacility(
                name="HILL", npi=None, address=_with(_PLACE, postal_code="7520")
            ),
        ),
        "2310 NM1*77 N403",
    ),
    "thirteen diagnoses": (_with(MINIMAL, diagnoses=("J069", "R05") + ("I10",) * 11), "HI"),
    "a diagnosis with a point": (_with(MINIMAL, diagnoses=("J06.9", "R05")), "HI01"),
    "a diagnosis of ICD-9": (_with(MINIMAL, diagnoses=("J069", "4660")), "HI02"),
    "no line": (_with(MINIMAL, lines=()), "LX"),
    "two lines of one control number": (_with(MINIMAL, lines=MINIMAL.lines * 2), "REF*6R"),
}

PROFESSIONAL_LINES: dict[str, tuple[dict[str, Any], str]] = {
    "a code of six": ({"code": "992130"}, "SV101-2"),
    "a control number of 31": ({"line_control": "L" * 31}, "REF*6R"),
    "a rendering specialty of nine": (
        {"providers": _on_line(rendering=_with(_SOUND, taxonomy="207Q00000"))},
        "2420A PRV03",
    ),
    "no pointer": ({"pointers": ()}, "SV107"),
    "a pointer past the diagnoses": ({"pointers": (3,)}, "SV107"),
    "five modifiers": ({"modifiers": ("25", "59", "76", "77", "LT")}, "SV101"),
    "no units": ({"units": Decimal(0)}, "SV104"),
    "days": ({"basis": UnitBasis.DAYS}, "SV103"),
    "a negative charge": ({"charge_cents": -1}, "SV102"),
    "an end before its beginning": ({"service_to_on": dt.date(2020, 1, 1)}, "DTP*472"),
    "a place of one digit": ({"place_of_service": "1"}, "SV105"),
    "a date of the claim": ({"dates": (ClaimDate(kind=DateKind.LAST_WORKED, on=_DAY),)}, "DTP*297"),
    "a certificate by mail of a kind unknown": (
        {"attachments": (Attachment(report_type="CT", transmission="ZZ"),)},
        "PWK02",
    ),
    "a certificate's way on another document": (
        {"attachments": (Attachment(report_type="OZ", transmission="AD"),)},
        "PWK02",
    ),
    "a contract of no kind": ({"contract": Contract(kind="99")}, "CN101"),
    "a condition of the claim": (
        {"conditions": (_condition(ConditionCategory.EPSDT, "NU"),)},
        "CRC*ZZ",
    ),
    "a note of the claim": ({"note": "A", "note_about": "CER"}, "NTE01"),
    "more tax than charge": ({"sales_tax_cents": 15001}, "AMT"),
    "a form of no list": ({"forms": (_form("XX", FormAnswer(question="1", yes=True)),)}, "LQ"),
    "an answer that says nothing": ({"forms": (_form("UT", FormAnswer(question="1")),)}, "FRM"),
    "six measurements": (
        {"measured": (MeasuredResult(about="TR", measure="R1", value=Decimal(1)),) * 6},
        "MEA",
    ),
    "a number of the claim": (
        {"references": (_reference(ReferenceKind.CARE_PLAN_OVERSIGHT),)},
        "REF*1J",
    ),
    "a CLIA number too short": ({"references": (_reference(ReferenceKind.CLIA, "05D"),)}, "REF*X4"),
    "a batch of a vaccine too long": (
        {"references": (_reference(ReferenceKind.IMMUNIZATION_BATCH, _LONG),)},
        "REF*BT",
    ),
    "a batch of a vaccine twice": (
        {"references": (_reference(ReferenceKind.IMMUNIZATION_BATCH),) * 2},
        "REF*BT",
    ),
    "an NDC of ten digits": ({"drug": _drug("0040937930")}, "LIN03"),
    "a false rendering NPI": ({"providers": _on_line(rendering=_FALSE)}, "2420A NM109"),
    "a false ordering NPI": ({"providers": _on_line(ordering=_FALSE)}, "2420E NM109"),
}

INSTITUTIONAL: dict[str, Broken] = {
    "a type of bill with its frequency": (_with(VISIT, type_of_bill="131"), "CLM05-1"),
    "a statement that ends before it begins": (
        _with(HOME_HEALTH, to_on=dt.date(2026, 1, 1), lines=()),
        "DTP*434",
    ),
    "a number that institutional claims have not": (
        _with(VISIT, references=(_reference(ReferenceKind.CLIA, "05D1234567"),)),
        "REF*X4",
    ),
    "six device exemptions": (
        _with(VISIT, references=(_reference(ReferenceKind.DEVICE_EXEMPTION),) * 6),
        "REF*LX",
    ),
    "a condition of professional claims": (
        _with(VISIT, conditions=(_condition(ConditionCategory.HOMEBOUND, "IH"),)),
        "CRC*75",
    ),
    "a note of an unknown kind": (
        _with(VISIT, notes=(TypedNote(about="ADD", words="A"),)),
        "NTE01",
    ),
    "eleven notes": (_with(VISIT, notes=(TypedNote(about="DGN", words="A"),) * 11), "NTE"),
    "a patient's status of one digit": (
        _with(VISIT, admission=_with(VISIT.admission, patient_status="1")),
        "CL103",
    ),
    "an inpatient who was never admitted": (
        _with(STAY, admission=_with(STAY.admission, admitted_on=None)),
        "DTP*435",
    ),
    "an admission after the stay": (
        _with(STAY, admission=_with(STAY.admission, admitted_on=dt.date(2026, 2, 1))),
        "DTP*435",
    ),
    "an admission without its source": (
        _with(STAY, admission=_with(STAY.admission, source=None)),
        "CL1",
    ),
    "no admitting diagnosis": (_with(STAY, admitting_diagnosis=None), "HI*ABJ"),
    "25 other diagnoses": (
        _with(VISIT, other_diagnoses=(StayDiagnosis(code="I10"),) * 25),
        "HI*ABF",
    ),
    "four reasons for a visit": (_with(VISIT, visit_reasons=("R05",) * 4), "HI*APR"),
    "an inpatient's reason for a visit": (_with(STAY, visit_reasons=("R05",)), "HI*APR"),
    "thirteen external causes": (
        _with(VISIT, external_causes=(StayDiagnosis(code="W19XXXA"),) * 13),
        "HI*ABN",
    ),
    "a principal diagnosis with a point": (
        _with(VISIT, principal=StayDiagnosis(code="S52.501A")),
        "HI*ABK",
    ),
    "an admitting diagnosis of ICD-9": (_with(STAY, admitting_diagnosis="4660"), "HI*ABJ"),
    "a reason for a visit of ICD-9": (_with(VISIT, visit_reasons=("4660",)), "HI*APR"),
    "an outpatient's admission": (
        _with(
            VISIT,
            principal=StayDiagnosis(code="S52501A", on_admission=PresentOnAdmission.YES),
        ),
        "HI*ABK",
    ),
    "an other diagnosis with a point": (
        _with(VISIT, other_diagnoses=(StayDiagnosis(code="I1.0"),)),
        "HI*ABF",
    ),
    "an external cause with a point": (
        _with(VISIT, external_causes=(StayDiagnosis(code="W19.A"),)),
        "HI*ABN",
    ),
    "other procedures alone": (_with(STAY, principal_procedure=None), "HI*BBR"),
    "25 other procedures": (_with(STAY, other_procedures=STAY.other_procedures * 25), "HI*BBQ"),
    "a procedure with a letter that PCS has not": (
        _with(STAY, principal_procedure=StayProcedure(code="0SR90I9", on=_DAY)),
        "HI*BBR",
    ),
    "a procedure after the stay": (
        _with(STAY, principal_procedure=StayProcedure(code="0SR9019", on=dt.date(2026, 2, 1))),
        "HI*BBR",
    ),
    "a DRG of two digits": (_with(STAY, drg="47"), "HI*DR"),
    "a DRG of a visit": (_with(VISIT, drg="470"), "HI*DR"),
    "25 occurrences": (_with(VISIT, occurrences=(Occurrence(code="05", on=_DAY),) * 25), "HI*BH"),
    "an occurrence of one digit": (
        _with(VISIT, occurrences=(Occurrence(code="5", on=_DAY),)),
        "HI*BH",
    ),
    "a value code of three": (_with(VISIT, values=(ValueCode(code="080", hundredths=1),)), "HI*BE"),
    "25 condition codes": (_with(VISIT, condition_codes=("09",) * 25), "HI*BG"),
    "25 treatments": (_with(VISIT, treatment_codes=("A01",) * 25), "HI*TC"),
    "a span that ends before it begins": (
        _with(
            STAY,
            spans=(OccurrenceSpan(code="74", from_on=_DAY, to_on=dt.date(2026, 1, 1)),),
        ),
        "HI*BI",
    ),
    "an admission of type 6": (
        _with(STAY, admission=_with(STAY.admission, priority="6")),
        "CL101",
    ),
    "an admission from nowhere": (
        _with(STAY, admission=_with(STAY.admission, source="H")),
        "CL102",
    ),
    "an attending specialty of nine": (
        _with(VISIT, attending=_with(VISIT.attending, taxonomy="20860000X")),
        "2310A PRV03",
    ),
    "no attending provider": (_with(VISIT, attending=None), "2310A NM109"),
    "a surgery that nobody did": (_with(STAY, operating=None), "2310B NM109"),
    "another operating physician alone": (_with(VISIT, other_operating=_SOUND), "2310C NM109"),
    "an attending's false NPI": (_with(VISIT, attending=_FALSE), "2310A NM109"),
    "a referring provider's false NPI": (_with(VISIT, referring=_FALSE), "2310F NM109"),
    "no line": (_with(VISIT, lines=()), "LX"),
    "two lines of one control number": (_with(VISIT, lines=VISIT.lines[:1] * 2), "REF*6R"),
}

INSTITUTIONAL_LINES: dict[str, tuple[dict[str, Any], str]] = {
    "a code of four": ({"code": "9921"}, "SV202-2"),
    "a revenue code of three digits": ({"revenue_code": "450"}, "SV201"),
    "a rate that is none": ({"revenue_code": "0023", "code": "G0299X"}, "SV202"),
    "modifiers of no code": ({"code": None}, "SV202"),
    "five modifiers": ({"modifiers": ("25", "59", "76", "77", "LT")}, "SV202"),
    "no units": ({"units": Decimal(0)}, "SV205"),
    "minutes": ({"basis": UnitBasis.MINUTES}, "SV204"),
    "a negative charge": ({"charge_cents": -1}, "SV203"),
    "more not covered than charged": ({"noncovered_cents": 65001}, "SV207"),
    "more tax than charge": ({"facility_tax_cents": 65001}, "AMT"),
    "an attachment by pigeon": ({"attachments": (_with(_SENT, transmission="XX"),)}, "PWK02"),
    "no day": ({"service_on": None}, "DTP*472"),
    "a day outside the statement": ({"service_on": dt.date(2026, 2, 1)}, "DTP*472"),
    "an NDC with hyphens": ({"drug": _drug("0409-3793-01")}, "LIN03"),
    "a false operating NPI": ({"providers": _on_line(operating=_FALSE)}, "2420A NM109"),
    "a false referring NPI": ({"providers": _on_line(referring=_FALSE)}, "2420D NM109"),
}


def every() -> dict[str, Broken]:
    lines = {
        **{
            f"P line, {why}": (_first_line(MINIMAL, **facts), f"line 1 {where}")
            for why, (facts, where) in PROFESSIONAL_LINES.items()
        },
        **{
            f"I line, {why}": (_first_line(VISIT, **facts), f"line 1 {where}")
            for why, (facts, where) in INSTITUTIONAL_LINES.items()
        },
    }
    return {
        **SHARED,
        **{f"P {why}": broken for why, broken in PROFESSIONAL.items()},
        **{f"I {why}": broken for why, broken in INSTITUTIONAL.items()},
        **lines,
        "eleven other payers": (_others(SECONDARY, 11), "2320"),
        "a line whose answer does not add up": (_line_does_not_add_up(), "2320 P 2430 L201"),
    }


def _line_does_not_add_up() -> Claim:
    """The whole adds up, and no line of it."""
    first, second = SECONDARY_VISIT.other_payers[0].lines
    claim: Claim = _other(
        SECONDARY_VISIT,
        lines=(
            _with(first, paid_cents=first.paid_cents + 10),
            _with(second, paid_cents=second.paid_cents - 10),
        ),
    )
    return claim
