"""Names become what every receiver takes, or are refused; identifiers are never altered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.characters import is_sendable, plain


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Müller", "MULLER"),
        ("Weiß", "WEISS"),
        ("Ærø Łukasz", "AERO LUKASZ"),
        ("O’Neil–Roe", "O'NEIL-ROE"),
        ("  two\t spaces ", "TWO SPACES"),
        ("A*B:C~D^E|F>G", "A B C D E F G"),
        ("ﬁne", "FINE"),
    ],
)
def test_names_become_capitals_that_x12_carries(name: str, written: str) -> None:
    assert plain(name, 60) == written


def test_a_name_is_cut_to_its_length_without_a_blank_at_its_end() -> None:
    assert plain("ANNA MARIA", 5) == "ANNA"


@pytest.mark.parametrize("name", ["", "  ", "李娜", "***", "\x00"])
def test_a_name_of_which_nothing_is_left_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="Latin"):
        plain(name, 60)


@given(st.text(max_size=40))
def test_whatever_is_written_can_be_sent(text: str) -> None:
    try:
        written = plain(text, 35)
    except ValueError:
        return

    assert is_sendable(written)
    assert len(written) <= 35
    assert plain(written, 35) == written


@pytest.mark.parametrize("text", ["A*1", "A:1", "A~1", "A^1", "É", "A\n1"])
def test_an_identifier_with_a_separator_cannot_be_sent(text: str) -> None:
    assert not is_sendable(text)
