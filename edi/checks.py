"""What no structure check sees in an 837P, and what would cost a rejection: told before writing."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from domain.claims import (
    AccidentCause,
    ClaimLine,
    Frequency,
    OtherPayer,
    ProfessionalClaim,
)
from domain.money import dollars
from domain.parties import Relationship, is_npi
from edi.errors import OurFinding

_PCN = re.compile(r"[A-Z0-9]{1,20}")
_DIAGNOSIS = re.compile(r"[A-Z][0-9][0-9A-Z]{1,5}")
_TAX_ID = re.compile(r"[0-9]{9}")
_BILLING_ZIP = re.compile(r"[0-9]{9}")
_POST_BOX = re.compile(r"\s*P(OST)?\.?\s*O(FFICE)?\.?\s*BOX\b", re.IGNORECASE)
_PLACE_OF_SERVICE = re.compile(r"[0-9]{2}")
LINES_MAX, DIAGNOSES_MAX, POINTERS_MAX, MODIFIERS_MAX = 50, 12, 4, 4
ATTACHMENTS_MAX, OTHER_PAYERS_MAX = 10, 10

_Said = Iterator[tuple[str, str]]


def findings(claim: ProfessionalClaim) -> tuple[OurFinding, ...]:
    """Every reason why this claim must not be written; empty when there is none."""
    said = (
        *_numbers(claim),
        *_people(claim),
        *_diagnoses(claim),
        *_lines(claim),
        *_order_of_payers(claim),
        *(found for other in claim.other_payers for found in _other_payer(claim, other)),
    )
    return tuple(OurFinding(where=where, words=words, reference=claim.pcn) for where, words in said)


def _numbers(claim: ProfessionalClaim) -> _Said:
    if _PCN.fullmatch(claim.pcn) is None:
        yield "CLM01", "The patient control number must be 1 to 20 of A-Z and 0-9."
    is_original = claim.frequency is Frequency.ORIGINAL
    if not is_original and not claim.payer_claim_number:
        yield "REF*F8", "A replacement or void must name the payer's claim number."
    if is_original and claim.payer_claim_number:
        yield "REF*F8", "An original claim names no earlier claim of the payer."
    if _PLACE_OF_SERVICE.fullmatch(claim.place_of_service) is None:
        yield "CLM05-1", "The place of service must be two digits."
    if len(claim.attachments) > ATTACHMENTS_MAX:
        yield "PWK", f"A claim names at most {ATTACHMENTS_MAX} attachments."
    accident = claim.accident
    if accident and accident.cause is AccidentCause.AUTO and not accident.state:
        yield "CLM11-4", "An automobile accident needs the state where it happened."


def _people(claim: ProfessionalClaim) -> _Said:
    yield from _npis(claim)
    if _TAX_ID.fullmatch(claim.billing.tax_id) is None:
        yield "2010AA REF*EI", "The billing provider's tax id must be nine digits."
    if _BILLING_ZIP.fullmatch(claim.billing.address.postal_code) is None:
        yield "2010AA N403", "The billing provider's postal code must have nine digits."
    if _POST_BOX.match(claim.billing.address.line1):
        yield "2010AA N301", "The billing provider's address must be a street, not a post box."
    subscriber = claim.subscriber
    known = (subscriber.birth_on, subscriber.gender, subscriber.address)
    if claim.patient is None and None in known:
        yield "2010BA", "A subscriber who is the patient needs address, birth date and gender."
    if claim.patient and claim.patient.relationship is Relationship.SELF:
        yield "PAT01", "A patient who is the subscriber must not be sent as a dependent."


def _npis(claim: ProfessionalClaim) -> _Said:
    numbers = {"2010AA NM109": claim.billing.npi, "2310B NM109": claim.rendering.npi}
    if claim.referring:
        numbers["2310A NM109"] = claim.referring.npi
    if claim.facility and claim.facility.npi is not None:
        numbers["2310C NM109"] = claim.facility.npi
    for where, npi in numbers.items():
        if not is_npi(npi):
            yield where, "This is no NPI: ten digits whose check digit fits are required."


def _diagnoses(claim: ProfessionalClaim) -> _Said:
    if not 1 <= len(claim.diagnoses) <= DIAGNOSES_MAX:
        yield (
            "HI",
            f"A claim has 1 to {DIAGNOSES_MAX} diagnoses; this one has {len(claim.diagnoses)}.",
        )
    for place, code in enumerate(claim.diagnoses, 1):
        if _DIAGNOSIS.fullmatch(code) is None:
            yield f"HI{place:02d}", "An ICD-10-CM code is 3 to 7 letters and digits, with no point."


def _lines(claim: ProfessionalClaim) -> _Said:
    if not 1 <= len(claim.lines) <= LINES_MAX:
        yield "LX", f"A claim has 1 to {LINES_MAX} lines; this one has {len(claim.lines)}."
    controls = Counter(line.line_control for line in claim.lines)
    for control, count in controls.items():
        if count > 1:
            yield "REF*6R", f"Line control number {control} stands on {count} lines."
    for place, line in enumerate(claim.lines, 1):
        for where, words in _line(line, len(claim.diagnoses)):
            yield f"line {place} {where}", words


def _line(line: ClaimLine, diagnoses: int) -> _Said:
    if not 1 <= len(line.pointers) <= POINTERS_MAX:
        yield "SV107", f"A line points at 1 to {POINTERS_MAX} diagnoses."
    if any(not 1 <= pointer <= diagnoses for pointer in line.pointers):
        yield "SV107", f"It points at a diagnosis that is not there; the claim has {diagnoses}."
    if len(line.modifiers) > MODIFIERS_MAX:
        yield "SV101", f"A line has at most {MODIFIERS_MAX} modifiers."
    if line.units <= 0:
        yield "SV104", "The units must be more than zero."
    if line.charge_cents < 0:
        yield "SV102", "The charge of a claim line cannot be negative."
    if line.service_to_on and line.service_to_on < line.service_on:
        yield "DTP*472", "The service ends before it begins."


def _order_of_payers(claim: ProfessionalClaim) -> _Said:
    places = Counter([claim.responsibility, *(o.responsibility for o in claim.other_payers)])
    if any(count > 1 for count in places.values()):
        yield "SBR01", "Two payers of this claim stand at the same place of the order."
    if len(claim.other_payers) > OTHER_PAYERS_MAX:
        yield "2320", f"A claim names at most {OTHER_PAYERS_MAX} other payers."
    ids = Counter(other.payer.payer_id for other in claim.other_payers)
    if any(count > 1 for count in ids.values()):
        yield "2330B NM109", "Two other payers carry the same id, so SVD01 would not tell which."


def _other_payer(claim: ProfessionalClaim, other: OtherPayer) -> _Said:
    """CLM02 = AMT*D + all CAS of that payer, and the same for each line it adjudicated."""
    if other.paid_cents is None:
        return
    where = f"2320 {other.responsibility}"
    if other.adjudicated_on is None and not other.lines:
        yield f"{where} DTP*573", "An other payer that adjudicated needs the day it did."
    line_sums = sum(a.cents for line in other.lines for a in line.adjustments)
    adjusted = sum(a.cents for a in other.adjustments) + line_sums
    if claim.charge_cents != other.paid_cents + adjusted:
        yield where, _unequal(claim.charge_cents, other.paid_cents, adjusted)
    charges = {line.line_control: line.charge_cents for line in claim.lines}
    for control in dict.fromkeys(line.line_control for line in other.lines):
        yield from _other_payer_line(where, other, control, charges)


def _other_payer_line(
    where: str, other: OtherPayer, control: str, charges: dict[str, int]
) -> _Said:
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


def repeated(claims: Sequence[ProfessionalClaim]) -> tuple[OurFinding, ...]:
    """One patient control number may stand in a file once."""
    counts = Counter(claim.pcn for claim in claims)
    return tuple(
        OurFinding(where="CLM01", words=f"Stands {count} times in one file.", reference=pcn)
        for pcn, count in counts.items()
        if count > 1
    )
