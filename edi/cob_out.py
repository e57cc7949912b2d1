"""Other payers of a claim and what each did (2320, 2330, 2430), written for both guides."""

from collections.abc import Sequence

from domain.claims import OtherPayer, OtherPayerLine, PriorAdjustment
from domain.institutional import RATE_REVENUE_CODES
from domain.money import x12_amount
from edi.parties_out import add_member, add_payer
from edi.writing import Writer, day, number

BENEFITS, RELEASE = "Y", "Y"
_TRIPLETS_MAX = 6
_REMARKS_MAX = 5


def add_professional_payer(writer: Writer, other: OtherPayer) -> None:
    _add_insured(writer, other, other.insurance_type)
    _add_amounts(writer, other, ("D", "A8", "EAF"))
    writer.add("OI", "", "", BENEFITS, "", "", RELEASE)
    _add_outpatient_remarks(writer, other)
    _add_parties(writer, other)


def add_institutional_payer(writer: Writer, other: OtherPayer) -> None:
    _add_insured(writer, other, None)
    _add_amounts(writer, other, ("D", "EAF", "A8"))
    writer.add("OI", "", "", BENEFITS, "", "", RELEASE)
    if other.covered_days is None:
        _add_outpatient_remarks(writer, other)
    else:
        first, rest = other.remarks[:1], other.remarks[1:_REMARKS_MAX]
        blank = [""] * 14
        writer.add("MIA", str(other.covered_days), "", "", "", *(first or ("",)), *blank, *rest)
    _add_parties(writer, other)


def add_adjudications(
    writer: Writer, line_control: str, other_payers: Sequence[OtherPayer]
) -> None:
    for other in other_payers:
        for line in other.lines:
            if line.line_control == line_control:
                _add_adjudication(writer, other.payer.payer_id, line)


def _add_insured(writer: Writer, other: OtherPayer, insurance_type: str | None) -> None:
    writer.add(
        "SBR", other.responsibility, other.relationship, other.subscriber.group_number or "", "",
        insurance_type or "", "", "", "", other.filing_code,
    )  # fmt: skip
    _add_adjustments(writer, other.adjustments)


def _add_amounts(writer: Writer, other: OtherPayer, order: Sequence[str]) -> None:
    amounts = {
        "D": other.paid_cents,
        "A8": other.noncovered_cents,
        "EAF": other.remaining_patient_liability_cents,
    }
    for qualifier in order:
        cents = amounts[qualifier]
        if cents is not None:
            writer.add("AMT", qualifier, x12_amount(cents))


def _add_outpatient_remarks(writer: Writer, other: OtherPayer) -> None:
    if other.remarks:
        writer.add("MOA", "", "", *other.remarks[:_REMARKS_MAX])


def _add_parties(writer: Writer, other: OtherPayer) -> None:
    add_member(writer, other.subscriber)
    add_payer(writer, other.payer)
    if other.adjudicated_on:
        writer.add("DTP", "573", "D8", day(other.adjudicated_on))
    for qualifier, given in (("G1", other.prior_auth), ("9F", other.referral)):
        if given:
            writer.add("REF", qualifier, given)
    if other.payer_claim_number:
        writer.add("REF", "F8", other.payer_claim_number)


def _add_adjudication(writer: Writer, payer_id: str, line: OtherPayerLine) -> None:
    kind = "HP" if line.revenue_code in RATE_REVENUE_CODES else "HC"
    procedure = [kind, line.code, *line.modifiers] if line.code else [""]
    writer.add_composites(
        ["SVD"], [payer_id], [x12_amount(line.paid_cents)], procedure,
        [line.revenue_code or ""], [number(line.units)],
        [str(line.bundled_into or "")],
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
