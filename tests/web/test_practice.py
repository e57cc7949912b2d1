"""What claims say of who bills and where, kept by an administrator."""

from typing import Any

import pytest
from sqlalchemy import select

from casework import claim_content
from db.models import BillingEntity, Location
from tests.web.site import Site

BOX: dict[str, Any] = {"street": "PO Box 7", "city": "Fairmont", "state": "tx", "zip": "75201-0007"}


def entity(site: Site) -> BillingEntity:
    site.session.expire_all()
    return site.session.scalars(select(BillingEntity).order_by(BillingEntity.id).limit(1)).one()


def test_the_pay_to_address_stands_on_the_next_claim_and_goes_again(site: Site) -> None:
    ada, path = site.as_("ada"), f"/practice/pay-to/{entity(site).id}"

    saved = ada.post(path, **BOX)
    written = claim_content.billing_entity(site.session).pay_to
    shown = ada.get("/practice").get_data(as_text=True)
    ada.post(path, street="", city="", state="", zip="")

    assert saved.status_code == 303
    assert written is not None
    assert (written.line1, written.postal_code) == ("PO Box 7", "752010007")
    assert 'value="PO Box 7"' in shown
    assert entity(site).pay_to is None


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [("zip", "75201", "nine digits"), ("state", "Texas", "two letters"), ("city", "", "the city")],
)
def test_an_address_that_no_claim_can_carry_is_refused(
    site: Site, field: str, typed: str, words: str
) -> None:
    answer = site.as_("ada").post(f"/practice/pay-to/{entity(site).id}", **{**BOX, field: typed})

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert entity(site).pay_to is None


def test_a_laboratorys_number_is_kept_and_a_wrong_one_refused(site: Site) -> None:
    where = site.session.scalars(select(Location).order_by(Location.id).limit(1)).one()
    ada, path = site.as_("ada"), f"/practice/laboratory/{where.id}"

    good, bad = ada.post(path, clia="45d0900001"), ada.post(path, clia="45X1")

    site.session.expire_all()
    assert (good.status_code, bad.status_code) == (303, 422)
    assert where.clia_number == "45D0900001"
