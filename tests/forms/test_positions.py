"""Every box of both forms, read back from the PDF: each text stands at its place, and within it."""

import csv
import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from domain.claims import ClaimLine
from domain.institutional import RevenueLine
from forms import cms1500, cms1500_fields, cms1500_filling, ub04, ub04_fields, ub04_filling
from forms.cms1500_claim import (
    Cms1500,
    CoverageBox,
    PageTotals,
    Relationship,
)
from forms.form_grid import Key
from forms.form_print import PrinterOffset
from forms.ub04_claim import FormDoctor, Ub04
from tests.forms import full_claims

Placed = Callable[[bytes, int], list[tuple[str, float, float]]]

HALF_A_MILLIMETRE = 0.5 / 25.4
FORMS = Path(cms1500.__file__).parent
SHARED = (
    Path(os.environ.get("CLAIMFLOW_TESTDATA", FORMS.parent.parent / "shared/testdata")) / "forms"
)
SIGNED_ON = dt.date(2026, 9, 1)


@dataclass(frozen=True)
class Place:
    """A row of a table, in inches by the formula that was fitted to the printed form."""

    x: float
    y: float
    length: int
    is_right_justified: bool


def _table(name: str, first_column: float, first_line: float) -> Mapping[Key, Place]:
    """Column 1 and line 1 in inches from the upper left corner of the paper."""
    with (FORMS / name).open(encoding="utf-8", newline="") as table:
        return {
            Key(row["item"], int(row["row"]), row["part"]): Place(
                x=first_column + (int(row["column"]) - 1) / 10,
                y=first_line + (int(row["line"]) - 1) / 6,
                length=int(row["length"]),
                is_right_justified=row["justify"] == "R",
            )
            for row in csv.DictReader(table, delimiter="\t")
        }


CMS = _table("cms1500-positions.tsv", 0.30, 0.45)
UB = _table("ub04-positions.tsv", 0.18, 1 / 3 - 0.04)


def _cms() -> Cms1500:
    filled = cms1500_filling.form_of(
        full_claims.professional(),
        payer=replace(full_claims.PAYER, street_2="Floor 4"),
        page_totals=PageTotals.LAST_PAGE,
        signed_on=SIGNED_ON,
    )
    assert filled.referring is not None
    return replace(
        filled,
        patient=replace(filled.patient, phone="5555550141"),
        insured=replace(filled.insured, phone="5555550142"),
        patient_signed_on=SIGNED_ON,
        referring=replace(filled.referring, other_qualifier="G2", other_id="REF77120044"),
        facility_other_id="G2FAC771",
    )


def _cms_forms() -> Iterator[Cms1500]:
    """One form for each answer that excludes another: the boxes to be crossed."""
    full = _cms()
    yield full
    seven = (*full.lines, full.lines[0])
    yield replace(full, lines=seven)
    for coverage in CoverageBox:
        yield replace(full, coverage=coverage)
    for relationship in Relationship:
        yield replace(full, relationship=relationship)
    yield replace(
        full,
        patient=replace(full.patient, sex="M"),
        insured=replace(full.insured, sex="F"),
        from_employment=False,
        from_auto_accident=False,
        from_other_accident=True,
        other_insurance=None,
        outside_lab_cents=None,
        accepts_assignment=False,
    )


def _ub() -> Ub04:
    filled = ub04_filling.form_of(
        full_claims.institutional(), payer=full_claims.PAYER, created_on=SIGNED_ON
    )
    a, b, c = (payer for payer in filled.payers if payer)
    more = {"due_cents": 12345, "group_name": "Mill", "employer": "Mill & Co"}
    return replace(
        filled,
        pay_to_id="PT1",
        tax_sub_id="AB",
        patient=replace(filled.patient, own_id="OWN1", country="CAN"),
        addressee=("One", "Two", "Three", "Four", "Five"),
        values=tuple(replace(value, is_count=False) for value in filled.values),
        lines=tuple(
            replace(line, noncovered_cents=100, service_on=SIGNED_ON) for line in filled.lines
        ),
        payers=tuple(
            replace(payer, paid_cents=100, other_provider_id=f"P{n}", **more)  # type: ignore[arg-type]
            for n, payer in enumerate((a, b, c))
        ),
        attending=_with_second_id(filled.attending),
        operating=_with_second_id(filled.operating),
        other_doctors=tuple(
            found for doctor in filled.other_doctors if (found := _with_second_id(doctor))
        ),
        remarks="A remark that is long enough for all four of its lines, which are narrow ones",
        codes=tuple(replace(code, value=code.value or "V1") for code in filled.codes),
    )


def _with_second_id(doctor: FormDoctor | None) -> FormDoctor | None:
    assert doctor is not None
    return replace(doctor, other_qualifier="G2", other_id="DR12")


Filled = Sequence[tuple[bytes, int, Mapping[Key, str]]]


def _cms_pages(*, is_copy: bool = False) -> Filled:
    return [
        (cms1500.copy_pdf(form) if is_copy else cms1500.claim_pdf(form), page, fields)
        for form in _cms_forms()
        for page in range(len(form.pages))
        if (fields := cms1500_fields.page_fields(form, page))
    ]


def _ub_pages(*, is_copy: bool = False) -> Filled:
    full = _ub()
    pages = []
    for form in (full, replace(full, lines=(*full.lines, full.lines[0]))):
        pdf = ub04.copy_pdf(form) if is_copy else ub04.claim_pdf(form)
        pages += [(pdf, n, ub04_fields.page_fields(form, n)) for n in range(len(form.pages))]
    return pages


def _misplaced(
    fields: Mapping[Key, str],
    pieces: list[tuple[str, float, float]],
    table: Mapping[Key, Place],
    offset: PrinterOffset = PrinterOffset(),  # noqa: B008 - frozen
) -> list[str]:
    """What should stand somewhere and does not: the text, and where it was looked for."""
    missing = []
    for key, text in fields.items():
        place = table[key]
        blank = place.length - len(text) if place.is_right_justified else 0
        x = place.x + blank / 10 + offset.right / 100
        y = place.y + offset.down / 100
        if not any(
            found == text
            and abs(found_x - x) < HALF_A_MILLIMETRE
            and abs(found_y - y) < HALF_A_MILLIMETRE
            for found, found_x, found_y in pieces
        ):
            missing.append(f"{key} {text!r} at {x:.3f} {y:.3f}")
    return missing


@pytest.mark.parametrize("is_copy", [False, True], ids=["stock", "copy"])
@pytest.mark.parametrize(("pages", "table"), [(_cms_pages, CMS), (_ub_pages, UB)])
def test_every_text_of_every_page_stands_in_its_box(
    placed_in_inches: Placed,
    pages: Callable[..., Filled],
    table: Mapping[Key, Place],
    is_copy: bool,
) -> None:
    for pdf, page, fields in pages(is_copy=is_copy):
        assert _misplaced(fields, placed_in_inches(pdf, page), table) == []


@pytest.mark.parametrize(("pages", "table"), [(_cms_pages, CMS), (_ub_pages, UB)])
def test_the_stock_bears_nothing_that_has_no_box(
    placed_in_inches: Placed, pages: Callable[..., Filled], table: Mapping[Key, Place]
) -> None:
    for pdf, page, fields in pages():
        pieces = placed_in_inches(pdf, page)

        assert sorted(text for text, _, _ in pieces) == sorted(fields.values())


@pytest.mark.parametrize(("pages", "table"), [(_cms_pages, CMS), (_ub_pages, UB)])
def test_every_box_that_a_form_has_was_filled_and_none_overflows(
    pages: Callable[..., Filled], table: Mapping[Key, Place]
) -> None:
    """But those that the form's keepers reserve, which nobody may fill."""
    filled = [fields for _, _, fields in pages()]

    printed = {key for fields in filled for key in fields}
    reserved = {k for k in table if k.part in ("reserved", "upper", "lower") or k.item == "75"}
    assert set(table) - printed == reserved
    for fields in filled:
        for key, text in fields.items():
            assert len(text) <= table[key].length or key == Key("19", 0, "words"), key


def test_a_long_note_is_set_small_and_stays_in_its_box(placed_in_inches: Placed) -> None:
    form = _cms()

    text = cms1500_fields.page_fields(form, 0)[Key("19", 0, "words")]

    assert text == "SEEN AGAIN AFTER THE FALL THE KNEE WAS SWOLLEN AND THE SPLINT WAS"
    assert 0.30 + len(text) * 4.8 / 72 < 5.14


def test_a_printers_offset_moves_every_text_of_both_forms(placed_in_inches: Placed) -> None:
    offset = PrinterOffset(right=7, down=-4)
    form, stay = _cms(), _ub()

    moved = placed_in_inches(cms1500.claim_pdf(form, offset=offset), 0)
    moved_stay = placed_in_inches(ub04.claim_pdf(stay, offset=offset), 0)

    assert _misplaced(cms1500_fields.page_fields(form, 0), moved, CMS, offset) == []
    assert _misplaced(ub04_fields.page_fields(stay, 0), moved_stay, UB, offset) == []


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} does not exist: set CLAIMFLOW_TESTDATA")
@pytest.mark.parametrize(
    ("name", "table"), [("cms1500-positions.tsv", CMS), ("ub04-positions.tsv", UB)]
)
def test_our_tables_hold_every_position_that_was_measured(
    name: str, table: Mapping[Key, Place]
) -> None:
    """The box for a social security number is left out on purpose: it is never claimed."""
    ours = {(round(place.x, 2), round(place.y, 2)) for place in table.values()}
    with (SHARED / name).open(encoding="utf-8", newline="") as measured:
        rows = [row for row in csv.DictReader(measured, delimiter="\t") if row["len"] != "0"]

    missing = [
        row["name"]
        for row in rows
        if not any(
            abs(x - float(row["x_in"])) < HALF_A_MILLIMETRE
            and abs(y - float(row["y_baseline_in"])) < HALF_A_MILLIMETRE
            for x, y in ours
        )
    ]

    assert missing == (
        ["reserved for NUCC use", "reserved for NUCC use", "X SSN"] if table is CMS else []
    )


def test_seven_services_and_23_revenue_lines_take_a_second_page() -> None:
    professional, stay = full_claims.professional(), full_claims.institutional()
    seven: tuple[ClaimLine, ...] = (*professional.lines, full_claims.service(7))
    many: tuple[RevenueLine, ...] = (*stay.lines, full_claims.revenue(23))

    form = cms1500_filling.form_of(
        replace(professional, lines=seven),
        payer=full_claims.PAYER,
        page_totals=PageTotals.LAST_PAGE,
        signed_on=SIGNED_ON,
    )
    bill = ub04_filling.form_of(
        replace(stay, lines=many), payer=full_claims.PAYER, created_on=SIGNED_ON
    )

    last = cms1500_fields.page_fields(form, 1)
    assert last[Key("28", 0, "dollars")] == str(sum(line.charge_cents for line in seven) // 100)
    assert cms1500_fields.page_fields(form, 0)[Key("28", 0, "continued")] == "CONTINUED"
    first, second = ub04_fields.page_fields(bill, 0), ub04_fields.page_fields(bill, 1)
    assert (first[Key("43", 23, "page")], first[Key("43", 23, "pages")]) == ("1", "2")
    assert (second[Key("43", 23, "page")], second[Key("43", 23, "pages")]) == ("2", "2")
    assert Key("47", 23, "dollars") not in first
    assert Key("42", 23, "code") not in first
    assert second[Key("42", 23, "code")] == "0001"
    assert second[Key("47", 23, "dollars")] == str(sum(line.charge_cents for line in many) // 100)
    assert second[Key("8b", 0, "name")] == first[Key("8b", 0, "name")]
