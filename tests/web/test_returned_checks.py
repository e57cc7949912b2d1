"""A check that came back, recorded at the page of its encounter."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from db.models import Entry, Receipt, Task
from domain.tasks import TaskKind
from tests.web.site import Browser, Site


def _url(site: Site, more: str = "") -> str:
    return f"/encounters/{site.encounter.uuid}{more}"


def _check(site: Site, finn: Browser) -> Receipt:
    finn.post(_url(site, "/copay"), amount="25.00", kind="check", check_no="1204", once="a1b2")
    return site.session.scalars(select(Receipt)).one()


@pytest.mark.parametrize("name", ["finn", "ana", "lee"])
def test_it_is_taken_back_once_however_often_its_form_is_sent(site: Site, name: str) -> None:
    receipt = _check(site, site.as_("finn"))
    browser = site.as_(name)
    page = browser.get(_url(site)).get_data(as_text=True)
    form = {"returned_on": str(site.now.today)}

    first = browser.post(_url(site, f"/receipts/{receipt.id}/return"), form)
    said = browser.get(_url(site)).get_data(as_text=True)
    second = browser.post(_url(site, f"/receipts/{receipt.id}/return"), form)

    assert "Check 1204 came back…" in page
    assert first.status_code == second.status_code == 303
    assert "Check 1204 is taken back: $25.00 is owed again" in said
    assert "Check 1204 came back…" not in said
    assert "Check 1204 of $25.00 came back unpaid" in said
    cents = site.session.scalars(select(Receipt.cents).order_by(Receipt.id)).all()
    assert cents == [2_500, -2_500]
    reversals = select(func.count()).select_from(Entry).where(Entry.reverses_id.is_not(None))
    assert site.session.scalar(reversals) == 1
    asked = select(Task.kind).where(Task.kind == TaskKind.RETURNED_PAYMENT)
    assert len(site.session.scalars(asked).all()) == 1


@pytest.mark.parametrize("on", ["", "yesterday", "1999-01-01", str(dt.date.max)])
def test_a_day_on_which_it_cannot_have_come_back_is_refused(site: Site, on: str) -> None:
    finn = site.as_("finn")
    receipt = _check(site, finn)

    answer = finn.post(_url(site, f"/receipts/{receipt.id}/return"), returned_on=on)

    assert answer.status_code == 422
    site.session.expire_all()
    assert receipt.returned_by_id is None


def test_a_check_of_somebody_else_is_not_found(site: Site) -> None:
    finn = site.as_("finn")

    answer = finn.post(_url(site, "/receipts/999999/return"), returned_on=str(site.now.today))

    assert answer.status_code == 404


def test_those_who_may_not_are_not_offered_it(site: Site) -> None:
    _check(site, site.as_("finn"))

    for name in ("cora", "voss", "otto"):
        assert "came back…" not in site.as_(name).get(_url(site)).get_data(as_text=True)
