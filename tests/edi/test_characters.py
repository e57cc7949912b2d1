"""Text becomes what every receiver takes and still means the same, or is refused."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.characters import is_sendable, note, plain, shortened, street, two_lines


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Müller", "MULLER"),
        ("Weiß", "WEISS"),
        ("Ærø Łukasz", "AERO LUKASZ"),
        ("Đặng Þór Özgür", "DANG THOR OZGUR"),
        ("Kaʻahumanu", "KA'AHUMANU"),
        ("O’Neil–Roe", "O'NEIL-ROE"),
        ("  two\t spaces ", "TWO SPACES"),
        ("A*B:C~D^E|F>G", "A B C D E F G"),
        ("ﬁne", "FINE"),
    ],
)
def test_names_become_capitals_that_x12_carries(name: str, written: str) -> None:
    assert plain(name) == written


@pytest.mark.parametrize("name", ["", "  ", "***"])
def test_a_name_of_which_nothing_is_left_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="nothing that can be written"):
        plain(name)


@pytest.mark.parametrize("name", ["\x00", "SM\x00ITH", "SMITH\x1b", "\x85SMITH\x80"])
@pytest.mark.parametrize("write", [plain, note, street])
def test_a_sign_that_nobody_sees_is_refused_and_not_dropped(
    write: Callable[[str], str], name: str
) -> None:
    with pytest.raises(ValueError, match="a control character"):
        write(name)


def test_a_soft_hyphen_parts_no_name() -> None:
    assert plain("Zoe\u00ad Mar\u200bia") == "ZOE MARIA"


@pytest.mark.parametrize("name", ["李娜", "Иван", "SMITH 李", "José Γ"])
def test_a_letter_that_is_not_latin_is_refused_and_not_dropped(name: str) -> None:
    with pytest.raises(ValueError, match="letter that X12 cannot carry"):
        plain(name)


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        ("Seen at 10:30; dose 2*5 mg", "SEEN AT 10.30; DOSE 2 X 5 MG"),
        ("temp ≥38.5°, about ~5½ cm", "TEMP >=38.5 DEG , ABOUT ABOUT 5 1/2 CM"),
        ("50 µg ± 5%", "50 UG +/- 5%"),
        ("Note: given twice", "NOTE - GIVEN TWICE"),
        ("cm² [left] {a} a|b <5 #2 $4 @home", "CM2 [LEFT] {A} A|B <5 #2 $4 @HOME"),
    ],
)
def test_a_note_keeps_what_its_signs_say(sentence: str, written: str) -> None:
    assert note(sentence) == written


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        ("epinephrine 1:100,000", "EPINEPHRINE 1 TO 100,000"),
        ("ANA 1:64, AV 2:1", "ANA 1 TO 64, AV 2 TO 1"),
        ("mix 1 : 2 : 0.5", "MIX 1 TO 2 TO 0.5"),
        ("１：６４", "1 TO 64"),
        ("from 10:30,11:30 to 1:40 pm", "FROM 10.30,11.30 TO 1.40 PM"),
        ("glucose: 90", "GLUCOSE; 90"),
        (
            "WBC 10³/µL, 10^9/L, 10⁻³",
            "WBC 10 TO THE POWER 3 /UL, 10 TO THE POWER 9 /L, 10 TO THE POWER -3",
        ),
        ("wound 2⅝ by 5¹/₂ in", "WOUND 2 5/8 BY 5 1/2 IN"),
        ("38.5ºC, 101 ºF; Ozempic® 1 mg, A~5", "38.5 DEG C, 101 DEG F; OZEMPIC 1 MG, A ABOUT 5"),
        ("≈5 ml, ≠6, 38℃, CO₂", "ABOUT 5 ML, NOT EQUAL TO 6, 38 DEG C, CO2"),
        ("under §4", "UNDER SEC 4"),
    ],
)
def test_a_number_of_a_note_stays_the_number_that_it_was(sentence: str, written: str) -> None:
    assert note(sentence) == written


@pytest.mark.parametrize(
    "sentence",
    ["titre 1:40", "2·5 mg", "38º", "T3⁴5", "5①", "5~6 ml", "≮5", "√2", "5 ★", "until ∞", "5*"],
)
def test_a_sign_that_no_words_surely_tell_is_refused_and_not_dropped(sentence: str) -> None:
    with pytest.raises(ValueError, match=r"words|ratio"):
        note(sentence)


@pytest.mark.parametrize(
    ("name", "written"),
    [("Clinic #4", "CLINIC NO 4"), ("½ Way House", "1/2 WAY HOUSE"), ("Care ★ One", "CARE ONE")],
)
def test_a_name_keeps_what_its_signs_say(name: str, written: str) -> None:
    assert plain(name) == written


@pytest.mark.parametrize("name", ["Kids <5", "5|6", "Team 2*"])
def test_a_sign_beside_a_number_of_a_name_is_refused_and_not_dropped(name: str) -> None:
    with pytest.raises(ValueError, match="write it in words"):
        plain(name)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("12⅝ Elm", "12 5/8 ELM"),
        ("12 Élm St. Apt #4", "12 ELM ST. APT 4"),
        ("#4B", "UNIT 4B"),
        ("5 Hwy 9 # 12", "5 HWY 9 UNIT 12"),
        ("Suite # 7", "SUITE 7"),
        ("1½ Main St", "1 1/2 MAIN ST"),
    ],
)
def test_a_unit_is_told_without_its_number_sign(typed: str, written: str) -> None:
    assert street(typed) == written


def test_a_street_too_long_for_its_line_goes_on_in_the_next_with_its_apartment() -> None:
    typed = "12345 North Martin Luther King Junior Boulevard Building C Apartment #1204"

    lines = two_lines(typed, "c/o Müller", 55)

    assert lines == (
        "12345 NORTH MARTIN LUTHER KING JUNIOR BOULEVARD",
        "BUILDING C APARTMENT 1204 C/O MULLER",
    )


def test_a_street_too_long_for_both_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="two lines of 55"):
        two_lines("WORD " * 12, "WORD " * 12, 55)


def test_an_organization_is_cut_after_a_word() -> None:
    assert shortened("Cedar Hollow Family Medicine", 20) == "CEDAR HOLLOW FAMILY"
    assert shortened("Cedar Hollow Family", 19) == "CEDAR HOLLOW FAMILY"
    assert shortened("C" * 30, 20) == "C" * 20


@pytest.mark.parametrize("write", [plain, note, street])
@given(text=st.text(max_size=40))
def test_whatever_is_written_can_be_sent_and_is_written_alike_again(
    write: Callable[[str], str], text: str
) -> None:
    try:
        written = write(text)
    except ValueError:
        return

    assert is_sendable(written)
    assert write(written) == written


@given(
    first=st.text(alphabet="AB 1#é", min_size=1, max_size=90),
    second=st.text(alphabet="CD 2", max_size=50),
)
def test_no_letter_of_a_street_is_lost_between_its_lines(first: str, second: str) -> None:
    try:
        whole = "".join((street(first) + (street(second) if second else "")).split())
        one, two = two_lines(first, second or None, 55)
    except ValueError:
        return

    assert "".join((one + two).split()) == whole
    assert max(len(one), len(two)) <= 55


@pytest.mark.parametrize("text", ["A*1", "A:1", "A~1", "A^1", "É", "A\n1"])
def test_an_identifier_with_a_separator_cannot_be_sent(text: str) -> None:
    assert not is_sendable(text)
