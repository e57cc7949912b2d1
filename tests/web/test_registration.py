"""A visit that the front desk registers by hand."""

import re

import pytest
from sqlalchemy import select

from db.models import AuditEvent, Coverage, Journal, Subscriber
from domain.medicare import SecondBecause
from tests.web.site import Site, charted


def test_a_visit_is_registered_by_hand_and_goes_the_way_of_every_other(site: Site) -> None:
    finn = site.as_("finn")
    form = registration_form(site)

    answer = finn.post("/registration", form)
    again = finn.post("/registration", form)

    assert answer.status_code == 303
    page = finn.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Registered from desk" in page
    assert again.headers["Location"] == "/registration"
    made = site.session.scalars(select(Journal).where(Journal.step == "registered")).all()
    assert len(made) == 2
    registered = select(AuditEvent).where(
        AuditEvent.action == "registered", AuditEvent.user_id == site.users["finn"].id
    )
    assert site.session.scalars(registered).one().patient_id is not None


def test_a_chart_number_of_somebody_else_is_refused(site: Site) -> None:
    form = registration_form(site) | {"mrn": charted(site.now.today).patient.mrn}

    answer = site.as_("finn").post("/registration", form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "belongs to a patient with another name" in page
    assert "Marlow" not in page
    assert 'value="Quill"' in page


def test_a_middle_name_and_a_suffix_are_kept_of_the_patient_and_of_whose_plan_it_is(
    site: Site,
) -> None:
    finn = site.as_("finn")
    page = finn.get("/registration").get_data(as_text=True)
    holder = {
        "relation1": "spouse", "holder_last1": "Quill", "holder_first1": "Ilya",
        "holder_middle1": "Petrov", "holder_suffix1": "III", "holder_birth1": "1970-01-02",
    }  # fmt: skip

    answer = finn.post("/registration", registration_form(site) | NAMED | holder)

    shown = finn.get(f"{answer.headers['Location']}/identifiers").get_data(as_text=True)
    kept = site.session.scalars(select(Subscriber)).one()
    asked = re.findall(r'<input id="((?:holder_)?(?:last|first|middle|suffix|birth)\w*)"', page)
    assert asked[:5] == ["last", "first", "middle", "suffix", "birth_on"]
    assert asked[5:10] == [f"holder_{n}1" for n in ("last", "first", "middle", "suffix", "birth")]
    assert "Nora Ann Quill Jr<" in shown
    assert (kept.middle_name, kept.name_suffix) == ("Petrov", "III")


@pytest.mark.parametrize(("suffix", "status"), [("Sr", 422), ("jr", 303), ("", 303)])
def test_a_son_is_not_registered_under_his_fathers_chart_number(
    site: Site, suffix: str, status: int
) -> None:
    finn = site.as_("finn")
    finn.post("/registration", registration_form(site) | NAMED)

    again = registration_form(site) | {"once": "beef", "suffix": suffix}
    answer = finn.post("/registration", again)

    assert answer.status_code == status
    words = "belongs to a patient with another name"
    assert (words in answer.get_data(as_text=True)) is (status == 422)


def test_a_middle_name_or_suffix_that_no_claim_has_room_for_is_refused(site: Site) -> None:
    long = {"middle": "A" * 26, "suffix": "B" * 11}

    answer = site.as_("finn").post("/registration", registration_form(site) | long)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Write at most 25 characters." in page
    assert "Write at most 10 characters." in page


def test_two_letters_that_are_no_state_are_refused(site: Site) -> None:
    answer = site.as_("finn").post("/registration", registration_form(site) | {"state": "QQ"})

    assert answer.status_code == 422
    assert "A state is told by its two letters" in answer.get_data(as_text=True)


def test_every_missing_field_of_a_registration_is_named_at_once(site: Site) -> None:
    answer = site.as_("finn").post("/registration", once="x")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for words in ("Give the last name.", "Give the date of birth", "Give the ZIP code."):
        assert words in page


def test_the_form_begins_at_the_chart_number_and_names_the_key_that_sends_it(site: Site) -> None:
    finn = site.as_("finn")

    page = finn.get("/registration").get_data(as_text=True)
    refused = finn.post("/registration", once="x").get_data(as_text=True)

    assert re.findall(r'id="(\w+)"[^>]* autofocus', page) == ["mrn"]
    assert re.search(r"Register <kbd[^>]*>Ctrl Enter</kbd></button>", page)
    assert "autofocus" not in refused.split("<main", 1)[1].split("</main>", 1)[0]


NAMED = {"middle": "Ann", "suffix": "JR."}


def second_coverage(site: Site, payer_no: str) -> dict[str, str]:
    return registration_form(site) | {
        "payer2": payer_no, "member2": "1EG4TE5MK73", "relation2": "self",
        "second_because2": "12",
    }  # fmt: skip


def test_why_another_pays_before_medicare_is_kept_and_shown(site: Site) -> None:
    finn = site.as_("finn")
    offered = finn.get("/registration").get_data(as_text=True)

    answer = finn.post("/registration", second_coverage(site, "60103"))

    kept = site.session.scalars(select(Coverage).where(Coverage.rank == 2)).one()
    page = finn.get(answer.headers["Location"]).get_data(as_text=True)
    assert 'id="second_because2"' in offered
    assert 'id="second_because1"' not in offered
    assert kept.second_because is SecondBecause.WORKING_AGED
    assert "another pays first: 65 or over" in page


def test_only_medicare_is_told_why_another_pays_first(site: Site) -> None:
    answer = site.as_("finn").post("/registration", second_coverage(site, "60102"))

    assert answer.status_code == 422
    assert "Only Medicare wants to know this" in answer.get_data(as_text=True)
    assert 'id="second_because2-r"' in answer.get_data(as_text=True)


def registration_form(site: Site) -> dict[str, str]:
    return {
        "once": "f00d", "mrn": "MRN9001", "last": "Quill", "first": "Nora",
        "birth_on": "1990-02-03", "gender": "F", "phone": "", "street": "2 Mill Rd",
        "city": "Fairmont", "state": "TX", "zip": "75201", "payer1": site.payer.payer_no,
        "member1": "ACM7", "group1": "", "relation1": "self",
        "provider": charted(site.now.today).provider_npi or "", "place": "11",
        "service_on": str(site.now.today), "note": "",
    }  # fmt: skip


def test_only_a_visit_in_the_hospital_is_part_of_a_stay(site: Site) -> None:
    finn = site.as_("finn")
    form = registration_form(site)

    refused = finn.post("/registration", form | {"stay_no": "H7"})
    taken = finn.post("/registration", form | {"stay_no": "H7", "place": "21"})

    assert refused.status_code == 422
    assert "Only a visit in the hospital is part of a stay" in refused.get_data(as_text=True)
    assert "stay H7" in finn.get(taken.headers["Location"]).get_data(as_text=True)
