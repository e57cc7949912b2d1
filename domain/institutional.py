"""An institutional claim: what a hospital or another facility asks to be paid for (837I, UB-04)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.claim_details import (
    AS_THE_CLAIM,
    ConditionIndicator,
    Drug,
    LineProviders,
    UnitBasis,
)
from domain.claims import Attachment, HealthClaim
from domain.parties import OtherProvider

# A type of bill whose second digit is this one is for an inpatient: 11, 18, 21, 41, 86 ...
_INPATIENT_BILLS = frozenset({"11", "12", "18", "21", "22", "28", "41", "65", "66", "86"})
# Of these, part B of a stay and the like carry no diagnosis-related group.
_STAY_BILLS = frozenset({"11", "18", "21", "28", "41", "65", "66", "86"})

# Nursing, home health and rehabilitation stays are billed by a rate under one of these.
RATE_REVENUE_CODES = frozenset({"0022", "0023", "0024"})


class PresentOnAdmission(StrEnum):
    """Whether the condition was there when the patient came in."""

    YES = "Y"
    NO = "N"
    NOT_TOLD = "U"
    """The chart does not let it be told."""
    UNDETERMINED = "W"
    """The physician cannot tell."""


@dataclass(frozen=True, kw_only=True)
class StayDiagnosis:
    """An ICD-10-CM code without the point; `on_admission` is None where the code is exempt."""

    code: str
    on_admission: PresentOnAdmission | None = None


@dataclass(frozen=True, kw_only=True)
class StayProcedure:
    """An ICD-10-PCS code of seven characters, and the day it was done."""

    code: str
    on: dt.date


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    code: str
    on: dt.date


@dataclass(frozen=True, kw_only=True)
class OccurrenceSpan:
    code: str
    from_on: dt.date
    to_on: dt.date


@dataclass(frozen=True, kw_only=True)
class ValueCode:
    """A value under its code. Whole numbers too (such as covered days) are kept in hundredths."""

    code: str
    hundredths: int


@dataclass(frozen=True, kw_only=True)
class TypedNote:
    """A note that says what it is about (NTE01), such as DGN or MED."""

    about: str
    words: str


@dataclass(frozen=True, kw_only=True)
class RevenueLine:
    line_control: str
    """`L` + charge line id: the same in every version, payer and submission of that line."""
    revenue_code: str
    """Four digits."""
    code: str | None = None
    """HCPCS, where the revenue code and the type of bill want one, or the rate of a stay."""
    modifiers: tuple[str, ...] = ()
    charge_cents: int
    noncovered_cents: int | None = None
    units: Decimal
    basis: UnitBasis = UnitBasis.UNIT
    service_on: dt.date | None = None
    service_to_on: dt.date | None = None
    description: str | None = None
    service_tax_cents: int | None = None
    facility_tax_cents: int | None = None
    """Both are part of the line's charge."""
    organization_note: str | None = None
    """What a third party, such as a repricer, is told (NTE*TPO)."""
    attachments: tuple[Attachment, ...] = ()
    drug: Drug | None = None
    providers: LineProviders = AS_THE_CLAIM

    @property
    def is_rate(self) -> bool:
        """Whether `code` is the rate of a home health or nursing stay (HIPPS), not a HCPCS."""
        return self.revenue_code in RATE_REVENUE_CODES


@dataclass(frozen=True, kw_only=True)
class Admission:
    """How and when the patient came in, and what became of them.

    `priority` (CL101) and `source` (CL102) are codes of the standard, `patient_status` (CL103) two
    digits; the times are those of the facility's clock, None where not known.
    """

    admitted_on: dt.date | None = None
    admitted_time: dt.time | None = None
    discharged_time: dt.time | None = None
    priority: str | None = None
    source: str | None = None
    patient_status: str


@dataclass(frozen=True, kw_only=True)
class InstitutionalClaim(HealthClaim):
    type_of_bill: str
    """Its first two digits (facility and class); the third is the frequency."""
    from_on: dt.date
    to_on: dt.date
    admission: Admission
    principal: StayDiagnosis
    lines: tuple[RevenueLine, ...]
    other_diagnoses: tuple[StayDiagnosis, ...] = ()
    """At most 24."""
    admitting_diagnosis: str | None = None
    visit_reasons: tuple[str, ...] = ()
    """At most three; an outpatient's own reason for an unscheduled visit."""
    external_causes: tuple[StayDiagnosis, ...] = ()
    drg: str | None = None
    principal_procedure: StayProcedure | None = None
    other_procedures: tuple[StayProcedure, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    spans: tuple[OccurrenceSpan, ...] = ()
    values: tuple[ValueCode, ...] = ()
    condition_codes: tuple[str, ...] = ()
    treatment_codes: tuple[str, ...] = ()
    conditions: tuple[ConditionIndicator, ...] = ()
    attending: OtherProvider | None = None
    operating: OtherProvider | None = None
    other_operating: OtherProvider | None = None
    rendering: OtherProvider | None = None
    estimated_due_cents: int | None = None
    """What the patient is thought to owe (AMT*F3)."""
    notes: tuple[TypedNote, ...] = ()

    @property
    def charge_cents(self) -> int:
        """CLM02 is always the sum of the lines, so that it cannot disagree with them."""
        return sum(line.charge_cents for line in self.lines)

    @property
    def is_inpatient(self) -> bool:
        return self.type_of_bill in _INPATIENT_BILLS

    @property
    def is_stay(self) -> bool:
        """Paid as a whole stay, so that a diagnosis-related group may apply."""
        return is_stay(self.type_of_bill)


def is_stay(type_of_bill: str) -> bool:
    """Of the first two digits: whether the bill is of a whole inpatient stay."""
    return type_of_bill in _STAY_BILLS
