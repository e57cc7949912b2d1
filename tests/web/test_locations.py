"""An administrator makes a place a hospital's department; a facility bills for it from then on."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from casework import facility_facts
from db.models import AuditEvent, BillingEntity, ChargeLine, Location
from domain.claim_form import ClaimForm
from tests.web.site import Site, encounter_url

FACILITY: dict[str, Any] = {
    "name": "Lake Hospital", "npi": "1992000111", "tax_id": "75-2014418",
    "taxonomy": "282n00000x", "contact_name": "Billing office", "phone": "(214) 555-0199",
    "street": "1 Lake Road", "street_2": "", "city": "Fairmont", "state": "tx", "zip": "75201-1111",
}  # fmt: skip
PLACE: dict[str, Any] = {
    "name": "Lake Clinic", "place_of_service": "19", "npi": "1992000111", "street": "2 Lake Road",
    "street_2": "", "city": "Fairmont", "state": "TX", "zip": "752011112", "facility_id": "",
    "type_of_bill": "", "facility_from": "", "facility_to": "",
}  # fmt: skip


def clinic(site: Site) -> Location:
    site.session.expire_all()
    return site.session.get_one(Location, site.encounter.location_id)


def as_it_is(row: Location) -> dict[str, Any]:
    at = row.address
    return PLACE | {
        "name": row.name, "place_of_service": row.place_of_service, "npi": row.npi or "",
        "street": at["line1"], "city": at["city"], "state": at["state"], "zip": at["postal_code"],
    }  # fmt: skip


def department(site: Site) -> BillingEntity:
    site.session.expire_all()
    rows = select(BillingEntity).order_by(BillingEntity.id.desc()).limit(1)
    return site.session.scalars(rows).one()


def make_department(site: Site, **more: str) -> int:
    row = clinic(site)
    said = as_it_is(row) | {"facility_id": str(department(site).id), "type_of_bill": "13", **more}
    return site.as_("ada").post(f"/practice/locations/{row.id}", **said).status_code


def charge(site: Site) -> None:
    site.session.add(
        ChargeLine(
            encounter_id=site.encounter.id, ordinal=1, form=ClaimForm.INSTITUTIONAL,
            revenue_code="0510", code="99213", modifiers=[], units=1, pointers=[],
            service_on=site.encounter.service_on,
        )
    )  # fmt: skip
    site.session.commit()


def test_a_facility_is_added_and_a_place_becomes_its_department(site: Site) -> None:
    added = site.as_("ada").post("/practice/billers", **FACILITY)
    lake = department(site)
    status = make_department(site)

    assert (added.status_code, status) == (303, 303)
    assert (lake.name, lake.tax_id, lake.phone) == ("LAKE HOSPITAL", "752014418", "2145550199")
    assert lake.address["postal_code"] == "752011111"
    assert clinic(site).facility_id == lake.id
    assert facility_facts.has_facility(site.encounter)
    shown = site.as_("ana").get(encounter_url(site, "/facility")).get_data(as_text=True)
    assert "LAKE HOSPITAL" in shown
    assert "<dd>13x</dd>" in shown


def test_a_place_is_added_with_its_address(site: Site) -> None:
    answer = site.as_("ada").post("/practice/locations", **PLACE)

    row = site.session.scalars(select(Location).where(Location.name == "Lake Clinic")).one()
    assert answer.status_code == 303
    assert (row.place_of_service, row.npi) == ("19", "1992000111")
    assert row.address["line1"] == "2 Lake Road"
    assert row.facility_id is None


def test_a_facility_bills_for_visits_of_its_days_alone(site: Site) -> None:
    day = site.encounter.service_on
    for first, last, is_billed in ((1, None, False), (0, 0, True), (None, -1, False)):
        days = {
            name: "" if shift is None else str(day + dt.timedelta(days=shift))
            for name, shift in (("facility_from", first), ("facility_to", last))
        }
        assert make_department(site, **days) == 303
        site.session.expire_all()
        assert facility_facts.has_facility(site.encounter) is is_billed

    page = site.as_("ana").get(encounter_url(site)).get_data(as_text=True)
    assert "Facility claim" not in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("facility_id", ""),
        ("facility_to", "2020-01-01"),
        ("facility_from", "2999-01-01"),
        ("type_of_bill", "11"),
    ],
)
def test_what_a_facility_has_charged_stays_billed_by_it(site: Site, field: str, typed: str) -> None:
    make_department(site)
    charge(site)
    row = clinic(site)
    said = as_it_is(row) | {"facility_id": str(row.facility_id), "type_of_bill": "13"}
    if field == "facility_id":
        said["type_of_bill"] = ""

    answer = site.as_("ada").post(f"/practice/locations/{row.id}", **{**said, field: typed})

    assert answer.status_code == 422
    assert f'id="{field}-r"' in answer.get_data(as_text=True)
    assert facility_facts.has_facility(site.encounter)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "Give the place a name"),
        ("name", "fairmont hospital", "of this name already"),
        ("place_of_service", "00", "Choose one of the list."),
        ("npi", "1992000112", "This is no NPI"),
        ("zip", "75201", "nine digits"),
        ("state", "12", "two letters"),
        ("type_of_bill", "13", "Only a place that a facility bills for"),
        ("facility_from", "2026-01-01", "Choose the facility that bills"),
        ("facility_from", "someday", "Give a date"),
    ],
)
def test_a_place_that_no_claim_can_name_is_refused_at_its_field(
    site: Site, field: str, typed: str, words: str
) -> None:
    answer = site.as_("ada").post("/practice/locations", **{**PLACE, field: typed})

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert site.session.scalar(select(Location).where(Location.name == "Lake Clinic")) is None


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("type_of_bill", "", "first two digits"),
        ("type_of_bill", "1", "first two digits"),
        ("facility_id", "1", "Choose one of the list."),
        ("facility_id", "999999", "Choose one of the list."),
        ("facility_to", "2020-01-01", "ends before it begins"),
    ],
)
def test_a_department_that_no_facility_can_bill_for_is_refused(
    site: Site, field: str, typed: str, words: str
) -> None:
    row = clinic(site)
    practice = site.session.scalars(select(BillingEntity.id).order_by(BillingEntity.id)).first()
    said = as_it_is(row) | {
        "facility_id": str(department(site).id), "type_of_bill": "13",
        "facility_from": "2021-01-01",
    }  # fmt: skip
    told = str(practice) if typed == "1" and field == "facility_id" else typed

    answer = site.as_("ada").post(f"/practice/locations/{row.id}", **{**said, field: told})

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert clinic(site).facility_id is None


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "Give the name"),
        ("npi", "1992000112", "This is no NPI"),
        ("npi", "1992000004", "has this number"),
        ("tax_id", "12345", "nine digits"),
        ("taxonomy", "282N", "and an X"),
        ("contact_name", "", "whom a payer may ask"),
        ("phone", "555", "ten digits"),
        ("street", "PO Box 7", "a post box is where payments go"),
        ("zip", "75201", "nine digits"),
    ],
)
def test_a_facility_whose_claims_would_be_refused_is_refused_at_its_field(
    site: Site, field: str, typed: str, words: str
) -> None:
    before = department(site).id

    answer = site.as_("ada").post("/practice/billers", **{**FACILITY, field: typed})

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert department(site).id == before


def test_what_was_changed_is_kept_with_who_did_it(site: Site) -> None:
    make_department(site)
    row = clinic(site)

    page = site.as_("otto").get(f"/practice/locations/{row.id}").get_data(as_text=True)
    event = site.session.scalars(
        select(AuditEvent).where(AuditEvent.object_kind == "location")
    ).one()

    assert event.object_key == str(row.id)
    assert "billed by nobody beside the practice → FAIRMONT OUTPATIENT DEPARTMENT" in event.words
    assert "type of bill none → 13" in event.words
    assert event.words in page.replace("&#39;", "'")
    assert "Ada Blum" in page
    assert "<fieldset disabled>" in page


def test_a_change_of_who_bills_is_audited_and_stands_on_the_next_claim(site: Site) -> None:
    row = department(site)
    said = FACILITY | {"npi": row.npi, "name": row.name}

    answer = site.as_("ada").post(f"/practice/billers/{row.id}", **said)

    event = site.session.scalars(
        select(AuditEvent).where(AuditEvent.object_kind == "billing entity")
    ).one()
    assert answer.status_code == 303
    assert department(site).tax_id == "752014418"
    assert "tax id 752014417 → 752014418" in event.words
