"""Dates and cents read the same on every paper."""

import datetime as dt

import pytest

from domain.money import amount, dollars
from forms.words import by_words, in_words


@pytest.mark.parametrize(
    ("cents", "words"),
    [(0, "0.00"), (5, "0.05"), (114000, "1,140.00"), (-8420, "−84.20"), (-5, "−0.05")],
)
def test_amounts_have_two_places_commas_and_a_true_minus(cents: int, words: str) -> None:
    assert amount(cents) == words


def test_dollars_put_the_sign_before_the_currency() -> None:
    assert dollars(14206) == "$142.06"
    assert dollars(-14206) == "−$142.06"


def test_a_day_is_written_out() -> None:
    assert in_words(dt.date(2026, 2, 3)) == "February 3, 2026"


@pytest.mark.parametrize(
    ("day", "words"),
    [(dt.date(2026, 12, 22), "December 22"), (dt.date(2027, 1, 5), "January 5, 2027")],
)
def test_a_year_is_named_only_when_it_is_another(day: dt.date, words: str) -> None:
    assert by_words(day, seen_on=dt.date(2026, 12, 1)) == words
