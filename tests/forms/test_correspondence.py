"""A statement that does not add up cannot exist, and a misread scan line is noticed."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.correspondence import (
    Aging,
    MailingAddress,
    PatientStatement,
    StatementKind,
    check_digit,
)


def test_a_line_that_does_not_sum_across_is_refused(statement: PatientStatement) -> None:
    line = statement.visits[0].lines[0]

    with pytest.raises(ValueError, match="23600 less 20600 is not 3100"):
        replace(line, you_owe_cents=3100)


def test_a_total_other_than_its_lines_is_refused(statement: PatientStatement) -> None:
    with pytest.raises(ValueError, match="lines owe 14206, total says 14207"):
        replace(statement, total_cents=14207)


def test_ages_that_do_not_make_the_total_are_refused(statement: PatientStatement) -> None:
    with pytest.raises(ValueError, match="ages sum to 1, total says 14206"):
        replace(statement, aging=Aging(over_120_cents=1))


def test_a_statement_of_nothing_is_refused(statement: PatientStatement) -> None:
    with pytest.raises(ValueError, match="nothing is owed"):
        replace(statement, visits=(), aging=Aging(), total_cents=0)


def test_a_statement_due_before_it_is_issued_is_refused(statement: PatientStatement) -> None:
    with pytest.raises(ValueError, match="due before it is issued"):
        replace(statement, due_on=dt.date(2026, 11, 30))


def test_an_installment_needs_a_plan_and_a_plan_an_installment(
    statement: PatientStatement,
) -> None:
    with pytest.raises(ValueError, match="belongs to a plan"):
        replace(statement, installment_cents=2400)
    with pytest.raises(ValueError, match="belongs to a plan"):
        replace(statement, kind=StatementKind.PLAN)


def test_an_installment_is_at_most_the_total(statement: PatientStatement) -> None:
    with pytest.raises(ValueError, match="at most the total"):
        replace(statement, kind=StatementKind.PLAN, installment_cents=14207)


def test_the_scan_line_holds_account_statement_amount_and_its_check(
    statement: PatientStatement,
) -> None:
    assert statement.scan_line == "0000000007" + "0000000031" + "0000014206" + "7"


def test_the_check_digit_is_that_of_the_published_example() -> None:
    assert check_digit("7992739871") == "3"


@given(digits=st.text("0123456789", min_size=30, max_size=30), data=st.data())
def test_one_misread_digit_is_always_noticed(digits: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, 29))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != digits[at]]))

    assert check_digit(digits[:at] + wrong + digits[at + 1 :]) != check_digit(digits)


def test_a_number_too_long_for_the_scan_line_is_refused(statement: PatientStatement) -> None:
    with pytest.raises(ValueError, match="does not fit 10 digits"):
        _ = replace(statement, account_no="G12345678901").scan_line


def test_an_address_leaves_no_empty_line() -> None:
    address = MailingAddress(
        name="Wilma Tarrow", street="118 Sample Lane", city="Fairmont", state="ST", zip_code="00210"
    )

    assert address.lines == ("Wilma Tarrow", "118 Sample Lane", "Fairmont, ST 00210")
