"""The page of a late charge: offered once a claim is out, refused in place, charged once."""

from typing import Any

from sqlalchemy import select

from db.models import ChargeLine, Location
from domain.claim_form import ClaimForm
from domain.encounter import ClaimStage
from tests.web.site import Site, encounter_url
from tests.web.test_claims import _claim

PAGE = "/late-charges"
GOOD: dict[str, Any] = {
    "code": "87880",
    "units": "1",
    "pointers": "1",
    "way": "joins",
    "because": "The lab slip",
}


def test_before_a_claim_is_out_it_is_not_offered(site: Site) -> None:
    cora = site.as_("cora")

    page = cora.get(encounter_url(site, PAGE)).get_data(as_text=True)
    answer = cora.post(encounter_url(site, PAGE), **GOOD)

    assert "No claim has gone out yet" in page
    assert "Late charge…" not in cora.get(encounter_url(site)).get_data(as_text=True)
    assert answer.status_code == 422


def test_a_biller_charges_it_once(site: Site) -> None:
    claim = _claim(site, ClaimStage.ACCEPTED)
    claim.versions[0].submissions[0].sent_at = site.now.at
    site.session.commit()
    ana = site.as_("ana")
    offered = ana.get(encounter_url(site)).get_data(as_text=True)

    first = ana.post(encounter_url(site, PAGE), **GOOD)
    second = ana.post(encounter_url(site, PAGE), **GOOD)

    codes = site.session.scalars(select(ChargeLine.code).order_by(ChargeLine.id)).all()
    assert "Late charge…" in offered
    assert (first.status_code, second.status_code) == (303, 422)
    assert "is charged already" in second.get_data(as_text=True)
    assert list(codes) == ["99214", "87880"]


def test_what_is_wrong_is_told_beside_its_field(site: Site) -> None:
    claim = _claim(site, ClaimStage.ACCEPTED)
    claim.versions[0].submissions[0].sent_at = site.now.at
    site.session.commit()

    answer = site.as_("cora").post(
        encounter_url(site, PAGE), **{**GOOD, "pointers": "x", "units": "0", "way": "whatever"}
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for words in ("Give the places of the diagnoses", "whole number from 1", "Choose one of the"):
        assert words in page


def test_a_facilitys_own_charge_is_asked_for_where_one_bills(site: Site) -> None:
    claim = _claim(site, ClaimStage.ACCEPTED)
    where = select(Location).where(Location.facility_id.is_not(None))
    site.encounter.location = site.session.scalars(where).one()
    claim.form = ClaimForm.INSTITUTIONAL
    line = site.session.get_one(ChargeLine, claim.lines[0].charge_line_id)
    line.form, line.revenue_code = ClaimForm.INSTITUTIONAL, "0510"
    claim.versions[0].submissions[0].sent_at = site.now.at
    site.session.commit()
    ana = site.as_("ana")

    asked = ana.get(encounter_url(site, PAGE)).get_data(as_text=True)
    both = ana.post(encounter_url(site, PAGE), **GOOD, charge="0250 2 2026-02-02")
    unpriced = ana.post(encounter_url(site, PAGE), **{**GOOD, "code": ""}, charge="0250 2 today")

    assert "without a coded service" in asked
    assert "one thing at a time" in both.get_data(as_text=True)
    assert "revenue code, units, first day" in unpriced.get_data(as_text=True)
    assert (both.status_code, unpriced.status_code) == (422, 422)
    assert site.session.scalars(select(ChargeLine.code)).all() == ["99214"]


def test_a_clinic_without_a_facility_is_not_asked(site: Site) -> None:
    claim = _claim(site, ClaimStage.ACCEPTED)
    claim.versions[0].submissions[0].sent_at = site.now.at
    site.session.commit()

    page = site.as_("ana").get(encounter_url(site, PAGE)).get_data(as_text=True)

    assert "without a coded service" not in page
