"""The cover sheet of records: one page, the number that joins them to the claim, large."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from domain.correspondence import AppealLetter
from forms.cover_sheet import CoverSheet, sheet_pdf

TextOf = Callable[[bytes], str]


def sheet(letter: AppealLetter) -> CoverSheet:
    return CoverSheet(
        control_number="A00000007",
        enclosed="Operative note",
        payer=letter.payer,
        practice=letter.practice,
        patient_name="Wilma Tarrow",
        member_id="AH123",
        pcn="C1V2S1",
        payer_claim_number="ICN7",
        service_on=dt.date(2026, 1, 5),
        sent_on=dt.date(2026, 2, 1),
    )


def test_it_names_the_claim_by_every_number(letter: AppealLetter, text_of: TextOf) -> None:
    text = text_of(sheet_pdf(sheet(letter)))

    for words in ("A00000007", "C1V2S1", "ICN7", "AH123", "Wilma Tarrow", "Operative note"):
        assert words in text


def test_an_original_names_no_number_of_the_payers(letter: AppealLetter, text_of: TextOf) -> None:
    text = text_of(sheet_pdf(replace(sheet(letter), payer_claim_number="")))

    assert "Your claim number" not in text
