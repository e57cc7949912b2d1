"""The list beside the mail: how much goes where, under which numbers, and nothing of patients."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from domain.correspondence import AppealLetter
from forms.mail_list import MailGroup, MailList, MailRow, list_pdf

TextOf = Callable[[bytes], str]


def two_forms(letter: AppealLetter) -> MailList:
    rows = (
        MailRow(pcn="C1V1S1", form="CMS-1500", pages=2),
        MailRow(pcn="C2V1S1", form="UB-04", pages=1, is_again=True),
    )
    return MailList(
        practice=letter.practice,
        printed_on=dt.date(2026, 2, 2),
        groups=(MailGroup(address=letter.payer, rows=rows),),
    )


def test_it_counts_forms_and_pages_by_address(letter: AppealLetter, text_of: TextOf) -> None:
    text = text_of(list_pdf(two_forms(letter)))

    for words in (
        *letter.payer.lines, "2 to 1 address", "2 forms, 3 pages", "C1V1S1", "C2V1S1", "UB-04",
        "again, after a loss", "not marked as mailed yet",
    ):  # fmt: skip
        assert words in text


def test_what_was_mailed_says_when_by_whom_and_under_which_number(
    letter: AppealLetter, text_of: TextOf
) -> None:
    mailed = replace(
        two_forms(letter), mailed_on=dt.date(2026, 2, 1), mailed_by="Ana Ruiz", tracking="9400 1"
    )

    text = text_of(list_pdf(mailed))

    for words in ("Mail list, February 1, 2026", "Ana Ruiz", "9400 1"):
        assert words in text
    assert "not marked" not in text


def test_the_same_list_is_the_same_bytes(letter: AppealLetter) -> None:
    assert list_pdf(two_forms(letter)) == list_pdf(two_forms(letter))
