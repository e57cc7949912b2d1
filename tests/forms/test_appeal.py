"""The letter asks one payer for one sum, names the claim, and is safe with any text."""

import datetime as dt
import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from pypdf import PdfReader

from domain.correspondence import AppealLetter, LetterKind
from forms.appeal import letter_pdf

TextOf = Callable[[bytes], str]


def test_it_asks_for_the_sum_of_what_was_denied(letter: AppealLetter, text_of: TextOf) -> None:
    text = text_of(letter_pdf(letter))

    assert "First-level appeal" in text
    assert "We ask you to pay the $1,238.40 that you denied" in text
    assert "Together 1,305.00 1,238.40" in text
    assert "CO-197, M62: no approval before the service" in text


def test_it_names_the_claim_and_the_day_an_answer_is_due(
    letter: AppealLetter, text_of: TextOf
) -> None:
    text = text_of(letter_pdf(letter))

    for words in ("GL26-0099341", "C20417V1S1", "GL77120044", "August 24, 2026", "M00000012"):
        assert words in text
    assert "Please answer in writing by January 22, 2027" in text
    assert "Radiology report" in text
    assert "Ana Ruiz, billing" in text


@pytest.mark.parametrize(
    ("kind", "subject", "request_words"),
    [
        (LetterKind.APPEAL, "First-level appeal", "that you denied"),
        (LetterKind.RECORDS, "Records you asked for", "are enclosed"),
        (LetterKind.DISPUTE, "Payment below our contract", "is $1,238.40 below our contract"),
    ],
)
def test_each_kind_asks_in_its_own_words(
    letter: AppealLetter, text_of: TextOf, kind: LetterKind, subject: str, request_words: str
) -> None:
    text = text_of(letter_pdf(replace(letter, kind=kind)))

    assert subject in text
    assert request_words in text


def test_a_higher_level_is_said(letter: AppealLetter, text_of: TextOf) -> None:
    assert "Second-level appeal" in text_of(letter_pdf(replace(letter, level=2)))
    assert "Appeal of level 4" in text_of(letter_pdf(replace(letter, level=4)))


@pytest.mark.parametrize("field", ["patient_name", "argument", "signed_by"])
def test_text_of_people_is_never_markup(letter: AppealLetter, text_of: TextOf, field: str) -> None:
    hostile = '#read("appeal.typ") $5 *a* _b_ "] #panic() [ Ñ'

    pdf = letter_pdf(replace(letter, **{field: hostile}))  # type: ignore[arg-type]

    assert hostile in text_of(pdf)


def test_paragraphs_of_the_argument_stay_apart(letter: AppealLetter) -> None:
    page = PdfReader(io.BytesIO(letter_pdf(letter))).pages[0].extract_text()

    lines = [line.strip() for line in page.splitlines()]

    assert "You approved it on August 17." in lines
    assert "It was in force on the day of service." in lines


def test_a_long_argument_goes_over_to_numbered_pages(letter: AppealLetter, text_of: TextOf) -> None:
    long = replace(letter, argument="\n\n".join(["The approval was in force. " * 12] * 14))

    text = text_of(letter_pdf(long))

    assert "Page 1 of 2" in text
    assert "Page 2 of 2" in text


def test_the_same_letter_is_the_same_bytes_and_another_day_is_not(letter: AppealLetter) -> None:
    later = replace(letter, sent_on=dt.date(2026, 11, 24))

    assert letter_pdf(letter) == letter_pdf(letter)
    assert letter_pdf(letter) != letter_pdf(later)


def test_it_is_tagged_and_its_title_names_no_person(letter: AppealLetter) -> None:
    reader = PdfReader(io.BytesIO(letter_pdf(letter)))

    assert "'/Marked': True" in str(reader.root_object["/MarkInfo"])
    assert reader.metadata is not None
    assert reader.metadata.title == "First-level appeal, M00000012"


def test_it_holds_nothing_shaped_like_a_social_security_number(
    letter: AppealLetter, text_of: TextOf
) -> None:
    assert not re.search(r"\b\d{3}-\d{2}-\d{4}\b", text_of(letter_pdf(letter)))


def test_a_letter_without_lines_or_argument_is_refused(letter: AppealLetter) -> None:
    with pytest.raises(ValueError, match="no charge line"):
        replace(letter, lines=())
    with pytest.raises(ValueError, match="no argument"):
        replace(letter, argument="  \n ")
