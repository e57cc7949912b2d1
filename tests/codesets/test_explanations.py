"""Codes of others are told in our words, and an unknown one is shown, never refused."""

import re

import pytest

from codesets import carc, claim_status, explanations, modifiers, places, rarc

_WORKED = [
    "4",
    "11",
    "16",
    "18",
    "22",
    "23",
    "27",
    "29",
    "31",
    "45",
    "50",
    "97",
    "197",
    "204",
    "252",
    "253",
]
_REMARKS = [
    "M15",
    "M62",
    "MA04",
    "MA130",
    "N30",
    "N115",
    "N130",
    "N211",
    "N290",
    "N382",
    "N519",
    "N522",
    "N657",
    "N706",
]


@pytest.mark.parametrize("code", _WORKED)
def test_every_reason_that_the_demo_meets_is_explained(code: str) -> None:
    explanation = carc.explain(code)

    assert explanation.is_known
    assert explanation.words.endswith(".")
    assert explanation.cure.endswith(".")


@pytest.mark.parametrize("code", _REMARKS)
def test_every_remark_that_the_demo_meets_is_explained(code: str) -> None:
    assert rarc.explain(code).is_known


@pytest.mark.parametrize("code", ["A1", "A2", "A3", "A6", "A7", "A8", "F1", "F2", "P1", "R4"])
def test_common_status_categories_are_explained(code: str) -> None:
    assert claim_status.explain_category(code).is_known


def test_a_code_is_shown_bare_whatever_table_it_is_of() -> None:
    assert claim_status.explain_category("A2").code == "A2"
    assert claim_status.explain_category("Z9").code == "Z9"


def test_an_unknown_code_is_kept_and_shown() -> None:
    explanation = carc.explain("Z999")

    assert not explanation.is_known
    assert explanation.code == "Z999"
    assert "Z999" in explanation.words


@pytest.mark.parametrize("table", ["carc", "rarc", "status", "places", "modifiers"])
def test_each_table_has_words_for_each_code(table: str) -> None:
    names = explanations.names(table)

    assert len(names) > 40
    assert all(words and not re.search(r"\s{2}|\t", words) for words in names.values())


def test_places_and_modifiers_are_told_in_words() -> None:
    assert places.describe("11") == "Office"
    assert places.describe("98") == "Place 98"
    assert not places.is_known("98")
    assert modifiers.describe("25") == "Separate visit on the day of a procedure"
    assert not modifiers.is_known("ZZ")
    assert "23" in places.choices()
    assert "59" in modifiers.choices()
