"""Procedure codes have a shape, and some have limits that hold on the date of service."""

import datetime as dt

import pytest

from codesets import procedures
from codesets.book import OurCodeBook
from domain.findings import CodeBook, PairLimit, UnitLimit

_DAY = dt.date(2026, 2, 3)


@pytest.mark.parametrize("code", ["99214", "0001A", "0042T", "J1100", "G0439"])
def test_a_procedure_code_has_its_shape(code: str) -> None:
    assert procedures.has_shape(code)


@pytest.mark.parametrize("code", ["", "9921", "99214X", "W1234", "1234Z", "j1100", "D0120"])
def test_what_has_not_the_shape_is_no_procedure_code(code: str) -> None:
    assert not procedures.has_shape(code)


def test_a_service_of_ours_has_words_and_another_has_none() -> None:
    assert procedures.describe("93000") == "electrocardiogram with report"
    assert procedures.describe("12345") is None


def test_units_are_limited_by_the_day() -> None:
    assert procedures.unit_limit("97110") == UnitLimit(max_units=6, is_by_line=False)
    assert procedures.unit_limit("12345") is None


def test_a_pair_holds_from_its_first_day() -> None:
    assert procedures.pair_limit("45380", "45378", _DAY) == PairLimit(may_be_parted=False)
    assert procedures.pair_limit("45385", "45380", _DAY) == PairLimit(may_be_parted=True)
    assert procedures.pair_limit("45385", "45380", dt.date(2002, 3, 31)) is None
    assert procedures.pair_limit("45378", "45380", _DAY) is None


def test_our_code_book_answers_all_that_the_edits_ask() -> None:
    book: CodeBook = OurCodeBook()

    assert book.is_diagnosis_billable("E11.9", _DAY)
    assert book.diagnosis_children("I42.0", dt.date(2026, 10, 1)) != ()
    assert book.diagnosis_flags("W19.XXXA", _DAY) != frozenset()
    assert book.has_procedure_shape("99214")
    assert book.is_modifier_known("25")
    assert book.is_place_known("11")
    assert book.unit_limit("97110") is not None
    assert book.pair_limit("45380", "45378", _DAY) is not None
