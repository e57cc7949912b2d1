"""What an 835 says, in cents; each part tells the segment in which it was said."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from domain.parties import PersonName
from domain.unknown_code import UnknownCode, told


class AdjustmentGroup(StrEnum):
    """Who bears an adjustment (CAS01). CR left the 835 in 5010; it is read, never expected."""

    CONTRACTUAL = "CO"
    CORRECTION = "CR"
    OTHER = "OA"
    PAYER_INITIATED = "PI"
    PATIENT = "PR"


class RemitStatus(StrEnum):
    """How the payer handled the claim (CLP02). A denial is told by what was paid, not by this."""

    PRIMARY = "1"
    SECONDARY = "2"
    TERTIARY = "3"
    PATIENT_UNKNOWN = "4"
    PRIMARY_FORWARDED = "19"
    SECONDARY_FORWARDED = "20"
    TERTIARY_FORWARDED = "21"
    REVERSAL = "22"
    NOT_OURS_FORWARDED = "23"
    PREDETERMINATION = "25"


_FORWARDED = frozenset(
    {
        RemitStatus.PRIMARY_FORWARDED,
        RemitStatus.SECONDARY_FORWARDED,
        RemitStatus.TERTIARY_FORWARDED,
        RemitStatus.NOT_OURS_FORWARDED,
    }
)


class Adjustment(NamedTuple):
    """One reason of one CAS. Ordinals count from 1 within the claim or the line that holds it.

    A large file has hundreds of thousands of these and of the lines that hold them: a tuple is
    made in a third of the time of a frozen dataclass. Name the fields all the same.
    """

    ordinal: int
    segment: int
    group: AdjustmentGroup | UnknownCode
    carc: str
    cents: int
    quantity: Decimal | None = None


class RemitLine(NamedTuple):
    ordinal: int
    """From 1, within the claim."""
    segment: int
    """Number of the SVC in its transaction set; ST is 1."""
    code: str
    charge_cents: int
    paid_cents: int
    units: Decimal
    modifiers: tuple[str, ...] = ()
    line_control: str | None = None
    service_on: dt.date | None = None
    service_to_on: dt.date | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    allowed_cents: int | None = None
    submitted_code: str | None = None
    """What we billed, when the payer paid under another code."""
    submitted_units: Decimal | None = None
    policy_ids: tuple[str, ...] = ()


class RemitClaim(NamedTuple):
    ordinal: int
    """From 1, within the remittance."""
    segment: int
    """Number of the CLP in its transaction set; ST is 1."""
    pcn: str
    status: RemitStatus | UnknownCode
    charge_cents: int
    paid_cents: int
    patient_responsibility_cents: int
    payer_claim_number: str
    filing_code: str
    crossover_name: str | None = None
    crossover_id: str | None = None
    corrected_payer_name: str | None = None
    """The payer that this one believes should come first (NM1*PR)."""
    corrected_payer_id: str | None = None
    patient: PersonName | None = None
    member_id: str | None = None
    corrected_name: PersonName | None = None
    """The patient or subscriber as the payer knows them (NM1*74)."""
    corrected_member_id: str | None = None
    rendering_npi: str | None = None
    remarks: tuple[str, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    """Those of the claim itself; each line keeps its own."""
    lines: tuple[RemitLine, ...] = ()
    original_reference: str | None = None
    prior_auth: str | None = None
    medical_record_number: str | None = None
    received_on: dt.date | None = None
    coverage_expired_on: dt.date | None = None
    service_from_on: dt.date | None = None
    service_to_on: dt.date | None = None
    interest_cents: int | None = None
    """Told, not added: interest is paid by a PLB (L6)."""
    coverage_cents: int | None = None
    drg: str | None = None
    facility_type: str | None = None
    frequency: str | None = None

    @property
    def is_forwarded(self) -> bool:
        """The payer sent the claim on by itself: the next payer must not be billed by us."""
        return self.status in _FORWARDED


@dataclass(frozen=True, kw_only=True)
class ProviderAdjustment:
    """One pair of a PLB. Positive cents lower the payment, negative ones raise it."""

    ordinal: int
    segment: int
    provider_id: str
    period_ends_on: dt.date | None
    code: str
    reference: str | None
    cents: int


@dataclass(frozen=True, kw_only=True)
class Remittance:
    """One transaction set of an 835: one payment, or one advice of no payment."""

    control_number: str
    payer_name: str
    payer_id: str
    """N104, else the payer's other identifier (REF*2U), else TRN03 without its leading 1."""
    trace_number: str
    """TRN02: what the EFT or the check carries too."""
    originator: str
    """TRN03: `1` + the tax id of whom the trace belongs to."""
    paid_cents: int
    method: str
    """BPR04: ACH, CHK, NON (no payment), BOP, FWT."""
    paid_on: dt.date
    production_on: dt.date | None
    payee_name: str
    payee_npi: str | None
    payee_tax_id: str | None
    claims: tuple[RemitClaim, ...]
    provider_adjustments: tuple[ProviderAdjustment, ...]
    is_debit: bool = False
    is_test: bool = False

    @property
    def plbs(self) -> tuple[ProviderAdjustment, ...]:
        return self.provider_adjustments


class RemittanceKey(NamedTuple):
    """An 835 may be sent again under other control numbers; this stays the same."""

    originator: str
    trace_number: str
    paid_on: dt.date
    paid_cents: int


def key(remittance: Remittance) -> RemittanceKey:
    """TRN03, TRN02, BPR16, BPR02."""
    return RemittanceKey(
        remittance.originator, remittance.trace_number, remittance.paid_on, remittance.paid_cents
    )


def all_adjustments(claim: RemitClaim) -> Iterator[Adjustment]:
    """The claim's own adjustments, then those of its lines in order."""
    yield from claim.adjustments
    for line in claim.lines:
        yield from line.adjustments


def unknown_codes(claim: RemitClaim) -> Iterator[str]:
    """In words: the claim balances all the same, but nobody can tell what was done or who owes."""
    if isinstance(claim.status, UnknownCode):
        yield told("CLP02", claim.status, claim.segment)
    for one in all_adjustments(claim):
        if isinstance(one.group, UnknownCode):
            yield told("CAS01", one.group, one.segment)
