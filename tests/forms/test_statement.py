"""The statement says what is owed, adds up, and fits the envelope."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from pypdf import PdfReader

from domain.correspondence import PatientStatement, StatementKind
from forms.statement import headline, statement_pdf

TextOf = Callable[[bytes], str]
Placed = Callable[[bytes, int], list[tuple[str, float, float]]]


def test_it_says_what_is_owed_and_by_when(statement: PatientStatement, text_of: TextOf) -> None:
    text = text_of(statement_pdf(statement))

    assert "You owe $142.06 by December 22" in text
    assert "December 22, 2026" in text
    assert "31–60 30.00" in text


def test_each_line_shows_the_amounts_that_make_its_sum(
    statement: PatientStatement, text_of: TextOf
) -> None:
    text = text_of(statement_pdf(statement))

    assert "Office visit 236.00 −84.20 −79.74 −20.00 52.06" in text
    assert "All together 613.00 −249.40 −201.54 −20.00 142.06" in text
    assert "November 3, 2026, check 1204: $20.00" in text


def test_money_the_plan_took_back_is_added_on_the_line(
    statement: PatientStatement, text_of: TextOf
) -> None:
    visit = statement.visits[0]
    taken_back = replace(
        visit.lines[0], charge_cents=0, plan_adjusted_cents=0, plan_paid_cents=-3000
    )
    changed = replace(visit, lines=(taken_back,))

    pdf = statement_pdf(replace(statement, visits=(changed, *statement.visits[1:])))

    assert "Office visit 0.00 0.00 +30.00 0.00 30.00" in text_of(pdf)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (StatementKind.STATEMENT, "You owe $142.06 by December 22"),
        (StatementKind.REMINDER, "Reminder: you owe $142.06 by December 22"),
        (StatementKind.FINAL, "Final notice: you owe $142.06 by December 22"),
    ],
)
def test_the_headline_tells_how_often_we_asked(
    statement: PatientStatement, kind: StatementKind, words: str
) -> None:
    assert headline(replace(statement, kind=kind)) == words


def test_a_plan_asks_for_the_installment_alone(
    statement: PatientStatement, text_of: TextOf
) -> None:
    plan = replace(statement, kind=StatementKind.PLAN, installment_cents=2400)

    text = text_of(statement_pdf(plan))

    assert "Your payment of $24.00 is due by December 22" in text
    assert "after this payment it is $118.06" in text
    assert "Please pay $24.00" in text


def test_a_due_date_in_the_next_year_names_it(statement: PatientStatement) -> None:
    late = replace(statement, due_on=dt.date(2027, 1, 5))

    assert headline(late) == "You owe $142.06 by January 5, 2027"


def test_only_the_addressee_stands_in_the_envelopes_window(
    statement: PatientStatement, placed_in_inches: Placed
) -> None:
    pieces = placed_in_inches(statement_pdf(statement), 0)

    in_window = [text for text, x, y in pieces if x < 5.4 and 2.04 <= y <= 3.17]

    assert in_window == ["Wilma Tarrow", "118 Sample Lane", "Fairmont, ST 00210"]


def test_a_long_statement_keeps_its_coupon_at_the_foot_of_the_first_page(
    statement: PatientStatement, placed_in_inches: Placed
) -> None:
    visits = statement.visits * 8
    total = statement.total_cents * 8
    aging = replace(statement.aging, days_0_30_cents=total - 3000)
    long = replace(statement, visits=visits, total_cents=total, aging=aging)

    pdf = statement_pdf(long)
    pages = [placed_in_inches(pdf, page) for page in range(len(PdfReader(io.BytesIO(pdf)).pages))]

    assert len(pages) == 2
    (scan_line_at,) = [y for text, _, y in pages[0] if text == long.scan_line]
    (cut_at,) = [y for text, _, y in pages[0] if text.startswith("Cut here")]
    assert 11 - 2.9 < cut_at < scan_line_at < 10.75
    assert not [text for text, _, y in pages[0] if cut_at - 0.2 < y < cut_at]
    assert "Page 2 of 2" in [text for text, _, _ in pages[1]]


@pytest.mark.parametrize(
    "name",
    [
        "Zoë Ñandú-Łukasiewicz",
        "#panic() $x$ *bold* _it_",
        '"] #eval("1+1") [',
        "= Heading @ref <label> // gone /* gone */",
        "\\u{41} `raw` ~ --- ...",
    ],
)
def test_a_name_is_text_whatever_it_holds(
    statement: PatientStatement, text_of: TextOf, name: str
) -> None:
    pdf = statement_pdf(replace(statement, addressee=replace(statement.addressee, name=name)))

    assert text_of(pdf).count(name) == 2  # In the window and on the coupon.


def test_the_same_statement_is_the_same_bytes(statement: PatientStatement) -> None:
    assert statement_pdf(statement) == statement_pdf(statement)


def test_it_is_tagged_and_its_title_names_no_person(statement: PatientStatement) -> None:
    reader = PdfReader(io.BytesIO(statement_pdf(statement)))

    assert "'/Marked': True" in str(reader.root_object["/MarkInfo"])
    assert str(reader.root_object["/Lang"]) == "en"
    assert reader.metadata is not None
    assert reader.metadata.title == "Statement S00000031"


def test_it_holds_nothing_like_a_social_security_number(
    statement: PatientStatement, text_of: TextOf
) -> None:
    text = text_of(statement_pdf(statement))

    assert "SSN" not in text
    assert "ocial security" not in text
