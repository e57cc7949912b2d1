"""Names lead to codes, and the default of the book is preferred to a guess."""

from pathlib import Path

import pytest

from codesets import diagnoses, terms


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_the_file_of_words_is_made_where_there_is_none(empty_cache: Path) -> None:
    path = terms.words_file()

    assert path.is_relative_to(empty_cache)
    assert path.stat().st_size > 1_000_000
    assert [left.name for left in path.parent.iterdir()] == [path.name]


def test_a_code_has_its_official_name() -> None:
    assert terms.describe("E11.9") == "Type 2 diabetes mellitus without complications"
    assert terms.describe("E11.99") is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Essential hypertension", "I10"),
        ("Asthma", "J45.909"),
        ("Chronic kidney disease", "N18.9"),
        ("Hyperlipidemia, unspecified", "E78.5"),
        ("Type 2 diabetes mellitus", "E11"),
    ],
)
def test_a_name_leads_to_the_code_of_that_name(words: str, code: str) -> None:
    assert terms.find_exact(words) == code


def test_an_unknown_name_leads_nowhere() -> None:
    assert terms.find_exact("a wooden leg named Smith") is None
    assert terms.find_near("to of a") == ()


def test_words_of_a_query_cannot_break_the_search() -> None:
    assert terms.find_near('"quoted" AND (knee* OR -pain) NEAR') != ()


def test_a_page_shows_our_words_first_then_the_official_name() -> None:
    assert diagnoses.describe("I10") == "essential hypertension"
    assert diagnoses.describe("N189") == "Chronic kidney disease, unspecified"
    assert diagnoses.describe("I42.01") == "description not loaded"
