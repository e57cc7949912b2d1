"""A code is billable on a date or it is not, as the national table says."""

import datetime as dt

import pytest

from codesets import icd10cm

_DAY = dt.date(2026, 2, 3)


@pytest.mark.parametrize("code", ["E11.9", "e119", "J06.9", "I10", "Z00.00", "S93.409A"])
def test_a_valid_code_is_billable_with_or_without_its_dot(code: str) -> None:
    assert icd10cm.is_billable(code, _DAY)


@pytest.mark.parametrize("code", ["", "E1", "E11", "Z00", "X99.99X9X", "é11.9", "E11.99"])
def test_what_is_no_full_code_is_not_billable(code: str) -> None:
    assert not icd10cm.is_billable(code, _DAY)


def test_a_code_that_ended_is_billable_to_its_last_day_and_no_further() -> None:
    assert icd10cm.is_billable("I42.0", dt.date(2026, 9, 30))
    assert not icd10cm.is_billable("I42.0", dt.date(2026, 10, 1))
    assert icd10cm.children("I42.0", dt.date(2026, 10, 15)) == ("I42.00", "I42.01", "I42.09")


def test_a_code_that_is_new_is_not_billable_before_its_first_day() -> None:
    assert not icd10cm.is_billable("I42.01", dt.date(2026, 9, 30))


def test_no_code_is_billable_before_the_system_began() -> None:
    assert not icd10cm.is_billable("I10", dt.date(2015, 9, 30))
    assert icd10cm.is_billable("I10", dt.date(2015, 10, 1))


def test_a_code_in_force_stays_so_after_the_tables_own_last_day() -> None:
    assert icd10cm.is_billable("I10", dt.date(2027, 6, 1))


def test_a_header_lists_its_billable_children_and_is_not_one() -> None:
    children = icd10cm.children("Z00", _DAY)

    assert not icd10cm.is_billable("Z00", _DAY)
    assert "Z00.00" in children
    assert "Z00" not in children
    assert all(icd10cm.is_billable(child, _DAY) for child in children)


def test_a_code_of_nothing_has_no_children() -> None:
    assert not icd10cm.children("Z99.99", _DAY)
    assert icd10cm.children("E", _DAY) == ()


def test_the_editors_flags_are_read() -> None:
    assert "ecodepdx" in icd10cm.flags("W19.XXXA", _DAY)
    assert icd10cm.flags("M54.50", _DAY) == frozenset()
    assert icd10cm.flags("nonsense", _DAY) == frozenset()


def test_the_table_holds_every_dated_code() -> None:
    assert len(icd10cm.table()) == 85_122
