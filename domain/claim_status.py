"""Asking a payer where a claim is (276), and what it answered (277)."""

import datetime as dt
from dataclasses import dataclass

from domain.acknowledgments import StatusCode
from domain.parties import BillingEntity, Patient, PayerParty, PersonName, Subscriber


@dataclass(frozen=True, kw_only=True)
class StatusRequest:
    trace: str
    """TRN02: `I` + our check's id; the answer echoes it."""
    billing: BillingEntity
    payer: PayerParty
    subscriber: Subscriber
    patient: Patient | None
    pcn: str
    payer_claim_number: str | None
    charge_cents: int
    type_of_bill: str | None = None
    """All three digits, of a facility's claim alone."""
    service_from_on: dt.date
    service_to_on: dt.date


@dataclass(frozen=True, kw_only=True)
class StatusLine:
    """One service of the claim, where the payer told them apart (2220)."""

    code: str
    codes: tuple[StatusCode, ...]
    line_control: str | None
    segment: int


@dataclass(frozen=True, kw_only=True)
class StatusAnswer:
    """One 2200: one claim as the payer sees it. Several may answer one trace."""

    trace: str
    """Empty where a payer speaks of a claim unasked and names no trace."""
    pcn: str | None
    codes: tuple[StatusCode, ...]
    payer_claim_number: str | None
    charge_cents: int | None
    paid_cents: int | None
    effective_on: dt.date | None
    adjudicated_on: dt.date | None
    check_on: dt.date | None
    check_number: str | None
    payer_name: str
    payer_id: str
    segment: int
    clearinghouse_trace: str | None = None
    service_on: dt.date | None = None
    note: str | None = None
    """What the payer wrote in words of its own (STC12)."""
    lines: tuple[StatusLine, ...] = ()
    patient: PersonName | None = None
    member_id: str | None = None

    @property
    def category(self) -> str:
        return self.codes[0].category if self.codes else ""

    @property
    def status(self) -> str:
        return self.codes[0].status if self.codes else ""
