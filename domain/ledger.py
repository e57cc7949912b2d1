"""The double-entry ledger as values: an entry that does not sum to zero cannot be built."""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

LEGS_MIN = 2


class Account(StrEnum):
    CHARGES = "revenue:charges"
    CAPITATION = "revenue:capitation"
    AR_INSURANCE = "ar:insurance"
    AR_PATIENT = "ar:patient"
    AR_FEES = "ar:fees"
    CASH_BANK = "cash:bank"
    CASH_PATIENT = "cash:patient"
    CLEARING = "clearing"
    CONTRACTUAL = "adj:contractual"
    SEQUESTRATION = "adj:sequestration"
    CAPITATION_ADJ = "adj:capitation"
    BUNDLED = "adj:bundled"
    WRITE_OFF = "writeoff"
    UNAPPLIED = "liability:unapplied"
    PAYER_OFFSET = "liability:payer_offset"
    SUSPENSE = "liability:suspense"
    INTEREST = "income:interest"
    NSF_FEE = "income:nsf_fee"


@dataclass(frozen=True, kw_only=True)
class Leg:
    """One posting: debit positive, credit negative. `reason` is a write-off's reason."""

    account: Account
    cents: int
    payer_id: int | None = None
    patient_id: int | None = None
    guarantor_id: int | None = None
    encounter_id: int | None = None
    charge_line_id: int | None = None
    claim_id: int | None = None
    reason: str | None = None
    payer_reference: str | None = None


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    """A balanced fact about money. Raises ValueError when its legs do not sum to zero."""

    effect_key: str
    source: str
    words: str
    service_on: dt.date | None
    deposit_on: dt.date | None
    posted_on: dt.date
    legs: tuple[Leg, ...]

    def __post_init__(self) -> None:
        total = sum(leg.cents for leg in self.legs)
        if total or len(self.legs) < LEGS_MIN:
            raise ValueError(f"entry {self.effect_key} is off by {total} cents: {self.legs}")


def negated(legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
    """The contra legs: how anything posted is taken back."""
    return tuple(replace(leg, cents=-leg.cents) for leg in legs)
