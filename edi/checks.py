"""What no structure check sees in an 837, and what would cost a rejection: told before writing.

The rules that both guides share; `professional_checks` and `institutional_checks` have their own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from domain.claim_details import DrugUnit
from domain.claims import HealthClaim, OtherPayer
from domain.money import dollars
from domain.parties import OtherProvider, Relationship, is_npi
from edi.errors import OurFinding

_PCN = re.compile(r"[A-Z0-9]{1,20}")
DIAGNOSIS = re.compile(r"[A-Z][0-9][0-9A-Z]{1,5}")
_TAX_ID = re.compile(r"[0-9]{9}")
_BILLING_ZIP = re.compile(r"[0-9]{9}")
_POST_BOX = re.compile(r"\s*P(OST)?\.?\s*O(FFICE)?\.?\s*BOX\b", re.IGNORECASE)
_DELAY_REASONS = {str(number) for number in (*range(1, 12), 15)}
MODIFIERS_MAX = 4
ATTACHMENTS_MAX, OTHER_PAYERS_MAX, FILE_INFORMATION_MAX = 10, 10, 10

Said = Iterator[tuple[str, str]]


def told(claim: HealthClaim, said: Iterable[tuple[str, str]]) -> tuple[OurFinding, ...]:
    return tuple(OurFinding(where=where, words=words, reference=claim.pcn) for where, words in said)


def shared(claim: HealthClaim, charges: dict[str, int]) -> Said:
    """`charges`: the cents of each line, by its control number."""
    yield from _numbers(claim)
    yield from _people(claim)
    yield from _order_of_payers(claim)
    for other in claim.other_payers:
        yield from _other_payer(other, charges)


def npis(numbers: Iterable[tuple[str, str | None]]) -> Said:
    for where, npi in numbers:
        if npi is not None and not is_npi(npi):
            yield where, "This is no NPI: ten digits whose check digit fits are required."


def npi_of(provider: OtherProvider | None) -> str | None:
    return provider.npi if provider else None


def diagnosis(where: str, code: str) -> Said:
    """ICD-10-CM alone: an older code has no letter in front or is only three digits long."""
    if DIAGNOSIS.fullmatch(code) is None:
        yield where, "An ICD-10-CM code is 3 to 7 letters and digits, with no point."


def repeated_controls(controls: Iterable[str]) -> Said:
    for control, count in Counter(controls).items():
        if count > 1:
            yield "REF*6R", f"Line control number {control} stands on {count} lines."


def drug(ndc: str, unit: DrugUnit) -> Said:
    if re.fullmatch(r"[0-9]{11}", ndc) is None:
        yield "LIN03", f"An NDC is eleven digits without hyphens; the quantity is told in {unit}."


def _numbers(claim: HealthClaim) -> Said:
    if _PCN.fullmatch(claim.pcn) is None:
        yield "CLM01", "The patient control number must be 1 to 20 of A-Z and 0-9."
    names_original = claim.frequency.names_original
    if names_original and not claim.payer_claim_number:
        yield "REF*F8", "A replacement or void must name the payer's claim number."
    if not names_original and claim.payer_claim_number:
        yield "REF*F8", "An original claim names no earlier claim of the payer."
    yield from _counts(claim)


def _counts(claim: HealthClaim) -> Said:
    if len(claim.attachments) > ATTACHMENTS_MAX:
        yield "PWK", f"A claim names at most {ATTACHMENTS_MAX} attachments."
    if len(claim.file_information) > FILE_INFORMATION_MAX:
        yield "K3", f"A claim holds at most {FILE_INFORMATION_MAX} of these."
    if claim.delay_reason and claim.delay_reason not in _DELAY_REASONS:
        yield "CLM20", "The reason of a late claim is a number of 1 to 11, or 15."
    kinds = Counter(each.kind for each in claim.references)
    for kind, count in kinds.items():
        if count > 1:
            yield f"REF*{kind}", f"Stands {count} times; a claim takes one."


def _people(claim: HealthClaim) -> Said:
    yield from npis((("2010AA NM109", claim.billing.npi),))
    if _TAX_ID.fullmatch(claim.billing.tax_id) is None:
        yield "2010AA REF*EI", "The billing provider's tax id must be nine digits."
    if _BILLING_ZIP.fullmatch(claim.billing.address.postal_code) is None:
        yield "2010AA N403", "The billing provider's postal code must have nine digits."
    if _POST_BOX.match(claim.billing.address.line1):
        yield (
            "2010AA N301",
            "The billing provider's address must be a street; a post box is a pay-to address.",
        )
    subscriber = claim.subscriber
    known = (subscriber.birth_on, subscriber.gender, subscriber.address)
    if claim.patient is None and None in known:
        yield "2010BA", "A subscriber who is the patient needs address, birth date and gender."
    if claim.patient and claim.patient.relationship is Relationship.SELF:
        yield "PAT01", "A patient who is the subscriber must not be sent as a dependent."


def _order_of_payers(claim: HealthClaim) -> Said:
    places = Counter([claim.responsibility, *(o.responsibility for o in claim.other_payers)])
    if any(count > 1 for count in places.values()):
        yield "SBR01", "Two payers of this claim stand at the same place of the order."
    if len(claim.other_payers) > OTHER_PAYERS_MAX:
        yield "2320", f"A claim names at most {OTHER_PAYERS_MAX} other payers."
    ids = Counter(other.payer.payer_id for other in claim.other_payers)
    if any(count > 1 for count in ids.values()):
        yield "2330B NM109", "Two other payers carry the same id, so SVD01 would not tell which."


def _other_payer(other: OtherPayer, charges: dict[str, int]) -> Said:
    """CLM02 = AMT*D + all CAS of that payer, and the same for each line it adjudicated."""
    if other.paid_cents is None:
        return
    where = f"2320 {other.responsibility}"
    if other.adjudicated_on is None and not other.lines:
        yield f"{where} DTP*573", "An other payer that adjudicated needs the day it did."
    line_sums = sum(a.cents for line in other.lines for a in line.adjustments)
    adjusted = sum(a.cents for a in other.adjustments) + line_sums
    charge = sum(charges.values())
    if charge != other.paid_cents + adjusted:
        yield where, _unequal(charge, other.paid_cents, adjusted)
    for control in dict.fromkeys(line.line_control for line in other.lines):
        yield from _other_payer_line(where, other, control, charges)


def _other_payer_line(where: str, other: OtherPayer, control: str, charges: dict[str, int]) -> Said:
    if control not in charges:
        yield f"{where} 2430", f"Line {control} was adjudicated but is not on this claim."
        return
    lines = [line for line in other.lines if line.line_control == control]
    paid = sum(line.paid_cents for line in lines)
    adjusted = sum(a.cents for line in lines for a in line.adjustments)
    if charges[control] != paid + adjusted:
        yield f"{where} 2430 {control}", _unequal(charges[control], paid, adjusted)


def _unequal(charge: int, paid: int, adjusted: int) -> str:
    return (
        f"The charge {dollars(charge)} is not what the other payer paid, {dollars(paid)}, plus "
        f"what it took off, {dollars(adjusted)}."
    )


def charges_of(lines: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Cents by line control number; a repeated number is a finding of its own."""
    charges: dict[str, int] = {}
    for control, cents in lines:
        charges[control] = charges.get(control, 0) + cents
    return charges
