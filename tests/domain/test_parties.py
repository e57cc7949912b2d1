"""An NPI is ten digits whose check digit fits."""

import pytest

from domain.parties import is_npi


@pytest.mark.parametrize("text", ["1234567893", "1999999984", "1003000126"])
def test_a_right_npi_is_one(text: str) -> None:
    assert is_npi(text)


@pytest.mark.parametrize("digit", "012456789")
def test_any_other_last_digit_is_none(digit: str) -> None:
    assert not is_npi(f"123456789{digit}")


@pytest.mark.parametrize("text", ["", "123456789", "12345678933", "12345678 3", "١٢٣٤٥٦٧٨٩٣"])
def test_what_is_not_ten_digits_is_none(text: str) -> None:
    assert not is_npi(text)


def test_two_swapped_neighbours_are_noticed() -> None:
    assert not is_npi("2134567893")
