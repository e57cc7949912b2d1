"""What the edits look at and what they say. A finding is one sentence about one place of a claim,
with the cure where a machine knows it."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.claim_facts import NO_FACTS, NO_LINE_FACTS, ClaimFacts, LineFacts
from domain.claim_form import ClaimForm
from domain.medicare import SecondBecause


class Severity(StrEnum):
    """A stop keeps the claim from being sent; a warning is shown and may be sent over."""

    STOP = "stop"
    WARN = "warn"


class EditRule(StrEnum):
    MEMBER_ID_MISSING = "member_id_missing"
    ADDRESS_MISSING = "address_missing"
    PROVIDER_NPI = "provider_npi"
    BIRTH_AFTER_SERVICE = "birth_after_service"
    SERVICE_IN_FUTURE = "service_in_future"
    FILED_LATE = "filed_late"
    FILING_LIMIT_NEAR = "filing_limit_near"
    PLACE_UNKNOWN = "place_unknown"
    CLAIM_FACT = "claim_fact"
    ADMISSION_MISSING = "admission_missing"
    CLIA_MISSING = "clia_missing"
    FREQUENCY = "frequency"
    PAYER_CLAIM_NUMBER_MISSING = "payer_claim_number_missing"
    MEDICARE_SECOND_UNTOLD = "medicare_second_untold"
    MEDICARE_SECOND_AGE = "medicare_second_age"
    PRIOR_PAYER_UNANSWERED = "prior_payer_unanswered"
    DIAGNOSIS_MISSING = "diagnosis_missing"
    DIAGNOSIS_INVALID = "diagnosis_invalid"
    DIAGNOSIS_HEADER = "diagnosis_header"
    DIAGNOSIS_TWICE = "diagnosis_twice"
    DIAGNOSES_TOO_MANY = "diagnoses_too_many"
    DIAGNOSIS_AGE = "diagnosis_age"
    DIAGNOSIS_NOT_FIRST = "diagnosis_not_first"
    LINE_MISSING = "line_missing"
    PROCEDURE_SHAPE = "procedure_shape"
    MODIFIER_SHAPE = "modifier_shape"
    MODIFIER_UNKNOWN = "modifier_unknown"
    POINTER_RANGE = "pointer_range"
    CHARGE_MISSING = "charge_missing"
    UNITS_INVALID = "units_invalid"
    UNITS_ABOVE_LIMIT = "units_above_limit"
    PAIR_BUNDLED = "pair_bundled"
    OXIMETRY_WITH_VISIT = "oximetry_with_visit"
    LINE_TWICE = "line_twice"
    FACILITY_FACTS = "facility_facts"
    PAPER_FORM = "paper_form"


@dataclass(frozen=True, kw_only=True)
class Fix:
    """A value for a field. `field` is a path: `frequency`, `diagnoses.0`, `lines.1.pointers`."""

    field: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    rule: EditRule
    severity: Severity
    place: str
    words: str
    fix: Fix | None
    choices: tuple[str, ...] = ()
    """Codes among which a person must choose; none of them is a default."""
    field: str | None = None
    """Where on the page of claim facts it is mended, if it is mended there."""


@dataclass(frozen=True, kw_only=True)
class EditLine:
    code: str
    modifiers: tuple[str, ...]
    units: int
    pointers: tuple[int, ...]
    charge_cents: int
    # None where all lines are of one day. What excludes or limits each other does so on one day.
    service_on: dt.date | None = None
    line_id: int = 0
    facts: LineFacts = NO_LINE_FACTS
    # A laboratory test done where no laboratory number is known.
    lacks_clia: bool = False


@dataclass(frozen=True, kw_only=True)
class PriorPayer:
    """A payer before this one, and whether its answer is posted."""

    payer_id: str
    has_answered: bool


@dataclass(frozen=True, kw_only=True)
class EditSubject:
    """One version of a claim as it would be sent today."""

    today: dt.date
    service_on: dt.date
    birth_on: dt.date
    gender: str
    has_address: bool
    provider_npi: str | None
    payer_id: str
    payer_takes_frequency_7: bool
    member_id: str
    place_of_service: str
    diagnoses: tuple[str, ...]
    lines: tuple[EditLine, ...]
    prior_payers: tuple[PriorPayer, ...]
    timely_filing_on: dt.date
    frequency: str
    payer_claim_number: str | None
    was_filed_in_time: bool
    form: ClaimForm = ClaimForm.PROFESSIONAL
    facts: ClaimFacts = NO_FACTS
    admitted_on: dt.date | None = None
    is_medicare_second: bool = False
    second_because: SecondBecause | None = None


@dataclass(frozen=True, kw_only=True)
class UnitLimit:
    """The most units of a procedure that one provider may bill for one patient and day."""

    max_units: int
    is_by_line: bool


@dataclass(frozen=True, kw_only=True)
class PairLimit:
    """The second procedure is part of the first; a modifier may part them, or never."""

    may_be_parted: bool


class CodeBook(Protocol):
    """What the edits ask the code sets."""

    def is_diagnosis_billable(self, code: str, on: dt.date) -> bool: ...
    def diagnosis_children(self, code: str, on: dt.date) -> tuple[str, ...]: ...
    def diagnosis_flags(self, code: str, on: dt.date) -> frozenset[str]: ...
    def has_procedure_shape(self, code: str) -> bool: ...
    def is_modifier_known(self, code: str) -> bool: ...
    def is_place_known(self, code: str) -> bool: ...
    def unit_limit(self, code: str) -> UnitLimit | None: ...
    def pair_limit(self, column_1: str, column_2: str, on: dt.date) -> PairLimit | None: ...
