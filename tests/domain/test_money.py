"""Money is exact: what is read is written again, and what is not an amount is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import cents_of, dollars, x12_amount


@pytest.mark.parametrize(
    ("text", "cents"),
    [("150", 15000), (".5", 50), ("-12.34", -1234), ("0", 0), ("-.05", -5), ("7.", 700), ("00", 0)],
)
def test_an_x12_decimal_is_read_to_the_cent(text: str, cents: int) -> None:
    assert cents_of(text) == cents


@pytest.mark.parametrize(
    "text", ["", "-", ".", "1.234", "1,000", "+5", " 5", "1e3", "12\n", "٣", "NaN", "9" * 17]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"amount|decimals|money"):
        cents_of(text)


@pytest.mark.parametrize(
    ("cents", "text"), [(15000, "150"), (50, ".5"), (-1234, "-12.34"), (0, "0"), (-5, "-.05")]
)
def test_an_amount_is_written_as_short_as_x12_wants(cents: int, text: str) -> None:
    assert x12_amount(cents) == text


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_what_is_written_reads_back(cents: int) -> None:
    assert cents_of(x12_amount(cents)) == cents


@pytest.mark.parametrize(("cents", "text"), [(123450, "$1,234.50"), (-5, "−$0.05"), (0, "$0.00")])
def test_a_person_reads_dollars(cents: int, text: str) -> None:
    assert dollars(cents) == text
