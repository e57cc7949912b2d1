"""A refund's paper names the sum, the check and the reason, and asks for no money."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.correspondence import PatientStatement, RefundNotice
from forms.refund import refund_pdf

TextOf = Callable[[bytes], str]


@pytest.fixture
def notice(statement: PatientStatement) -> RefundNotice:
    return RefundNotice(
        statement_no="S00000032",
        account_no="G00000007",
        addressee=statement.addressee,
        practice=statement.practice,
        phone="555-0140",
        issued_on=dt.date(2026, 12, 1),
        check_no="20417",
        refund_cents=2600,
        reason="You paid $26.00 at the desk, and your plan then paid for it.",
    )


def test_it_names_the_sum_the_check_and_the_reason(notice: RefundNotice, text_of: TextOf) -> None:
    text = text_of(refund_pdf(notice))

    assert "You get $26.00 back" in text
    assert "Our check 20417" in text
    assert "your plan then paid for it" in text


def test_it_has_no_coupon(notice: RefundNotice, text_of: TextOf) -> None:
    assert "Cut here" not in text_of(refund_pdf(notice))


def test_the_same_notice_is_the_same_bytes(notice: RefundNotice) -> None:
    assert refund_pdf(notice) == refund_pdf(notice)


def test_a_refund_of_nothing_is_refused(notice: RefundNotice) -> None:
    with pytest.raises(ValueError, match="pays money back"):
        replace(notice, refund_cents=0)
