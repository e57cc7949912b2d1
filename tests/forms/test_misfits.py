"""Each box of both forms, filled one character beyond its room: words are cut and told, a code or
an amount refuses the print. What may be cut is written here by hand, apart from the product's list.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from domain.claim_details import Drug, DrugUnit
from domain.institutional import StayDiagnosis, TypedNote
from forms import (
    cms1500_filling,
    cms1500_grid,
    cms1500_text,
    paper,
    ub04_filling,
    ub04_grid,
    ub04_text,
)
from forms.cms1500_claim import Cms1500, PageTotals
from forms.form_grid import Key
from forms.form_text import Fit, FormTextError
from forms.ub04_claim import Ub04
from tests.forms import full_claims

SIGNED_ON = dt.date(2026, 9, 1)

CMS_CUT = {
    "carrier name", "carrier line 1", "carrier line 2", "carrier city",
    "2 name", "4 name", "5 street", "5 city", "7 street", "7 city", "9 name", "9d plan",
    "11c plan", "12 signature", "13 signature", "17 name", "19 words", "24 supplemental",
    "31 signature", "32 name", "32 street", "32 city", "33 name", "33 street", "33 city",
}  # fmt: skip
UB_CUT = {
    "1 name", "1 street", "1 city", "2 name", "2 street", "2 city", "8b name", "9a street",
    "9b city", "38 line 1", "38 line 2", "38 line 3", "38 line 4", "38 line 5", "43 words",
    "50A name", "50B name", "50C name", "58A name", "58B name", "58C name",
    "61A group", "61B group", "61C group", "65A employer", "65B employer", "65C employer",
    "76 last", "76 first", "77 last", "77 first", "78 last", "78 first", "79 last", "79 first",
    "80 line 1", "80 line 2", "80 line 3", "80 line 4",
}  # fmt: skip
ROOM_OF_19 = 71

Positions = list[tuple[Key, int]]
CMS: Positions = [
    (key, ROOM_OF_19 if key.item == "19" else position.length)
    for key, position in cms1500_grid.positions().items()
]
UB: Positions = [(key, position.length) for key, position in ub04_grid.positions().items()]


def _name(key: Key) -> str:
    return f"{key.item} {key.part}"


def _check(fit_at: Callable[[Key, str], Fit], key: Key, room: int, *, may_be_cut: bool) -> None:
    whole, long = "A" * room, "A" * room + "B"

    fits, lost = fit_at(key, whole), fit_at(key, long)

    assert (fits.printed, fits.misfit) == (whole, None)
    assert lost.misfit is not None
    assert (lost.misfit.is_refused, lost.misfit.written) == (not may_be_cut, long)
    assert lost.misfit.fits == lost.printed == (whole if may_be_cut else "")
    assert f"holds {room} characters, {room + 1} are given" in lost.misfit.words
    where = "address on top" if key.item == "carrier" else f" {key.item}"
    assert where in lost.misfit.where
    assert long not in lost.misfit.words


@pytest.mark.parametrize(("key", "room"), CMS, ids=[f"{_name(key)} {key.row}" for key, _ in CMS])
def test_a_box_of_a_cms1500_filled_beyond_its_room(key: Key, room: int) -> None:
    _check(cms1500_text.fit_at, key, room, may_be_cut=_name(key) in CMS_CUT)


@pytest.mark.parametrize(("key", "room"), UB, ids=[f"{_name(key)} {key.row}" for key, _ in UB])
def test_a_box_of_a_ub04_filled_beyond_its_room(key: Key, room: int) -> None:
    _check(ub04_text.fit_at, key, room, may_be_cut=_name(key) in UB_CUT)


def test_both_lists_name_boxes_that_exist() -> None:
    assert {_name(key) for key, _ in CMS} >= CMS_CUT
    assert {_name(key) for key, _ in UB} >= UB_CUT


def _cms(**changes: object) -> Cms1500:
    claim = replace(full_claims.professional(), **changes)  # type: ignore[arg-type]
    return cms1500_filling.form_of(
        claim, payer=full_claims.PAYER, page_totals=PageTotals.LAST_PAGE, signed_on=SIGNED_ON
    )


def _ub(**changes: object) -> Ub04:
    claim = replace(full_claims.institutional(), **changes)  # type: ignore[arg-type]
    return ub04_filling.form_of(claim, payer=full_claims.PAYER, created_on=SIGNED_ON)


def test_a_note_is_cut_between_words_and_what_fits_is_told() -> None:
    note = "Patient was seen twice on the same day because the first dressing came loose at home"

    (lost,) = [each for each in paper.misfits(_cms(note=note)) if "item 19" in each.where]

    assert lost.written == note
    assert lost.fits == "PATIENT WAS SEEN TWICE ON THE SAME DAY BECAUSE THE FIRST DRESSING CAME"
    assert not lost.is_refused


def test_a_citys_end_is_cut_and_told_and_the_zip_stays() -> None:
    payer = replace(full_claims.PAYER, city="Saint Bartholomew under the Great Hill of Fairmont")
    form = replace(_cms(), payer=payer)

    (lost,) = [each for each in paper.misfits(form) if "on top" in each.where]

    assert lost.written == "Saint Bartholomew under the Great Hill of Fairmont ST 00210"
    assert lost.fits == "SAINT BARTHOLOMEW UNDER THE GR ST 00210"


def test_the_window_of_a_ub04_keeps_its_zip() -> None:
    payer = replace(full_claims.PAYER, city="Saint Bartholomew under the Great Hill of Fairmont")
    form = ub04_filling.form_of(full_claims.institutional(), payer=payer, created_on=SIGNED_ON)

    (lost,) = [each for each in paper.misfits(form) if "locator 38" in each.where]

    assert lost.fits == "SAINT BARTHOLOMEW UNDER THE GRE ST 00210"


def test_a_drugs_narrative_is_cut_and_its_number_never() -> None:
    drug = Drug(ndc="59148001665", unit=DrugUnit.UNIT, quantity=Decimal("1.5"))
    line = replace(full_claims.professional().lines[0], drug=drug, note="thawed " * 10)

    (lost,) = [each for each in paper.misfits(_cms(lines=(line,))) if "item 24," in each.where]

    assert not lost.is_refused
    assert lost.fits.startswith("N459148001665 UN1.5   ZZ")
    assert lost.fits.endswith("THAWED")


def test_a_drugs_number_that_does_not_fit_where_words_stand_is_refused() -> None:
    drug = Drug(ndc="59148001665", unit=DrugUnit.UNIT, quantity=Decimal("1234567.123"))
    form = _ub(lines=(replace(full_claims.institutional().lines[0], drug=drug),))

    (lost,) = [each for each in paper.misfits(form) if each.is_refused]

    assert lost.where == "locator 43, line 1: words"
    with pytest.raises(FormTextError, match="locator 43, line 1: words holds 24"):
        paper.claim_pdf(form)


def test_more_remarks_than_four_lines_are_told() -> None:
    notes = (TypedNote(about="ADD", words=" ".join(f"word{n:02}" for n in range(30))),)

    (lost,) = [each for each in paper.misfits(_ub(notes=notes, note=None)) if "80" in each.where]

    assert lost.written.endswith("word29")
    assert lost.fits.startswith("WORD00 WORD01")
    assert "WORD29" not in lost.fits


def test_codes_that_are_only_counted_are_told() -> None:
    claim = full_claims.institutional()
    many = tuple(StayDiagnosis(code=f"I1{n:02}") for n in range(19))
    causes = tuple(StayDiagnosis(code=f"W1{n}") for n in range(4))
    told = replace(claim, other_diagnoses=many, external_causes=causes)

    lost, cause = ub04_filling.left_out(told)

    assert lost.words.startswith("locator 67: other diagnoses holds 17, 19 are given")
    assert lost.written.endswith("I117, I118")
    assert lost.fits.endswith("I116")
    assert cause.words.startswith("locator 72: external causes holds 3, 4 are given")
    assert (cause.written, cause.fits) == ("W10, W11, W12, W13", "W10, W11, W12")


def test_a_line_on_a_later_page_says_its_page() -> None:
    line = full_claims.professional().lines[0]
    dear = replace(line, charge_cents=1_000_000_00)
    form = _cms(lines=(*(line,) * 6, dear))

    found = paper.misfits(form)

    assert found[0].where == "page 2, item 24F, service line 1: dollars"
    assert found[0].is_refused


def test_a_text_that_stands_on_every_page_is_told_once() -> None:
    line = full_claims.professional().lines[0]
    note = "so many words that they do not fit " * 4

    found = paper.misfits(_cms(lines=(line,) * 13, note=note))

    assert sum("item 19" in each.where for each in found) == 1
