"""The rules of an institutional claim that no structure check sees (837I)."""

import re
from collections.abc import Iterator

from domain.claim_details import ConditionCategory, ReferenceKind, UnitBasis
from domain.institutional import Admission, InstitutionalClaim, RevenueLine, StayDiagnosis
from edi import checks, field_checks
from edi.claim_facts import INSTITUTIONAL_REFERENCES
from edi.cob_checks import Said
from edi.errors import OurFinding

_TYPE_OF_BILL = re.compile(r"[1-9][1-9]")
_PROCEDURE = re.compile(r"[0-9A-HJ-NP-Z]{7}")
_REVENUE_CODE = re.compile(r"[0-9]{4}")
_TWO_DIGITS = re.compile(r"[0-9]{2}")
_CODE = re.compile(r"[0-9A-Z]{2}")
_PRIORITY, _SOURCE = re.compile(r"[1-59]"), re.compile(r"[1-9A-G]")
_DRG = re.compile(r"[0-9]{3}")
LINES_MAX, OTHERS_MAX, REASONS_MAX, CAUSES_MAX, TREATMENTS_MAX = 999, 24, 3, 12, 24
_NOTES_MAX = 10
_NOTES = frozenset(
    {
        *("ALG", "DCP", "DGN", "DME", "MED", "NTR", "ODT", "RHB"),
        *("RLH", "RNH", "SET", "SFM", "SPT", "UPI"),
    }
)
_RATE = re.compile(r"[0-9A-Z]{5}")
# Medical and surgical, and obstetrics: those sections of ICD-10-PCS in which somebody operates.
_SURGICAL = ("0", "1")
_AMBULANCE = "054"
_CONDITIONS = {ConditionCategory.EPSDT: 3}
_SEVERAL = {ReferenceKind.DEVICE_EXEMPTION: 5}


def findings(claim: InstitutionalClaim) -> tuple[OurFinding, ...]:
    """Every reason why this claim must not be written; empty when there is none."""
    charges = checks.charges_of([(line.line_control, line.charge_cents) for line in claim.lines])
    said = (
        *checks.shared(claim, charges),
        *_bill(claim),
        *_stay(claim),
        *_diagnoses(claim),
        *_procedures(claim),
        *_codes(claim),
        *_providers(claim),
        *_lines(claim),
    )
    return checks.told(claim, said)


def _bill(claim: InstitutionalClaim) -> Said:
    if _TYPE_OF_BILL.fullmatch(claim.type_of_bill) is None:
        yield "CLM05-1", "The type of bill begins with two digits: the facility and the class."
    if claim.to_on < claim.from_on:
        yield "DTP*434", "The statement ends before it begins."
    for each in claim.references:
        if each.kind not in INSTITUTIONAL_REFERENCES:
            yield f"REF*{each.kind}", "An institutional claim has no place for this number."
    yield from checks.repeated((each.kind for each in claim.references), _SEVERAL)
    yield from checks.conditions(claim.conditions, _CONDITIONS)
    for note in claim.notes:
        if note.about not in _NOTES:
            yield "NTE01", f"A claim has no note of the kind {note.about!r}."
    if len(claim.notes) > _NOTES_MAX:
        yield "NTE", f"A claim holds at most {_NOTES_MAX} notes of its kinds."


def _stay(claim: InstitutionalClaim) -> Said:
    admission = claim.admission
    if _TWO_DIGITS.fullmatch(admission.patient_status) is None:
        yield "CL103", "The patient's status is two digits."
    yield from _admission_codes(admission)
    if not claim.is_inpatient:
        return
    if admission.admitted_on is None:
        yield "DTP*435", "An inpatient's claim tells the day of admission."
    elif admission.admitted_on > claim.to_on:
        yield "DTP*435", "The patient was admitted after the statement's last day."
    if not admission.priority or not admission.source:
        yield "CL1", "An inpatient's claim tells the admission's type and source."
    if claim.admitting_diagnosis is None:
        yield "HI*ABJ", "An inpatient's claim names the admitting diagnosis."


def _admission_codes(admission: Admission) -> Said:
    if admission.priority and _PRIORITY.fullmatch(admission.priority) is None:
        yield "CL101", "The type of an admission is one digit of 1 to 5, or 9."
    if admission.source and _SOURCE.fullmatch(admission.source) is None:
        yield "CL102", "The source of an admission is one digit, or one letter of A to F."


def _diagnoses(claim: InstitutionalClaim) -> Said:
    if len(claim.other_diagnoses) > OTHERS_MAX:
        yield "HI*ABF", f"A claim has at most {OTHERS_MAX} other diagnoses."
    if len(claim.visit_reasons) > REASONS_MAX:
        yield "HI*APR", f"A claim has at most {REASONS_MAX} reasons for a visit."
    if claim.is_inpatient and claim.visit_reasons:
        yield "HI*APR", "An inpatient's claim has an admitting diagnosis instead of these."
    if len(claim.external_causes) > CAUSES_MAX:
        yield "HI*ABN", f"A claim has at most {CAUSES_MAX} external causes."
    for where, code in _every_diagnosis(claim):
        yield from checks.diagnosis(where, code)
    for where, each in _with_admission(claim):
        if each.on_admission and not claim.is_inpatient:
            yield where, "What was present on admission is told of inpatients alone."


def _with_admission(claim: InstitutionalClaim) -> Iterator[tuple[str, StayDiagnosis]]:
    yield "HI*ABK", claim.principal
    yield from (("HI*ABF", each) for each in claim.other_diagnoses)
    yield from (("HI*ABN", each) for each in claim.external_causes)


def _every_diagnosis(claim: InstitutionalClaim) -> Iterator[tuple[str, str]]:
    yield from ((where, each.code) for where, each in _with_admission(claim))
    if claim.admitting_diagnosis is not None:
        yield "HI*ABJ", claim.admitting_diagnosis
    yield from (("HI*APR", code) for code in claim.visit_reasons)


def _procedures(claim: InstitutionalClaim) -> Said:
    principal = claim.principal_procedure
    if principal is None and claim.other_procedures:
        yield "HI*BBR", "Other procedures stand beside a principal one."
    if len(claim.other_procedures) > OTHERS_MAX:
        yield "HI*BBQ", f"A claim has at most {OTHERS_MAX} other procedures."
    others = (("HI*BBQ", other) for other in claim.other_procedures)
    for where, each in (*((("HI*BBR", principal),) if principal else ()), *others):
        if _PROCEDURE.fullmatch(each.code) is None:
            yield where, "An ICD-10-PCS code is seven letters and digits, without I and O."
        if each.on > claim.to_on:
            yield where, "A procedure was done after the statement's last day."
    if claim.drg and not _DRG.fullmatch(claim.drg):
        yield "HI*DR", "A diagnosis-related group is three digits."
    if claim.drg and not claim.is_stay:
        yield "HI*DR", "A diagnosis-related group is told of a whole inpatient stay alone."


def _codes(claim: InstitutionalClaim) -> Said:
    lists = (
        ("HI*BH", [each.code for each in claim.occurrences]),
        ("HI*BI", [each.code for each in claim.spans]),
        ("HI*BE", [each.code for each in claim.values]),
        ("HI*BG", list(claim.condition_codes)),
    )
    for where, codes in lists:
        if len(codes) > OTHERS_MAX:
            yield where, f"A claim has at most {OTHERS_MAX} of these codes."
        if any(_CODE.fullmatch(code) is None for code in codes):
            yield where, "Each of these codes is two letters or digits."
    if len(claim.treatment_codes) > TREATMENTS_MAX:
        yield "HI*TC", f"A claim has at most {TREATMENTS_MAX} treatment codes."
    for span in claim.spans:
        if span.to_on < span.from_on:
            yield "HI*BI", "A span ends before it begins."


def _providers(claim: InstitutionalClaim) -> Said:
    is_transport = all(line.revenue_code.startswith(_AMBULANCE) for line in claim.lines)
    if claim.attending is None and not is_transport:
        yield "2310A NM109", "An institutional claim names the attending provider."
    procedures = (claim.principal_procedure, *claim.other_procedures)
    if claim.operating is None and any(one and one.code[:1] in _SURGICAL for one in procedures):
        yield "2310B NM109", "A claim with a surgical procedure names the operating physician."
    if claim.other_operating and claim.operating is None:
        yield "2310C NM109", "Another operating physician stands beside a first one."
    attending, facility = claim.attending, claim.facility
    yield from field_checks.taxonomy("2310A PRV03", attending.taxonomy if attending else None)
    yield from checks.npis(
        (
            ("2310A NM109", checks.npi_of(claim.attending)),
            ("2310B NM109", checks.npi_of(claim.operating)),
            ("2310C NM109", checks.npi_of(claim.other_operating)),
            ("2310D NM109", checks.npi_of(claim.rendering)),
            ("2310E NM109", facility.npi if facility else None),
            ("2310F NM109", checks.npi_of(claim.referring)),
        )
    )


def _lines(claim: InstitutionalClaim) -> Said:
    if not 1 <= len(claim.lines) <= LINES_MAX:
        yield "LX", f"A claim has 1 to {LINES_MAX} lines; this one has {len(claim.lines)}."
    yield from checks.repeated_controls(line.line_control for line in claim.lines)
    for place, line in enumerate(claim.lines, 1):
        for where, words in (*_line(line), *_service(claim, line)):
            yield f"line {place} {where}", words


def _line(line: RevenueLine) -> Said:
    if _REVENUE_CODE.fullmatch(line.revenue_code) is None:
        yield "SV201", "A revenue code is four digits."
    yield from _coded(line)
    yield from field_checks.line(line.line_control, "SV202-2", line.code)
    if line.units <= 0:
        yield "SV205", "The units must be more than zero."
    if line.basis is UnitBasis.MINUTES:
        yield "SV204", "An institutional line counts units or days."
    if line.charge_cents < 0:
        yield "SV203", "The charge of a claim line cannot be negative."
    if (line.noncovered_cents or 0) > max(line.charge_cents, 0):
        yield "SV207", "More is not covered than was charged."
    yield from checks.within(line.charge_cents, line.service_tax_cents, line.facility_tax_cents)
    yield from checks.attachments(line.attachments)


def _coded(line: RevenueLine) -> Said:
    if line.is_rate and _RATE.fullmatch(line.code or "") is None:
        yield "SV202", "This revenue code goes with a rate (HIPPS) of five letters and digits."
    if line.modifiers and not line.code:
        yield "SV202", "Modifiers stand beside a procedure code."
    if len(line.modifiers) > checks.MODIFIERS_MAX:
        yield "SV202", f"A line has at most {checks.MODIFIERS_MAX} modifiers."


def _service(claim: InstitutionalClaim, line: RevenueLine) -> Said:
    if not claim.is_inpatient and line.service_on is None:
        yield "DTP*472", "An outpatient's line tells the day of its service."
    ends_on = line.service_to_on or line.service_on
    if (
        line.service_on
        and ends_on
        and not (claim.from_on <= line.service_on <= ends_on <= claim.to_on)
    ):
        yield "DTP*472", "The service lies outside the statement's days."
    if line.drug:
        yield from checks.drug(line.drug.ndc, line.drug.unit)
    providers = line.providers
    yield from checks.npis(
        (
            ("2420A NM109", checks.npi_of(providers.operating)),
            ("2420B NM109", checks.npi_of(providers.other_operating)),
            ("2420C NM109", checks.npi_of(providers.rendering)),
            ("2420D NM109", checks.npi_of(providers.referring)),
        )
    )
