"""What a CMS-1500 (02/12) says, by item number: complete, and independent of where it is printed.

It holds no social security number: item 25 is always an employer's number.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.correspondence import MailingAddress

DIAGNOSES_MAX = 12  # Item 21 has the letters A to L.
MODIFIERS_MAX = 4
POINTERS_MAX = 4
LINES_A_PAGE = 6
PAGES_MAX = 9  # 54 lines; the 837P takes 50, and a paper claim should not take more.


class CoverageBox(StrEnum):
    """Item 1; the values are the parts of the position table."""

    MEDICARE = "Medicare"
    MEDICAID = "Medicaid"
    TRICARE = "TRICARE"
    CHAMPVA = "CHAMPVA"
    GROUP = "Group Health Plan"
    FECA = "FECA Blk Lung"
    OTHER = "Other"


class Relationship(StrEnum):
    """Item 6: what the patient is to the insured."""

    SELF = "Self"
    SPOUSE = "Spouse"
    CHILD = "Child"
    OTHER = "Other"


class PageTotals(StrEnum):
    """Item 28 of a claim of several pages: some payers read each page as a claim, some the last."""

    EACH_PAGE = "each page"
    LAST_PAGE = "last page"


@dataclass(frozen=True, kw_only=True)
class FormPerson:
    last: str
    first: str
    middle: str = ""
    born_on: dt.date | None
    sex: str
    street: str
    city: str
    state: str
    zip_code: str
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class OtherInsurance:
    """Items 9, 9a and 9d; that it is there also answers 11d. The name as item 2 has it."""

    insured_last: str
    insured_first: str
    insured_middle: str = ""
    policy: str
    plan: str


@dataclass(frozen=True, kw_only=True)
class Span:
    from_on: dt.date
    to_on: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class QualifiedDate:
    qualifier: str
    on: dt.date


@dataclass(frozen=True, kw_only=True)
class FormProvider:
    """Item 17: DN refers, DK orders, DQ supervises. `name` is first, middle, last, credential."""

    qualifier: str
    name: str
    npi: str
    other_qualifier: str = ""
    other_id: str = ""


@dataclass(frozen=True, kw_only=True)
class FormLine:
    """Item 24; `pointers` are letters of item 21, the first one first, such as "AB"."""

    from_on: dt.date
    to_on: dt.date
    place: str
    is_emergency: bool = False
    code: str
    modifiers: tuple[str, ...] = ()
    pointers: str
    charge_cents: int
    units: Decimal
    rendering_npi: str
    rendering_qualifier: str = ""
    rendering_other_id: str = ""
    """The shaded half of 24I and 24J, such as ZZ and a taxonomy."""
    screening: str = ""
    """24H: Y or N, for a child's screening or family planning."""
    screening_reason: str = ""
    supplements: tuple[str, ...] = ()
    """The shaded half over the whole line: a drug's number and quantity, a narrative."""

    def __post_init__(self) -> None:
        if len(self.modifiers) > MODIFIERS_MAX or not 0 < len(self.pointers) <= POINTERS_MAX:
            raise ValueError(
                f"Service {self.code}: item 24 holds {MODIFIERS_MAX} modifiers and 1 to "
                f"{POINTERS_MAX} pointers; split the line."
            )


@dataclass(frozen=True, kw_only=True)
class Cms1500:
    payer: MailingAddress
    coverage: CoverageBox
    insured_id: str
    patient: FormPerson
    relationship: Relationship
    insured: FormPerson
    insured_group: str = ""
    plan_name: str = ""
    other_insurance: OtherInsurance | None = None
    from_employment: bool = False
    from_auto_accident: bool = False
    auto_accident_state: str = ""
    from_other_accident: bool = False
    claim_codes: str = ""
    other_claim_qualifier: str = ""
    other_claim_id: str = ""
    """11b: Y4 and the number of a casualty insurer."""
    patient_signature: str = "SIGNATURE ON FILE"
    patient_signed_on: dt.date | None = None
    insured_signature: str = "SIGNATURE ON FILE"
    illness: QualifiedDate | None = None
    other_date: QualifiedDate | None = None
    unable_to_work: Span | None = None
    referring: FormProvider | None = None
    hospital_stay: Span | None = None
    more: str = ""
    outside_lab_cents: int | None = None
    diagnoses: tuple[str, ...]
    frequency: str
    original_reference: str = ""
    prior_auth: str = ""
    lines: tuple[FormLine, ...]
    page_totals: PageTotals
    tax_id: str
    pcn: str
    accepts_assignment: bool
    paid_cents: int
    signed_by: str
    signed_on: dt.date
    facility: MailingAddress | None = None
    facility_npi: str = ""
    facility_other_id: str = ""
    billing: MailingAddress
    billing_phone: str
    billing_npi: str
    billing_other_id: str = ""

    def __post_init__(self) -> None:
        findings = [words for is_wrong, words in self._rules() if is_wrong]
        if findings:
            raise ValueError(f"Paper claim {self.pcn}: {'; '.join(findings)}.")

    def _rules(self) -> tuple[tuple[bool, str], ...]:
        letters = "ABCDEFGHIJKL"[: len(self.diagnoses)]
        dangling = [p for line in self.lines for p in line.pointers if p not in letters]
        lines_max = LINES_A_PAGE * PAGES_MAX
        return (
            (not 0 < len(self.diagnoses) <= DIAGNOSES_MAX, "item 21 holds 1 to 12 diagnoses"),
            (not 0 < len(self.lines) <= lines_max, f"item 24 needs 1 to {lines_max} lines"),
            (bool(dangling), f"pointers {''.join(dangling)} name no diagnosis of item 21"),
            (
                self.frequency in "78" and not self.original_reference,
                "a replacement or void names the payer's claim number in item 22",
            ),
        )

    @property
    def pages(self) -> tuple[tuple[FormLine, ...], ...]:
        starts = range(0, len(self.lines), LINES_A_PAGE)
        return tuple(self.lines[start : start + LINES_A_PAGE] for start in starts)
