"""The statement a guarantor gets: its heading is the sentence of what is owed and by when, every
line sums across, and the coupon in the lowest 2.9 in carries the scan line for the lockbox.
"""

from collections.abc import Mapping, Sequence

from domain.correspondence import (
    Aging,
    MailingAddress,
    PatientStatement,
    StatementKind,
    StatementLine,
    StatementPayment,
    StatementVisit,
)
from domain.money import MINUS, amount, dollars
from forms import typeset
from forms.words import by_words, in_words

TEMPLATE = "statement.typ"


def statement_pdf(statement: PatientStatement) -> bytes:
    return typeset.pdf(TEMPLATE, _data(statement), dated_on=statement.issued_on)


def headline(statement: PatientStatement) -> str:
    """The one sentence of the page, also fit for a list of statements on screen."""
    due = dollars(statement.due_cents)
    by = by_words(statement.due_on, seen_on=statement.issued_on)
    match statement.kind:
        case StatementKind.STATEMENT:
            return f"You owe {due} by {by}"
        case StatementKind.REMINDER:
            return f"Reminder: you owe {due} by {by}"
        case StatementKind.FINAL:
            return f"Final notice: you owe {due} by {by}"
        case StatementKind.PLAN:
            return f"Your payment of {due} is due by {by}"


def _data(statement: PatientStatement) -> Mapping[str, typeset.Data]:
    """Everything the template shows, already in words: it formats nothing itself."""
    return {
        "title": f"Statement {statement.statement_no}",
        "headline": headline(statement),
        "below_headline": [w for w in (_plan_words(statement), statement.message) if w],
        "practice": _block(statement.practice),
        "phone": f"Telephone {statement.phone}",
        "addressee": statement.addressee.lines,
        "remit_to": statement.remit_to.lines,
        "facts": [
            ("Statement", statement.statement_no),
            ("Date", in_words(statement.issued_on)),
            ("Account", statement.account_no),
        ],
        "aging": _ages(statement.aging),
        "visits": [_visit(visit) for visit in statement.visits],
        "total": _sums("All together", [line for v in statement.visits for line in v.lines]),
        "payments": [_payment(payment) for payment in statement.payments],
        "hardship": statement.hardship_text,
        "dispute": statement.dispute_text,
        "coupon": _coupon(statement),
        "scan_line": statement.scan_line,
    }


def _block(address: MailingAddress) -> Mapping[str, typeset.Data]:
    return {"name": address.name, "lines": address.lines[1:]}


def _ages(aging: Aging) -> list[tuple[str, str]]:
    return [
        ("0\N{EN DASH}30 days", amount(aging.days_0_30_cents)),
        ("31\N{EN DASH}60", amount(aging.days_31_60_cents)),
        ("61\N{EN DASH}90", amount(aging.days_61_90_cents)),
        ("91\N{EN DASH}120", amount(aging.days_91_120_cents)),
        ("over 120", amount(aging.over_120_cents)),
    ]


def _visit(visit: StatementVisit) -> Mapping[str, typeset.Data]:
    return {
        "heading": f"{in_words(visit.service_on)}, {visit.provider}. Plan: {visit.plan}",
        "rows": [_sums(line.words, [line]) for line in visit.lines],
    }


def _sums(words: str, lines: Sequence[StatementLine]) -> list[str]:
    """One row: the words and five amounts, of which the first four make the last."""
    return [
        words,
        amount(sum(line.charge_cents for line in lines)),
        _taken_off(sum(line.plan_adjusted_cents for line in lines)),
        _taken_off(sum(line.plan_paid_cents for line in lines)),
        _taken_off(sum(line.you_paid_cents for line in lines)),
        amount(sum(line.you_owe_cents for line in lines)),
    ]


def _taken_off(cents: int) -> str:
    """A negative `cents` was taken back, so it is printed as an addition."""
    return f"{MINUS if cents > 0 else '+' if cents < 0 else ''}{amount(abs(cents))}"


def _payment(payment: StatementPayment) -> str:
    received_on = in_words(payment.received_on)
    return f"{received_on}, {payment.words}: {dollars(payment.amount_cents)}"


def _plan_words(statement: PatientStatement) -> str:
    if statement.installment_cents is None:
        return ""
    left = dollars(statement.total_cents - statement.installment_cents)
    return (
        f"You have a payment plan. Your balance is {dollars(statement.total_cents)}; "
        f"after this payment it is {left}."
    )


def _coupon(statement: PatientStatement) -> list[tuple[str, str]]:
    return [
        ("Account", statement.account_no),
        ("Statement", statement.statement_no),
        ("Due", in_words(statement.due_on)),
        ("Please pay", dollars(statement.due_cents)),
    ]
