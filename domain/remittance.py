"""What an 835 says, in cents, and whether its sums agree at line, claim and payment level."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from domain.money import dollars
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


# So many are kept of a file in which nothing agrees: who looks at it reads the first few.
_IMBALANCES_MAX = 1_000


class BalanceLevel(StrEnum):
    LINE = "line"
    CLAIM = "claim"
    PAYMENT = "payment"


@dataclass(frozen=True, kw_only=True)
class Imbalance:
    """A sum that does not agree: where, by how much, and the arithmetic in words."""

    level: BalanceLevel
    segment: int
    claim_ordinal: int | None
    line_ordinal: int | None
    expected_cents: int
    stated_cents: int
    words: str


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


class Balance:
    """Adds a remittance up claim by claim, so that a large one need never be held whole."""

    def __init__(self) -> None:
        self.claims = 0
        self.paid_cents = 0
        self._below: list[Imbalance] = []

    def take(self, claim: RemitClaim) -> None:
        self.claims += 1
        self.paid_cents += claim.paid_cents
        if len(self._below) < _IMBALANCES_MAX:
            self._below += _claim_imbalances(claim)

    def imbalances(self, remittance: Remittance) -> tuple[Imbalance, ...]:
        """Every level that does not balance; empty means that the remittance may be posted."""
        return (*self._below, *_payment_imbalances(remittance, self.paid_cents))


def imbalances(remittance: Remittance) -> tuple[Imbalance, ...]:
    """Those of a remittance that is held whole."""
    balance = Balance()
    for claim in remittance.claims:
        balance.take(claim)
    return balance.imbalances(remittance)


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


def _claim_imbalances(claim: RemitClaim) -> Iterator[Imbalance]:
    adjusted = _sum(claim.adjustments)
    for line in claim.lines:
        of_line = _sum(line.adjustments)
        adjusted += of_line
        if line.charge_cents - of_line != line.paid_cents:
            yield _line_imbalance(claim, line, of_line)
    expected = claim.charge_cents - adjusted
    if expected != claim.paid_cents:
        yield Imbalance(
            level=BalanceLevel.CLAIM,
            segment=claim.segment,
            claim_ordinal=claim.ordinal,
            line_ordinal=None,
            expected_cents=expected,
            stated_cents=claim.paid_cents,
            words=(
                f"Claim {claim.ordinal} (CLP, segment {claim.segment}): charge "
                f"{dollars(claim.charge_cents)} less adjustments {dollars(adjusted)} makes "
                f"{dollars(expected)}, but CLP04 says {dollars(claim.paid_cents)} was paid."
            ),
        )


def _line_imbalance(claim: RemitClaim, line: RemitLine, adjusted: int) -> Imbalance:
    expected = line.charge_cents - adjusted
    return Imbalance(
        level=BalanceLevel.LINE,
        segment=line.segment,
        claim_ordinal=claim.ordinal,
        line_ordinal=line.ordinal,
        expected_cents=expected,
        stated_cents=line.paid_cents,
        words=(
            f"Claim {claim.ordinal}, line {line.ordinal} (SVC, segment {line.segment}): charge "
            f"{dollars(line.charge_cents)} less adjustments {dollars(adjusted)} makes "
            f"{dollars(expected)}, but SVC03 says {dollars(line.paid_cents)} was paid."
        ),
    )


def _payment_imbalances(remittance: Remittance, claims: int) -> Iterator[Imbalance]:
    kept = sum(plb.cents for plb in remittance.provider_adjustments)
    stated = -remittance.paid_cents if remittance.is_debit else remittance.paid_cents
    if claims - kept != stated:
        yield Imbalance(
            level=BalanceLevel.PAYMENT,
            segment=2,
            claim_ordinal=None,
            line_ordinal=None,
            expected_cents=claims - kept,
            stated_cents=stated,
            words=(
                f"Payment (BPR, segment 2): claims pay {dollars(claims)}, less provider "
                f"adjustments {dollars(kept)} makes {dollars(claims - kept)}, but BPR02 says "
                f"{dollars(stated)}."
            ),
        )


def _sum(adjustments: Iterable[Adjustment]) -> int:
    return sum([adjustment.cents for adjustment in adjustments])
