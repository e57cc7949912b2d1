"""The discharge that a hospital stay waits for, recorded at the page of one of its visits."""

import datetime as dt

import pytest

from db.models import Encounter
from domain.encounter import EncounterClass
from tests.web.site import Site, encounter_url


@pytest.fixture
def stay(site: Site) -> Encounter:
    row = site.encounter
    row.stay_no, row.encounter_class = "H7", EncounterClass.INPATIENT
    site.session.commit()
    return row


@pytest.mark.parametrize("name", ["finn", "ana", "lee"])
def test_it_is_recorded_once(site: Site, stay: Encounter, name: str) -> None:
    browser, on = site.as_(name), str(site.now.today)
    before = browser.get(encounter_url(site)).get_data(as_text=True)

    first = browser.post(encounter_url(site, "/discharge"), discharged_on=on)
    second = browser.post(encounter_url(site, "/discharge"), discharged_on=on)
    after = browser.get(encounter_url(site)).get_data(as_text=True)

    site.session.refresh(stay)
    assert "Discharged…" in before
    assert "stay H7" in before
    assert (first.status_code, second.status_code) == (303, 422)
    assert "Nothing waits for a discharge here" in second.get_data(as_text=True)
    assert str(stay.discharged_on) == on
    assert "Discharged…" not in after


@pytest.mark.parametrize("days", [-400, 1])
def test_a_day_before_the_visit_or_to_come_is_refused(
    site: Site, stay: Encounter, days: int
) -> None:
    on = str(site.now.today + dt.timedelta(days=days))

    answer = site.as_("finn").post(encounter_url(site, "/discharge"), discharged_on=on)

    site.session.refresh(stay)
    assert answer.status_code == 422
    assert "The discharge lies between" in answer.get_data(as_text=True)
    assert stay.discharged_on is None


def test_a_visit_outside_a_hospital_waits_for_none(site: Site) -> None:
    page = site.as_("finn").get(encounter_url(site)).get_data(as_text=True)

    assert "Discharged…" not in page
