"""What the printer puts on the form stands in its box, whole, and the same each time."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from pypdf import PdfReader

from forms.cms1500 import claim_pdf, copy_pdf
from forms.cms1500_claim import Cms1500, FormLine, PageTotals
from forms.cms1500_fields import page_fields
from forms.form_grid import Key
from forms.form_print import PrinterOffset
from forms.form_text import FormTextError

TextOf = Callable[[bytes], str]
Placed = Callable[[bytes, int], list[tuple[str, float, float]]]
ServiceLine = Callable[[int], FormLine]

HALF_A_MILLIMETRE = 0.5 / 25.4

# Measured on the form: text, inches from its left edge, inches from its top to the baseline.
MEASURED = [
    ("GRANITE LIFE", 4.30, 0.617),
    ("GL77120044", 5.20, 1.617),
    ("ONEILL-LUK, ZOE, Q", 0.30, 1.950),
    ("1972", 3.90, 1.950),
    ("ST", 2.80, 2.617),
    ("SIGNATURE ON FILE", 5.80, 5.117),
    ("M1711", 0.50, 6.617),
    ("I10", 1.80, 6.617),
    ("25", 3.50, 7.617),
    ("AB", 4.70, 7.950),
    ("01", 5.80, 7.617),
    ("1234567893", 7.00, 8.283),
    ("C20417V1S1", 2.50, 9.617),
    ("CEDAR HOLLOW MEDICAL GROUP", 5.20, 9.950),
    ("1234567893", 5.30, 10.450),
]


@pytest.mark.parametrize(("text", "x", "y"), MEASURED)
def test_each_item_stands_within_half_a_millimetre_of_its_place(
    claim: Cms1500, placed_in_inches: Placed, text: str, x: float, y: float
) -> None:
    pieces = placed_in_inches(claim_pdf(claim), 0)

    at = [(found_x, found_y) for found, found_x, found_y in pieces if found == text]

    assert any(
        abs(found_x - x) < HALF_A_MILLIMETRE and abs(found_y - y) < HALF_A_MILLIMETRE
        for found_x, found_y in at
    ), at


def test_dollars_end_at_the_rule_and_cents_begin_after_it(
    claim: Cms1500, placed_in_inches: Placed
) -> None:
    pieces = placed_in_inches(claim_pdf(claim), 0)

    # Three digits of six: columns 53 to 55, so that the last one touches the rule at 5.80 in.
    (x,) = [x for text, x, y in pieces if text == "100" and abs(y - 7.617) < HALF_A_MILLIMETRE]
    assert abs(x - 5.50) < HALF_A_MILLIMETRE


def test_eight_lines_take_two_pages_of_six(
    claim: Cms1500, service_line: ServiceLine, text_of: TextOf
) -> None:
    eight = replace(claim, lines=tuple(service_line(number) for number in range(1, 9)))

    pdf = claim_pdf(eight)

    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2
    assert "PAGE 01 OF 02" in text_of(pdf)
    assert Key("24F", 6, "cents") in page_fields(eight, 0)
    assert Key("24F", 3, "cents") not in page_fields(eight, 1)
    assert page_fields(eight, 1)[Key("2", 0, "name")] == "ONEILL-LUK, ZOE, Q"


def test_page_totals_add_up_to_the_claim_either_way(
    claim: Cms1500, service_line: ServiceLine
) -> None:
    eight = replace(claim, lines=tuple(service_line(number) for number in range(1, 9)))
    last_only = replace(eight, page_totals=PageTotals.LAST_PAGE)

    assert _item(eight, 0, "28") == ["600", "21"]
    assert _item(eight, 1, "28") == ["200", "15"]
    assert _item(last_only, 0, "28") == ["CONTINUED"]
    assert _item(last_only, 1, "28") == ["800", "36"]


def test_what_was_paid_stands_once(claim: Cms1500, service_line: ServiceLine) -> None:
    eight = replace(claim, lines=tuple(service_line(number) for number in range(1, 9)))

    assert _item(eight, 0, "29") == []
    assert _item(eight, 1, "29") == ["20", "00"]


def test_a_code_that_does_not_fit_is_refused_not_cut(claim: Cms1500) -> None:
    with pytest.raises(FormTextError, match="item 26: number holds 14 characters, 15"):
        claim_pdf(replace(claim, pcn="C12345678901234"))


def test_an_amount_that_does_not_fit_is_refused_not_cut(claim: Cms1500) -> None:
    dear = replace(claim.lines[0], charge_cents=1_000_000_00)

    with pytest.raises(FormTextError, match="item 24F, service line 1"):
        claim_pdf(replace(claim, lines=(dear,)))


def test_a_long_name_is_cut_at_its_box(claim: Cms1500) -> None:
    patient = replace(claim.patient, last="Featherstonehaugh-Cholmondeley")

    fields = page_fields(replace(claim, patient=patient), 0)

    assert fields[Key("2", 0, "name")] == "FEATHERSTONEHAUGH-CHOLMONDEL"


def test_accents_and_punctuation_are_taken_off(claim: Cms1500) -> None:
    fields = page_fields(claim, 0)

    assert fields[Key("5", 0, "street")] == "118 SAMPLE LANE APT 4"
    assert fields[Key("21", 0, "A")] == "M1711"
    assert fields[Key("25", 0, "number")] == "123456789"


def test_a_name_in_other_letters_is_refused_not_left_out(claim: Cms1500) -> None:
    with pytest.raises(FormTextError, match="letters A to Z"):
        claim_pdf(replace(claim, patient=replace(claim.patient, last="Иванова")))


def test_it_never_claims_a_social_security_number(claim: Cms1500) -> None:
    fields = page_fields(claim, 0)

    assert [key.part for key in fields if key.item == "25"] == ["number", "EIN"]


def test_a_replacement_carries_the_payers_claim_number(claim: Cms1500) -> None:
    replacement = replace(claim, frequency="7", original_reference="GL26-0099341")

    assert _item(replacement, 0, "22") == ["7", "GL26-0099341"]
    with pytest.raises(ValueError, match="item 22"):
        replace(claim, frequency="8")


def test_a_pointer_to_no_diagnosis_is_refused(claim: Cms1500) -> None:
    with pytest.raises(ValueError, match="pointers C name no diagnosis"):
        replace(claim, lines=(replace(claim.lines[0], pointers="AC"),))


def test_a_copy_says_so_and_stock_bears_data_alone(claim: Cms1500, text_of: TextOf) -> None:
    copy, stock = text_of(copy_pdf(claim)), text_of(claim_pdf(claim))

    assert "COPY - not for scanning" in copy
    assert "insured ID" in copy
    assert "COPY" not in stock
    assert "insured" not in stock


def test_a_printers_offset_moves_every_character(claim: Cms1500, placed_in_inches: Placed) -> None:
    plain = placed_in_inches(claim_pdf(claim), 0)
    moved = placed_in_inches(claim_pdf(claim, offset=PrinterOffset(right=5, down=-3)), 0)

    for (text, x, y), (moved_text, moved_x, moved_y) in zip(plain, moved, strict=True):
        assert moved_text == text
        assert moved_x - x == pytest.approx(0.05, abs=0.001)
        assert moved_y - y == pytest.approx(-0.03, abs=0.001)


def test_the_same_claim_is_the_same_bytes(claim: Cms1500) -> None:
    assert claim_pdf(claim) == claim_pdf(claim)
    assert copy_pdf(claim) == copy_pdf(claim)


def _item(claim: Cms1500, page: int, item: str) -> list[str]:
    return [text for key, text in page_fields(claim, page).items() if key.item == item]
