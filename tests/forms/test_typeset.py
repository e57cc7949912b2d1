"""Text that cannot be set is refused in words; text that merely carries dirt is cleaned."""

import datetime as dt
import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from domain.correspondence import AppealLetter
from forms.appeal import letter_pdf
from forms.typeset import UnprintableTextError


def test_a_character_outside_our_fonts_is_refused_in_words(letter: AppealLetter) -> None:
    with pytest.raises(UnprintableTextError, match="cannot show '王'"):
        letter_pdf(replace(letter, patient_name="王小明"))


@pytest.mark.parametrize("name", ["Nguyễn Thị Ánh", "Ελένη", "Иван", "Łukasz"])
def test_names_in_other_letters_are_printed(letter: AppealLetter, name: str) -> None:
    pdf = letter_pdf(replace(letter, patient_name=name))

    assert name in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_control_characters_of_pasted_text_are_dropped(letter: AppealLetter) -> None:
    pdf = letter_pdf(replace(letter, argument="In\x00 force\x07 \u200bthen.\ufeff"))

    assert "In force then." in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_the_document_is_dated_as_the_letter_is(letter: AppealLetter) -> None:
    metadata = PdfReader(io.BytesIO(letter_pdf(letter))).metadata

    assert metadata is not None
    assert metadata.creation_date is not None
    assert metadata.creation_date.date() == dt.date(2026, 11, 23)
