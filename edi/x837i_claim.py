"""Loop 2300 of an 837I and all below it, in the order that the guide demands."""

from collections.abc import Sequence

from domain.institutional import InstitutionalClaim, RevenueLine, StayDiagnosis
from domain.money import x12_amount
from edi import claim_facts, cob_out, line_facts
from edi.writing import Writer, day, number, period

_ASSIGNMENT = "A"
_CODES_MAX = 12


def add_claim(writer: Writer, claim: InstitutionalClaim) -> None:
    _add_header(writer, claim)
    _add_stay(writer, claim)
    claim_facts.add_attachments(writer, claim.attachments)
    claim_facts.add_contract(writer, claim.contract)
    if claim.estimated_due_cents is not None:
        writer.add("AMT", "F3", x12_amount(claim.estimated_due_cents))
    claim_facts.add_claim_references(writer, claim)
    claim_facts.add_file_information(writer, claim.file_information)
    for note in claim.notes:
        claim_facts.add_note(writer, note.about, note.words)
    claim_facts.add_note(writer, "ADD", claim.note)
    claim_facts.add_conditions(writer, claim.conditions)
    _add_diagnoses(writer, claim)
    _add_codes(writer, claim)
    _add_providers(writer, claim)
    for other in claim.other_payers:
        cob_out.add_institutional_payer(writer, other)
    for place, line in enumerate(claim.lines, 1):
        _add_line(writer, place, line)
        cob_out.add_adjudications(writer, line.line_control, claim.other_payers)


def _add_header(writer: Writer, claim: InstitutionalClaim) -> None:
    writer.add_composites(
        ["CLM"], [claim.pcn], [x12_amount(claim.charge_cents)], [""], [""],
        [claim.type_of_bill, "A", claim.frequency],
        [""], [_ASSIGNMENT], [cob_out.BENEFITS], [cob_out.RELEASE],
        *[[""]] * 10, [claim.delay_reason or ""],
    )  # fmt: skip


def _add_stay(writer: Writer, claim: InstitutionalClaim) -> None:
    admission = claim.admission
    if admission.discharged_time:
        writer.add("DTP", "096", "TM", f"{admission.discharged_time:%H%M}")
    writer.add("DTP", "434", "RD8", f"{day(claim.from_on)}-{day(claim.to_on)}")
    if admission.admitted_on and admission.admitted_time:
        writer.add(
            "DTP", "435", "DT", f"{day(admission.admitted_on)}{admission.admitted_time:%H%M}"
        )
    elif admission.admitted_on:
        writer.add("DTP", "435", "D8", day(admission.admitted_on))
    writer.add(
        "CL1", admission.priority or "", admission.source or "",
        writer.required("CL103", admission.patient_status),
    )  # fmt: skip


def _add_diagnoses(writer: Writer, claim: InstitutionalClaim) -> None:
    """A segment of its own for each kind, in the guide's order; ICD-10 alone."""
    writer.add_composites(["HI"], _diagnosis("ABK", claim.principal))
    if claim.admitting_diagnosis:
        writer.add_composites(["HI"], ["ABJ", claim.admitting_diagnosis])
    _add_many(writer, [["APR", code] for code in claim.visit_reasons])
    _add_many(writer, [_diagnosis("ABN", each) for each in claim.external_causes])
    if claim.drg:
        writer.add_composites(["HI"], ["DR", claim.drg])
    _add_many(writer, [_diagnosis("ABF", each) for each in claim.other_diagnoses])


def _diagnosis(kind: str, diagnosis: StayDiagnosis) -> list[str]:
    told = diagnosis.on_admission
    return [kind, diagnosis.code, *[""] * 6, told] if told else [kind, diagnosis.code]


def _add_codes(writer: Writer, claim: InstitutionalClaim) -> None:
    procedures = [claim.principal_procedure] if claim.principal_procedure else []
    _add_many(writer, [["BBR", each.code, "D8", day(each.on)] for each in procedures])
    others = claim.other_procedures
    _add_many(writer, [["BBQ", each.code, "D8", day(each.on)] for each in others])
    spans = [
        ["BI", each.code, "RD8", f"{day(each.from_on)}-{day(each.to_on)}"] for each in claim.spans
    ]
    _add_many(writer, spans)
    _add_many(writer, [["BH", each.code, "D8", day(each.on)] for each in claim.occurrences])
    values = [["BE", each.code, "", "", x12_amount(each.hundredths)] for each in claim.values]
    _add_many(writer, values)
    _add_many(writer, [["BG", code] for code in claim.condition_codes])
    _add_many(writer, [["TC", code] for code in claim.treatment_codes])


def _add_many(writer: Writer, composites: Sequence[Sequence[str]]) -> None:
    """Twelve to a segment."""
    for start in range(0, len(composites), _CODES_MAX):
        writer.add_composites(["HI"], *composites[start : start + _CODES_MAX])


def _add_providers(writer: Writer, claim: InstitutionalClaim) -> None:
    claim_facts.add_provider(writer, "71", claim.attending)
    claim_facts.add_provider(writer, "72", claim.operating)
    claim_facts.add_provider(writer, "ZZ", claim.other_operating)
    claim_facts.add_person_alone(writer, "82", claim.rendering)
    claim_facts.add_facility(writer, claim.facility)
    claim_facts.add_provider(writer, "DN", claim.referring)


def _add_line(writer: Writer, place: int, line: RevenueLine) -> None:
    writer.add("LX", str(place))
    noncovered = line.noncovered_cents
    writer.add_composites(
        ["SV2"], [writer.required("SV201", line.revenue_code)], _procedure(writer, line),
        [x12_amount(line.charge_cents)], [line.basis], [number(line.units)], [""],
        ["" if noncovered is None else x12_amount(noncovered)],
    )  # fmt: skip
    claim_facts.add_attachments(writer, line.attachments)
    if line.service_on:
        writer.add("DTP", "472", *period(line.service_on, line.service_to_on))
    claim_facts.add_line_references(writer, line.line_control, ())
    taxes = (("GT", line.service_tax_cents), ("N8", line.facility_tax_cents))
    line_facts.add_amounts(writer, taxes)
    claim_facts.add_note(writer, "TPO", line.organization_note)
    line_facts.add_drug(writer, line.drug)
    providers = line.providers
    claim_facts.add_provider(writer, "72", providers.operating)
    claim_facts.add_provider(writer, "ZZ", providers.other_operating)
    claim_facts.add_person_alone(writer, "82", providers.rendering)
    claim_facts.add_provider(writer, "DN", providers.referring)


def _procedure(writer: Writer, line: RevenueLine) -> Sequence[str]:
    if not line.code:
        return [""]
    coded = ["HP" if line.is_rate else "HC", line.code, *line.modifiers]
    return line_facts.procedure(writer, "SV202", coded, line.description)
