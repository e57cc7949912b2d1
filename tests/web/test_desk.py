"""A copay at the desk, and the way from an encounter to its coding task."""

import re

import pytest
from sqlalchemy import select

from db.models import Receipt
from domain.tasks import TaskKind
from tests.web.site import Site, encounter_url


def test_a_copay_is_taken_once_however_often_its_form_is_sent(site: Site) -> None:
    finn = site.as_("finn")
    form = {"amount": "25.00", "kind": "copay", "once": "a1b2"}

    first = finn.post(encounter_url(site, "/copay"), form)
    second = finn.post(encounter_url(site, "/copay"), form)

    assert first.status_code == second.status_code == 303
    assert [r.cents for r in site.session.scalars(select(Receipt))] == [2_500]


@pytest.mark.parametrize("amount", ["", "-5", "0", "25.001", "abc", "10000.01"])
def test_a_copay_that_is_no_amount_is_refused(site: Site, amount: str) -> None:
    form = {"amount": amount, "kind": "copay", "once": "a1b2"}

    answer = site.as_("finn").post(encounter_url(site, "/copay"), form)

    assert answer.status_code == 422
    assert site.session.scalars(select(Receipt)).all() == []


def test_a_refused_copay_stands_as_typed_in_its_sheet_with_the_reason(site: Site) -> None:
    form = {"amount": "25.00", "kind": "check", "check_no": " ", "once": "a1b2"}

    answer = site.as_("finn").post(encounter_url(site, "/copay"), form)

    page = answer.get_data(as_text=True)
    sheet = page.split('<div id="copay"', 1)[1].split("</form>", 1)[0]
    assert answer.status_code == 422
    assert site.encounter.encounter_no in page
    assert '<a href="#check_no">Give the check&#39;s number.</a>' in page
    assert 'id="check_no-r"' in sheet
    assert 'value="25.00"' in sheet
    assert '<option value="check" selected>' in sheet
    assert 'name="once" value="a1b2"' in sheet
    assert site.session.scalars(select(Receipt)).all() == []


def test_an_amount_in_words_comes_back_beside_its_field(site: Site) -> None:
    form = {"amount": "abc", "kind": "copay", "check_no": "", "once": "a1b2"}

    page = site.as_("finn").post(encounter_url(site, "/copay"), form).get_data(as_text=True)

    sheet = page.split('<div id="copay"', 1)[1].split("</form>", 1)[0]
    assert 'value="abc"' in sheet
    assert "Give an amount, as 25.00." in sheet


@pytest.mark.parametrize(
    ("name", "sheet", "field"),
    [
        ("finn", "copay", "amount"), ("finn", "cancel", "cancel-because"),
        ("lee", "hold", "scope"), ("lee", "attach", "title"),
    ],
)  # fmt: skip
def test_a_sheet_begins_at_its_first_field(site: Site, name: str, sheet: str, field: str) -> None:
    page = site.as_(name).get(encounter_url(site)).get_data(as_text=True)

    inside = page.split(f'<div id="{sheet}"', 1)[1].split("</form>", 1)[0]
    focused = re.findall(r'<(?:input|select) id="([\w-]+)"[^>]* autofocus', inside)
    assert focused == [field]


def test_codes_are_entered_in_the_coding_task(site: Site) -> None:
    cora = site.as_("cora")
    without = cora.get(encounter_url(site, "/charges"))
    task = site.task(TaskKind.CODING_REVIEW)

    with_one = cora.get(encounter_url(site, "/charges"))

    assert without.status_code == 404
    assert "No coding task is open here" in without.get_data(as_text=True)
    assert with_one.headers["Location"] == f"/tasks/{task.uuid}"
