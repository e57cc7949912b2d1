"""Asking a payer whether a person is covered on a day (270), and what it answered (271)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from domain.parties import BillingEntity, Patient, PayerParty, Subscriber


@dataclass(frozen=True, kw_only=True)
class EligibilityRequest:
    trace: str
    """TRN02: `E` + our check's id; the answer echoes it."""
    originator: str
    """TRN03: `9` or `1` + nine characters that say whose trace it is."""
    billing: BillingEntity
    payer: PayerParty
    subscriber: Subscriber
    dependent: Patient | None
    service_on: dt.date
    service_types: tuple[str, ...] = ("30",)


@dataclass(frozen=True, kw_only=True)
class Benefit:
    """One EB. `percent` is the patient's share as a fraction, such as Decimal("0.2")."""

    code: str
    words: str
    coverage_level: str | None = None
    service_types: tuple[str, ...] = ()
    insurance_type: str | None = None
    plan_name: str | None = None
    period: str | None = None
    amount_cents: int | None = None
    percent: Decimal | None = None
    quantity: Decimal | None = None
    needs_prior_auth: bool | None = None
    is_in_network: bool | None = None
    procedure_code: str | None = None
    notes: tuple[str, ...] = ()
    segment: int


@dataclass(frozen=True, kw_only=True)
class EligibilityRejection:
    """One AAA: the payer could not answer. It says nothing about the coverage itself."""

    level: str
    """Who is in question: payer, provider, subscriber or dependent."""
    code: str
    words: str
    follow_up: str | None
    segment: int


@dataclass(frozen=True, kw_only=True)
class OtherCoverage:
    """Another payer that this one knows of (EB*R)."""

    name: str
    payer_id: str | None
    member_id: str | None


@dataclass(frozen=True, kw_only=True)
class EligibilityAnswer:
    trace: str | None
    is_active: bool | None
    """None when the payer did not say: rejected, or no EB about the plan as a whole."""
    payer_name: str
    payer_id: str
    member_id: str | None
    group_number: str | None
    plan_name: str | None
    begins_on: dt.date | None
    ends_on: dt.date | None
    benefits: tuple[Benefit, ...]
    rejections: tuple[EligibilityRejection, ...]
    other_payers: tuple[OtherCoverage, ...]
    segment: int
