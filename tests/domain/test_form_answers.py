"""The answers of a form of need: read as they are typed, and written back the same."""

import datetime as dt
from decimal import Decimal

import pytest

from domain import form_answers
from domain.claim_details import FormAnswer

ROWS = {
    "4 yes": FormAnswer(question="4", yes=True),
    "5A no": FormAnswer(question="5A", yes=False),
    "1B 87.5%": FormAnswer(question="1B", percent=Decimal("87.5")),
    "1C 2026-03-01": FormAnswer(question="1C", on=dt.date(2026, 3, 1)),
    "1A left lung": FormAnswer(question="1A", words="left lung"),
    "1D 56": FormAnswer(question="1D", words="56"),
}


@pytest.mark.parametrize(("row", "answer"), ROWS.items())
def test_a_row_is_an_answer_and_is_written_back_as_it_was(row: str, answer: FormAnswer) -> None:
    assert form_answers.read([f"  {row} ", ""]) == (answer,)
    assert form_answers.written(answer) == row


@pytest.mark.parametrize("row", ["4", "4.1 yes", "1C 2026-02-30", "1A " + "x" * 51, "? yes"])
def test_a_row_that_answers_nothing_is_quoted(row: str) -> None:
    with pytest.raises(form_answers.BadAnswer, match="“"):
        form_answers.read([row])
