"""Loop 2300 of an 837P and all below it, in the order that the guide demands."""

from collections.abc import Sequence

from domain.claims import ClaimLine, OtherPayer, OtherPayerLine, PriorAdjustment, ProfessionalClaim
from domain.money import x12_amount
from domain.parties import PersonName
from edi.parties_out import add_address, add_member, add_organization, add_payer, add_person
from edi.writing import Writer, day, number, period

_NOTE_MAX = 80
# Signature on file, assignment accepted, benefits assigned, release signed: the practice bills
# nobody for whom it has not these four on paper.
_SIGNATURE, _ASSIGNMENT, _BENEFITS, _RELEASE = "Y", "A", "Y", "Y"
_TRIPLETS_MAX = 6


def add_claim(writer: Writer, claim: ProfessionalClaim) -> None:
    _add_header(writer, claim)
    _add_dates(writer, claim)
    for attachment in claim.attachments:
        qualifier = "AC" if attachment.control_number else ""
        writer.add(
            "PWK", attachment.report_type, attachment.transmission, "", "", qualifier,
            attachment.control_number or "",
        )  # fmt: skip
    if claim.patient_paid_cents is not None:
        writer.add("AMT", "F5", x12_amount(claim.patient_paid_cents))
    _add_references(writer, claim)
    if claim.note:
        writer.add("NTE", "ADD", writer.text("NTE02", claim.note, _NOTE_MAX))
    _add_diagnoses(writer, claim.diagnoses)
    _add_providers(writer, claim)
    for other in claim.other_payers:
        _add_other_payer(writer, other)
    for place, line in enumerate(claim.lines, 1):
        _add_line(writer, place, line)
        _add_adjudications(writer, line.line_control, claim.other_payers)


def _add_header(writer: Writer, claim: ProfessionalClaim) -> None:
    accident = claim.accident
    causes = [accident.cause, "", "", accident.state or ""] if accident else [""]
    writer.add_composites(
        ["CLM"], [claim.pcn], [x12_amount(claim.charge_cents)], [""], [""],
        [claim.place_of_service, "B", claim.frequency],
        [_SIGNATURE], [_ASSIGNMENT], [_BENEFITS], [_RELEASE], [""], causes,
    )  # fmt: skip


def _add_dates(writer: Writer, claim: ProfessionalClaim) -> None:
    if claim.onset_on:
        writer.add("DTP", "431", "D8", day(claim.onset_on))
    if claim.accident:
        writer.add("DTP", "439", "D8", day(claim.accident.happened_on))
    if claim.admitted_on:
        writer.add("DTP", "435", "D8", day(claim.admitted_on))
    if claim.discharged_on:
        writer.add("DTP", "096", "D8", day(claim.discharged_on))


def _add_references(writer: Writer, claim: ProfessionalClaim) -> None:
    references = (
        ("9F", claim.referral),
        ("G1", claim.prior_auth),
        ("F8", claim.payer_claim_number),
        ("D9", claim.clearinghouse_trace),
        ("EA", claim.medical_record_number),
    )
    for qualifier, value in references:
        if value:
            writer.add("REF", qualifier, value)


def _add_diagnoses(writer: Writer, codes: Sequence[str]) -> None:
    """ABK first, ABF after it: ICD-10-CM. The older BK and BF are for days before October 2015."""
    rest = [["ABF", code] for code in codes[1:]]
    writer.add_composites(["HI"], ["ABK", codes[0]], *rest)


def _add_providers(writer: Writer, claim: ProfessionalClaim) -> None:
    if claim.referring:
        name = PersonName(last=claim.referring.last, first=claim.referring.first)
        add_person(writer, "DN", name, "XX", claim.referring.npi)
    rendering = claim.rendering
    name = PersonName(last=rendering.last, first=rendering.first)
    add_person(writer, "82", name, "XX", rendering.npi)
    writer.add("PRV", "PE", "PXC", writer.required("2310B PRV03", rendering.taxonomy))
    if claim.facility:
        qualifier = "XX" if claim.facility.npi else ""
        add_organization(writer, "77", claim.facility.name, qualifier, claim.facility.npi or "")
        add_address(writer, claim.facility.address)


def _add_other_payer(writer: Writer, other: OtherPayer) -> None:
    writer.add(
        "SBR", other.responsibility, other.relationship, other.subscriber.group_number or "", "",
        other.insurance_type or "", "", "", "", other.filing_code,
    )  # fmt: skip
    _add_adjustments(writer, other.adjustments)
    amounts = (
        ("D", other.paid_cents),
        ("A8", other.noncovered_cents),
        ("EAF", other.remaining_patient_liability_cents),
    )
    for qualifier, cents in amounts:
        if cents is not None:
            writer.add("AMT", qualifier, x12_amount(cents))
    writer.add("OI", "", "", _BENEFITS, "", "", _RELEASE)
    if other.remarks:
        writer.add("MOA", "", "", *other.remarks[:5])
    add_member(writer, other.subscriber)
    add_payer(writer, other.payer)
    if other.adjudicated_on:
        writer.add("DTP", "573", "D8", day(other.adjudicated_on))
    if other.payer_claim_number:
        writer.add("REF", "F8", other.payer_claim_number)


def _add_line(writer: Writer, place: int, line: ClaimLine) -> None:
    writer.add("LX", str(place))
    writer.add_composites(
        ["SV1"], ["HC", writer.required("SV101-2", line.code), *line.modifiers],
        [x12_amount(line.charge_cents)], ["UN"],
        [number(line.units)], [""], [""], [str(pointer) for pointer in line.pointers],
    )  # fmt: skip
    writer.add("DTP", "472", *period(line.service_on, line.service_to_on))
    writer.add("REF", "6R", writer.required("REF*6R", line.line_control))
    if line.note:
        writer.add("NTE", "ADD", writer.text("NTE02", line.note, _NOTE_MAX))


def _add_adjudications(
    writer: Writer, line_control: str, other_payers: Sequence[OtherPayer]
) -> None:
    for other in other_payers:
        for line in other.lines:
            if line.line_control == line_control:
                _add_adjudication(writer, other.payer.payer_id, line)


def _add_adjudication(writer: Writer, payer_id: str, line: OtherPayerLine) -> None:
    writer.add_composites(
        ["SVD"], [payer_id], [x12_amount(line.paid_cents)], ["HC", line.code, *line.modifiers],
        [""], [number(line.units)],
    )  # fmt: skip
    _add_adjustments(writer, line.adjustments)
    writer.add("DTP", "573", "D8", day(line.adjudicated_on))
    if line.remaining_patient_liability_cents is not None:
        writer.add("AMT", "EAF", x12_amount(line.remaining_patient_liability_cents))


def _add_adjustments(writer: Writer, adjustments: Sequence[PriorAdjustment]) -> None:
    """One CAS per group, in order of first mention; six reasons fit in one."""
    groups = dict.fromkeys(adjustment.group for adjustment in adjustments)
    for group in groups:
        own = [each for each in adjustments if each.group is group]
        for start in range(0, len(own), _TRIPLETS_MAX):
            triplets = [_triplet(each) for each in own[start : start + _TRIPLETS_MAX]]
            writer.add("CAS", group, *(text for triplet in triplets for text in triplet))


def _triplet(adjustment: PriorAdjustment) -> tuple[str, str, str]:
    quantity = adjustment.quantity
    counted = "" if quantity is None else number(quantity)
    return adjustment.carc, x12_amount(adjustment.cents), counted
