"""How values look: money, dates, deadlines."""

import datetime as dt

import pytest
from werkzeug.datastructures import MultiDict

from domain.parties import last4
from domain.questions import FactSection, Question
from edi.excerpt import excerpt
from tests.web.site import Site
from web import charts, evidence, presenters
from web.answer_form import as_answer

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("cents", "expected"),
    [(123_450, "1,234.50"), (-5, "−0.05"), (0, "0.00"), (None, "")],
)
def test_money_has_two_decimals_and_a_true_minus(cents: int | None, expected: str) -> None:
    assert presenters.money(cents) == expected


@pytest.mark.parametrize(
    ("cents", "expected"),
    [(94_000, "$940"), (1_824_000, "$18.2k"), (-90_000, "−$900"), (130_000_000, "$1.3m")],
)
def test_the_rail_has_room_for_little(cents: int, expected: str) -> None:
    assert presenters.short_dollars(cents) == expected


@pytest.mark.parametrize(
    ("days", "kind", "words"),
    [
        (-2, "late", "2 days late"),
        (-1, "late", "1 day late"),
        (0, "late", "today"),
        (1, "soon", "tomorrow"),
        (7, "soon", "7 days"),
        (8, "calm", "8 days"),
    ],
)
def test_one_rule_for_every_deadline(days: int, kind: str, words: str) -> None:
    due = presenters.due(TODAY + dt.timedelta(days=days), TODAY)

    assert (due.kind, due.words) == (kind, words)


def test_the_year_is_said_only_where_it_is_another() -> None:
    assert presenters.day(dt.date(2026, 11, 29), TODAY) == "Nov 29"
    assert presenters.day(dt.date(2027, 1, 7), TODAY) == "Jan 7, 2027"


def test_a_number_that_is_masked_shows_its_last_four() -> None:
    assert presenters.masked("ACM0004417") == "······4417"
    assert last4("MRN4417") == "··4417"


def test_marks_of_a_note_never_overlap_and_lead_from_the_code_to_the_words() -> None:
    spans = ((0, 8, "E11.9"), (4, 8, "E11.65"), (9, 12, "I10"), (90, 99, "X"))
    question = Question(
        lead="",
        sections=(FactSection(title="Note", text="diabetes and", evidence=spans),),
        fields=(),
        submit="Save",
    )

    found = evidence.of(question)

    assert "".join(piece.text for piece in found.pieces["Note"]) == "diabetes and"
    assert found.numbers == {"E11.9": (1,), "E11.65": (1,), "I10": (2,)}


def test_rows_of_a_form_become_one_field_each() -> None:
    form = MultiDict(
        [
            ("accept:dx:E11.9", "yes"), ("accept:dx:I10", "no"), ("dx", "J06.9"),
            ("px.code", "99214"), ("px.code", ""), ("px.modifiers", "25"), ("px.modifiers", ""),
            ("px.units", "1"), ("px.units", "3"), ("px.pointers", "1"), ("px.pointers", ""),
        ]
    )  # fmt: skip

    assert as_answer(form) == {"dx": ["E11.9", "J06.9"], "px": ["99214 | 25 | 1 | 1"]}


def test_an_excerpt_shows_the_segments_of_one_claim_only() -> None:
    isa = "ISA*00*          *00*          *ZZ*A              *ZZ*B              "
    isa += "*260105*0900*^*00501*000000001*0*T*:~"
    body = "ST*835*1~CLP*ONE*1*9*9~CAS*CO*45*1~CLP*TWO*1*8*8~SVC*HC:99213*8*8~SE*5*1~"

    found = excerpt((isa + body).encode(), {"TWO"})

    assert found == [(5, "CLP*TWO*1*8*8"), (6, "SVC*HC:99213*8*8")]
    assert excerpt(b"not X12", {"TWO"}) == []


def test_bars_share_one_scale() -> None:
    low, high = charts.stacked([("a", 50, 0), ("b", 100, 100)])

    assert (low.height, high.height + high.upper_height) == (38, 150)
    assert charts.lines([[0, 10], [5, 5]]) == ["0.0,150 400.0,0", "0.0,75 400.0,75"]
    assert charts.stacked([]) == []


def test_dates_in_sentences_are_written_as_everywhere(site: Site) -> None:
    year = site.now.today.year
    words = f"Filed by {year}-05-07 or {year + 1}-05-17; claim 2026-99-99 and 99214-25 stay."

    with site.app.test_request_context():
        shown = presenters.dated(words)

    assert shown == f"Filed by May 7 or May 17, {year + 1}; claim 2026-99-99 and 99214-25 stay."


def test_a_person_is_awaited_with_an_article() -> None:
    assert presenters.awaited("biller: Acme refused", "task") == "the biller: Acme refused"
    assert presenters.awaited("the remittance", "message") == "the remittance"
