"""What a UB-04 says, by form locator: complete, and independent of where it is printed."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from domain.correspondence import MailingAddress

LINES_A_PAGE = 22
PAGES_MAX = 45  # 990 lines; the 837I takes 999, and a paper claim should not take more.
PAYERS_MAX = 3


@dataclass(frozen=True, kw_only=True)
class CodeDate:
    code: str
    on: dt.date


@dataclass(frozen=True, kw_only=True)
class CodeSpan:
    code: str
    from_on: dt.date
    to_on: dt.date


@dataclass(frozen=True, kw_only=True)
class CodeValue:
    """FL39 to 41: an amount in hundredths, or a count that leaves the cents empty."""

    code: str
    hundredths: int
    is_count: bool = False


@dataclass(frozen=True, kw_only=True)
class CodedDiagnosis:
    """`on_admission` is empty where the code is exempt."""

    code: str
    on_admission: str = ""


@dataclass(frozen=True, kw_only=True)
class FormPatient:
    last: str
    first: str
    middle: str = ""
    born_on: dt.date | None
    sex: str
    street: str
    city: str
    state: str
    zip_code: str
    country: str = ""
    own_id: str = ""
    """FL8a: only where it is not the insured's of FL60."""


@dataclass(frozen=True, kw_only=True)
class FormAdmission:
    admitted_on: dt.date | None = None
    hour: str = ""
    priority: str = ""
    source: str = ""
    discharge_hour: str = ""
    status: str


@dataclass(frozen=True, kw_only=True)
class FormPayer:
    """FL50 to 65 in one row: A pays first, B second, C third."""

    name: str
    plan_id: str
    releases: str = "Y"
    assigns: str = "Y"
    paid_cents: int | None = None
    due_cents: int | None = None
    other_provider_id: str = ""
    insured: str
    """Last name, first name and middle initial."""
    relationship: str
    insured_id: str
    group_name: str = ""
    group_number: str = ""
    treatment_number: str = ""
    document_number: str = ""
    employer: str = ""


@dataclass(frozen=True, kw_only=True)
class FormDoctor:
    """FL76 to 79; `role` is DN, ZZ or 82 in the last two and empty in the first two."""

    role: str = ""
    npi: str
    other_qualifier: str = ""
    other_id: str = ""
    last: str
    first: str


@dataclass(frozen=True, kw_only=True)
class CodeCode:
    """FL81: a taxonomy (B3), or what found no room in its own locator (A1 to A4)."""

    qualifier: str
    code: str
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class FormRevenue:
    revenue_code: str
    words: str = ""
    code: str = ""
    """A HCPCS and its modifiers, a rate of a stay (HIPPS), or a day's price."""
    service_on: dt.date | None = None
    units: Decimal
    charge_cents: int
    noncovered_cents: int | None = None


@dataclass(frozen=True, kw_only=True)
class Ub04:
    billing: MailingAddress
    billing_phone: str
    billing_npi: str
    pay_to: MailingAddress | None = None
    pay_to_id: str = ""
    pcn: str
    medical_record_number: str = ""
    type_of_bill: str
    """Three digits; the paper has a zero before them."""
    tax_id: str
    tax_sub_id: str = ""
    from_on: dt.date
    to_on: dt.date
    patient: FormPatient
    admission: FormAdmission
    conditions: tuple[str, ...] = ()
    accident_state: str = ""
    occurrences: tuple[CodeDate, ...] = ()
    spans: tuple[CodeSpan, ...] = ()
    addressee: tuple[str, ...]
    """FL38, in the window of the envelope: whom the bill goes to."""
    values: tuple[CodeValue, ...] = ()
    lines: tuple[FormRevenue, ...]
    created_on: dt.date
    payers: tuple[FormPayer | None, ...]
    """In the places A, B and C; None where the claim does not tell that payer."""
    principal: CodedDiagnosis
    others: tuple[CodedDiagnosis, ...] = ()
    admitting: str = ""
    visit_reasons: tuple[str, ...] = ()
    drg: str = ""
    external_causes: tuple[CodedDiagnosis, ...] = ()
    procedures: tuple[CodeDate, ...] = ()
    """The principal one first, at most six."""
    attending: FormDoctor | None = None
    operating: FormDoctor | None = None
    other_doctors: tuple[FormDoctor, ...] = ()
    remarks: str = ""
    codes: tuple[CodeCode, ...] = ()

    def __post_init__(self) -> None:
        findings = [
            f"locator {where} holds {most}, {len(given)} are given"
            for where, given, most in self._room()
            if len(given) > most
        ]
        if not self.lines:
            findings.append("locator 42 needs a line")
        if findings:
            raise ValueError(f"Paper claim {self.pcn}: {'; '.join(findings)}.")

    def _room(self) -> tuple[tuple[str, tuple[object, ...], int], ...]:
        """What a locator has places for. More than fits is refused, never left out in silence."""
        return (
            ("18 to 28", self.conditions, 11),
            ("31 to 34", self.occurrences, 8),
            ("35 and 36", self.spans, 4),
            ("38", self.addressee, 5),
            ("39 to 41", self.values, 12),
            ("42", self.lines, LINES_A_PAGE * PAGES_MAX),
            ("50", self.payers, PAYERS_MAX),
            ("67", self.others, 17),
            ("70", self.visit_reasons, 3),
            ("72", self.external_causes, 3),
            ("74", self.procedures, 6),
            ("78 and 79", self.other_doctors, 2),
            ("81", self.codes, 4),
        )

    @property
    def pages(self) -> tuple[tuple[FormRevenue, ...], ...]:
        starts = range(0, len(self.lines), LINES_A_PAGE)
        return tuple(self.lines[start : start + LINES_A_PAGE] for start in starts)
