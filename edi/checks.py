"""What no structure check sees in an 837, and what would cost a rejection: told before writing.

The rules that both guides share; `professional_checks` and `institutional_checks` have their own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from domain.claim_details import (
    ConditionCategory,
    ConditionIndicator,
    Contract,
    DrugUnit,
    ReferenceKind,
)
from domain.claims import Attachment, HealthClaim
from domain.parties import OtherProvider, Relationship, is_npi
from edi import cob_checks, field_checks
from edi.cob_checks import Said
from edi.errors import OurFinding

_PCN = re.compile(r"[A-Z0-9]{1,20}")
DIAGNOSIS = re.compile(r"[A-Z][0-9][0-9A-Z]{1,5}")
_TAX_ID = re.compile(r"[0-9]{9}")
_BILLING_ZIP = re.compile(r"[0-9]{9}")
_POST_BOX = re.compile(r"\s*P(OST)?\.?\s*O(FFICE)?\.?\s*BOX\b", re.IGNORECASE)
_DELAY_REASONS = {str(number) for number in (*range(1, 12), 15)}
MODIFIERS_MAX = 4
NUMBER_MAX = 50
CERTIFICATE = "CT"
_WAYS = frozenset({"AA", "BM", "EL", "EM", "FT", "FX"})
# Those ways that need a number by which the payer finds the document: all but "on request".
_SENT = _WAYS - {"AA"}
_CERTIFICATE_WAYS = _WAYS | {"AB", "AD", "AF", "AG", "NS"}
_CONTRACTS = frozenset({"01", "02", "03", "04", "05", "06", "09"})
_CONDITION_CODES_MAX = 5
# CRC segments of one category; of any other there is one.
_SEGMENTS_MAX = {ConditionCategory.AMBULANCE: 3}
ATTACHMENTS_MAX, FILE_INFORMATION_MAX = 10, 10


def is_post_box(street: str) -> bool:
    return _POST_BOX.match(street) is not None


def told(claim: HealthClaim, said: Iterable[tuple[str, str]]) -> tuple[OurFinding, ...]:
    return tuple(OurFinding(where=where, words=words, reference=claim.pcn) for where, words in said)


def shared(claim: HealthClaim, charges: dict[str, int]) -> Said:
    """`charges`: the cents of each line, by its control number."""
    yield from _numbers(claim)
    yield from _people(claim)
    yield from field_checks.shared(claim)
    yield from attachments(claim.attachments)
    yield from contract(claim.contract)
    yield from cob_checks.shared(claim, charges)


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
    """A line of another's file may have none; each of ours has one."""
    for control, count in Counter(filter(None, controls)).items():
        if count > 1:
            yield "REF*6R", f"Line control number {control} stands on {count} lines."


def drug(ndc: str, unit: DrugUnit) -> Said:
    if re.fullmatch(r"[0-9]{11}", ndc) is None:
        yield "LIN03", f"An NDC is eleven digits without hyphens; the quantity is told in {unit}."


def attachments(every: Sequence[Attachment], *, takes_certificate: bool = False) -> Said:
    """A certificate of need (CT) may be told on a professional line by the way that it exists."""
    if len(every) > ATTACHMENTS_MAX:
        yield "PWK", f"At most {ATTACHMENTS_MAX} attachments are named in one place."
    for each in every:
        is_certificate = takes_certificate and each.report_type == CERTIFICATE
        if each.transmission not in (_CERTIFICATE_WAYS if is_certificate else _WAYS):
            yield "PWK02", f"{each.transmission!r} is no way in which this document is sent."
        if each.transmission in _SENT and not each.control_number:
            yield "PWK06", "A document that is sent apart needs a control number to be found by."
        yield from at_most("PWK06", each.control_number, NUMBER_MAX)


def contract(terms: Contract | None) -> Said:
    if terms and terms.kind not in _CONTRACTS:
        yield "CN101", "The kind of a contract is a number of 01 to 06, or 09."


def within(charge_cents: int, *taxes: int | None) -> Said:
    told = [cents for cents in taxes if cents is not None]
    if told and sum(told) > charge_cents:
        yield "AMT", "Tax and postage are part of the charge and cannot be more than it."


def conditions(
    every: Sequence[ConditionIndicator], allowed: Mapping[ConditionCategory, int]
) -> Said:
    """`allowed`: how many codes each category takes; another category has no place here."""
    for category, count in Counter(each.category for each in every).items():
        if category not in allowed:
            yield f"CRC*{category}", "There is no place for this condition here."
        elif count > _SEGMENTS_MAX.get(category, 1):
            yield f"CRC*{category}", f"Stands {count} times."
    for each in every:
        if not 1 <= len(each.codes) <= allowed.get(each.category, _CONDITION_CODES_MAX):
            yield f"CRC*{each.category}", "Too many codes, or none, tell the condition."


def repeated(kinds: Iterable[ReferenceKind], several: Mapping[ReferenceKind, int]) -> Said:
    for kind, count in Counter(kinds).items():
        if count > several.get(kind, 1):
            yield f"REF*{kind}", f"Stands {count} times; there is room for {several.get(kind, 1)}."


def at_most(where: str, text: str | None, length: int) -> Said:
    if text and len(text) > length:
        yield where, f"Is longer than the {length} characters that it may have."


def _numbers(claim: HealthClaim) -> Said:
    if _PCN.fullmatch(claim.pcn) is None:
        yield "CLM01", "The patient control number must be 1 to 20 of A-Z and 0-9."
    names_original = claim.frequency.names_original
    if names_original and not claim.payer_claim_number:
        yield "REF*F8", "A replacement or void must name the payer's claim number."
    if not names_original and claim.payer_claim_number:
        yield "REF*F8", "An original claim names no earlier claim of the payer."
    yield from _lengths(claim)
    yield from _counts(claim)


def _lengths(claim: HealthClaim) -> Said:
    yield from at_most("SBR03", claim.subscriber.group_number, NUMBER_MAX)
    numbers = (
        ("F8", claim.payer_claim_number),
        ("G1", claim.prior_auth),
        ("9F", claim.referral),
        ("EA", claim.medical_record_number),
        ("D9", claim.clearinghouse_trace),
        ("Y4", claim.casualty_claim_number),
        *((str(each.kind), each.number) for each in claim.references),
    )
    for qualifier, number in numbers:
        yield from at_most(f"REF*{qualifier}", number, NUMBER_MAX)


def _counts(claim: HealthClaim) -> Said:
    if len(claim.file_information) > FILE_INFORMATION_MAX:
        yield "K3", f"A claim holds at most {FILE_INFORMATION_MAX} of these."
    if claim.delay_reason and claim.delay_reason not in _DELAY_REASONS:
        yield "CLM20", "The reason of a late claim is a number of 1 to 11, or 15."


def _people(claim: HealthClaim) -> Said:
    yield from npis((("2010AA NM109", claim.billing.npi),))
    if _TAX_ID.fullmatch(claim.billing.tax_id) is None:
        yield "2010AA REF*EI", "The billing provider's tax id must be nine digits."
    if _BILLING_ZIP.fullmatch(claim.billing.address.postal_code) is None:
        yield "2010AA N403", "The billing provider's postal code must have nine digits."
    if is_post_box(claim.billing.address.line1):
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


def charges_of(lines: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Cents by line control number; a repeated number is a finding of its own."""
    charges: dict[str, int] = {}
    for control, cents in lines:
        charges[control] = charges.get(control, 0) + cents
    return charges
