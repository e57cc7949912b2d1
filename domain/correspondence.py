"""What goes out on paper: the letter to a payer, the statement to a guarantor, in words and cents.

A `PatientStatement` that exists adds up: across each line, down the page, and over its ages.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

SCAN_DIGITS = 10  # Ten digits each for account, statement and cents: bigint keys stay below 10^10.


_ZIP_PLUS_4 = 9


def hyphened(zip_code: str) -> str:
    """Nine digits of a ZIP code are parted; a foreign or short one stays as it is."""
    is_long = len(zip_code) == _ZIP_PLUS_4 and zip_code.isdigit()
    return f"{zip_code[:5]}-{zip_code[5:]}" if is_long else zip_code


@dataclass(frozen=True, kw_only=True)
class MailingAddress:
    name: str
    street: str
    street_2: str = ""
    city: str
    state: str
    zip_code: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The address as it stands on an envelope, without empty lines."""
        place = f"{self.city}, {self.state} {hyphened(self.zip_code)}"
        return tuple(line for line in (self.name, self.street, self.street_2, place) if line)


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    address: MailingAddress
    phone: str
    npi: str
    tax_id: str


class LetterKind(StrEnum):
    """The kinds of mail that `docs/exchange.md` knows besides the paper claim."""

    APPEAL = "appeal"
    RECORDS = "records"
    DISPUTE = "dispute"
    REOPENING = "reopening"


@dataclass(frozen=True, kw_only=True)
class AppealLine:
    """One charge line under appeal; on a dispute `denied_cents` is what the payment falls short."""

    code: str
    words: str
    charge_cents: int
    denied_cents: int
    reason_code: str
    reason_words: str


@dataclass(frozen=True, kw_only=True)
class AppealLetter:
    """One letter to one payer about one claim; `argument` is plain text, a blank line parts it."""

    reference: str
    kind: LetterKind
    level: int
    payer: MailingAddress
    practice: Letterhead
    patient_name: str
    member_id: str
    payer_claim_number: str
    pcn: str
    service_on: dt.date
    lines: tuple[AppealLine, ...]
    argument: str
    enclosures: tuple[str, ...]
    signed_by: str
    sent_on: dt.date
    answer_due_on: dt.date

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError(
                f"Letter {self.reference} names no charge line; add the ones at issue."
            )
        if not self.argument.strip():
            raise ValueError(
                f"Letter {self.reference} has no argument; write why it should be paid."
            )

    @property
    def denied_cents(self) -> int:
        return sum(line.denied_cents for line in self.lines)


class StatementKind(StrEnum):
    STATEMENT = "statement"
    REMINDER = "reminder"
    FINAL = "final"
    PLAN = "plan"


@dataclass(frozen=True, kw_only=True)
class StatementLine:
    """One service. Amounts are what each side took off the charge, so all are normally positive."""

    words: str
    charge_cents: int
    plan_adjusted_cents: int
    plan_paid_cents: int
    you_paid_cents: int
    you_owe_cents: int

    def __post_init__(self) -> None:
        taken_off = self.plan_adjusted_cents + self.plan_paid_cents + self.you_paid_cents
        if self.charge_cents - taken_off != self.you_owe_cents:
            raise ValueError(
                f"Statement line {self.words!r}: {self.charge_cents} less {taken_off} is not "
                f"{self.you_owe_cents}; put discounts and write-offs into plan_adjusted_cents."
            )


@dataclass(frozen=True, kw_only=True)
class StatementVisit:
    service_on: dt.date
    provider: str
    plan: str
    lines: tuple[StatementLine, ...]


@dataclass(frozen=True, kw_only=True)
class StatementPayment:
    """Money from the guarantor since the last statement; already inside the lines' sums."""

    received_on: dt.date
    words: str
    amount_cents: int


@dataclass(frozen=True, kw_only=True)
class Aging:
    days_0_30_cents: int = 0
    days_31_60_cents: int = 0
    days_61_90_cents: int = 0
    days_91_120_cents: int = 0
    over_120_cents: int = 0

    @property
    def total_cents(self) -> int:
        newer = self.days_0_30_cents + self.days_31_60_cents + self.days_61_90_cents
        return newer + self.days_91_120_cents + self.over_120_cents


@dataclass(frozen=True, kw_only=True)
class PatientStatement:
    """What a guarantor owes, why, by when, and what to do if that is hard or wrong.

    `installment_cents` is asked for instead of the total while a payment plan is in force.
    """

    statement_no: str
    account_no: str
    kind: StatementKind
    cycle: int
    addressee: MailingAddress
    practice: MailingAddress
    remit_to: MailingAddress
    phone: str
    issued_on: dt.date
    due_on: dt.date
    visits: tuple[StatementVisit, ...]
    payments: tuple[StatementPayment, ...]
    aging: Aging
    message: str
    total_cents: int
    installment_cents: int | None
    hardship_text: str
    dispute_text: str

    def __post_init__(self) -> None:
        findings = [words for is_wrong, words in self._rules() if is_wrong]
        if findings:
            raise ValueError(f"Statement {self.statement_no} cannot go out: {'; '.join(findings)}.")

    def _rules(self) -> tuple[tuple[bool, str], ...]:
        owed = sum(line.you_owe_cents for visit in self.visits for line in visit.lines)
        has_installment = self.installment_cents is not None
        return (
            (owed != self.total_cents, f"lines owe {owed}, total says {self.total_cents}"),
            (
                self.aging.total_cents != self.total_cents,
                f"ages sum to {self.aging.total_cents}, total says {self.total_cents}",
            ),
            (self.total_cents <= 0, "nothing is owed"),
            (self.due_on < self.issued_on, "it is due before it is issued"),
            (
                has_installment != (self.kind is StatementKind.PLAN),
                "an installment belongs to a plan, and a plan has one",
            ),
            (
                not 0 < self.due_cents <= self.total_cents,
                "an installment is more than nothing and at most the total",
            ),
        )

    @property
    def due_cents(self) -> int:
        """What is asked for by `due_on`: the installment under a plan, else everything."""
        return self.total_cents if self.installment_cents is None else self.installment_cents

    @property
    def scan_line(self) -> str:
        """Account, statement and amount due in digits for the lockbox reader, ending in mod 10."""
        numbers = (self.account_no, self.statement_no, str(self.due_cents))
        digits = "".join(_digits(number) for number in numbers)
        return digits + check_digit(digits)


@dataclass(frozen=True, kw_only=True)
class RefundNotice:
    """The paper that goes with a refund check; numbered among the statements."""

    statement_no: str
    account_no: str
    addressee: MailingAddress
    practice: MailingAddress
    phone: str
    issued_on: dt.date
    check_no: str
    refund_cents: int
    reason: str

    def __post_init__(self) -> None:
        if self.refund_cents <= 0:
            raise ValueError(
                f"Refund {self.statement_no} is of {self.refund_cents} cents; it pays money back."
            )


def check_digit(digits: str) -> str:
    """The mod-10 (Luhn) digit: catches any one wrong digit and most swaps of neighbours."""
    doubled = (int(d) * (2 - i % 2) for i, d in enumerate(reversed(digits)))
    return str(-sum(n // 10 + n % 10 for n in doubled) % 10)


def _digits(number: str) -> str:
    digits = "".join(c for c in number if c in "0123456789")
    if not digits or len(digits) > SCAN_DIGITS:
        raise ValueError(f"{number!r} does not fit {SCAN_DIGITS} digits of the scan line.")
    return digits.zfill(SCAN_DIGITS)
