"""Printers are set by a test page, and a claim's form is printed with the correction of one."""

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from db.models import Printer
from domain.encounter import ClaimStage
from forms.form_print import PrinterOffset
from forms.form_test_page import FORMS, printer_page_pdf
from tests.web.site import Site
from tests.web.test_claims import _claim


def test_a_biller_adds_a_printer_and_sets_its_correction(site: Site) -> None:
    ana = site.as_("ana")
    ana.post("/settings/printers", name="Front office")
    row = site.session.scalars(select(Printer)).one()

    answer = ana.post(
        "/settings/printers/corrections", {f"right-{row.id}": "5", f"down-{row.id}": "−3"}
    )

    assert answer.status_code == 303
    site.session.expire_all()
    assert (row.right_hundredths, row.down_hundredths) == (5, -3)
    assert "Front office" in ana.get("/settings/printers").get_data(as_text=True)


def test_a_correction_of_more_than_an_inch_and_a_second_of_a_name_are_refused(site: Site) -> None:
    ana = site.as_("ana")
    ana.post("/settings/printers", name="Front office")
    row = site.session.scalars(select(Printer)).one()

    again = ana.post("/settings/printers", name="Front office")
    far = ana.post(
        "/settings/printers/corrections", {f"right-{row.id}": "101", f"down-{row.id}": "x"}
    )

    assert (again.status_code, far.status_code) == (422, 422)
    assert "from -100 to 100" in far.get_data(as_text=True)


def test_a_refused_correction_loses_nothing_that_was_typed_for_another_printer(site: Site) -> None:
    front, back = Printer(name="Front office"), Printer(name="Back office")
    site.session.add_all((front, back))
    site.session.commit()

    answer = site.as_("ana").post(
        "/settings/printers/corrections",
        {
            f"right-{front.id}": "7", f"down-{front.id}": "-4",
            f"right-{back.id}": "far", f"down-{back.id}": "2",
        },
    )  # fmt: skip

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for typed in ("7", "-4", "far", "2"):
        assert f'value="{typed}"' in page
    site.session.expire_all()
    assert (front.right_hundredths, back.down_hundredths) == (0, 0)


def test_a_claims_form_moves_by_its_printers_correction(site: Site) -> None:
    claim = _claim(site, ClaimStage.ACCEPTED)
    submission = claim.versions[0].submissions[0]
    printer = Printer(name="Front office", right_hundredths=10, down_hundredths=0)
    site.session.add(printer)
    site.session.commit()
    path, ana = f"/claims/{claim.uuid}/form/{submission.id}", site.as_("ana")

    page = ana.get(path).get_data(as_text=True)
    plain, moved = ana.get(f"{path}.pdf"), ana.get(f"{path}.pdf?printer={printer.id}")
    copy = ana.get(f"{path}.pdf?on=plain")

    assert "Print CMS-1500" in page
    assert "Front office" in page
    assert _left(moved.data) - _left(plain.data) == pytest.approx(7.2, abs=0.1)
    assert "COPY - not for scanning" in PdfReader(io.BytesIO(copy.data)).pages[0].extract_text()


def test_a_form_of_another_claims_submission_is_not_found(site: Site) -> None:
    claim = _claim(site, ClaimStage.ACCEPTED)

    assert site.as_("ana").get(f"/claims/{claim.uuid}/form/999999.pdf").status_code == 404


@pytest.mark.parametrize("form", list(FORMS))
def test_a_test_page_names_its_printer_and_its_correction(form: str) -> None:
    pdf = printer_page_pdf(form, "Front office", PrinterOffset(right=5, down=-3))

    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert f"{FORMS[form]}: test page of Front office" in text
    assert "5 hundredths of an inch to the right and -3 down" in text


def _left(pdf: bytes) -> float:
    found: list[float] = []

    def note(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            found.append(tm[4] * cm[0] + tm[5] * cm[2] + cm[4])

    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=note)
    return min(found)
