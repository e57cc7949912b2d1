"""What a facility's claim says: shown as it would be sent, told by those who know it."""

import datetime as dt

import pytest
from sqlalchemy import select

from casework import facility_facts, submissions
from db.models import ChargeLine, ClaimVersion, Diagnosis, FacilityFacts, Location
from domain.claim_form import ClaimForm
from domain.encounter import EncounterClass
from tests.web.site import Site, a_claim, encounter_url

ADMISSION = {
    "admitted_on": "", "admitted_hour": "9", "discharged_hour": "", "priority": "2", "source": "4",
    "patient_status": "06",
}  # fmt: skip
EMPTY = {
    "type_of_bill": "", "from_on": "", "to_on": "", "admitting_diagnosis": "", "on_admission": "",
    "attending": "", "operating": "", "charges": "", "procedures": "", "occurrences": "",
    "spans": "", "value_codes": "", "condition_codes": "", "visit_reasons": "",
    "external_causes": "", "treatment_codes": "", "other_operating": "",
}  # fmt: skip


@pytest.fixture
def department(site: Site) -> Site:
    """The visit took place in the hospital's outpatient department."""
    where = site.session.scalars(select(Location).where(Location.facility_id.is_not(None))).one()
    site.encounter.location = where
    site.session.add(Diagnosis(encounter_id=site.encounter.id, rank=1, code="E11.9"))
    site.session.commit()
    return site


def said(site: Site) -> FacilityFacts:
    site.session.expire_all()
    return site.session.scalars(select(FacilityFacts)).one()


def page(site: Site, name: str) -> str:
    return site.as_(name).get(encounter_url(site, "/facility")).get_data(as_text=True)


def test_it_shows_what_would_be_sent_without_a_word_from_anybody(department: Site) -> None:
    shown = page(department, "ana")

    assert "FAIRMONT OUTPATIENT DEPARTMENT" in shown
    assert "<dd>13x</dd>" in shown
    assert "Planned · From home or elsewhere outside · Home" in shown


def test_elsewhere_no_facility_bills_and_there_is_no_page(site: Site) -> None:
    answer = site.as_("ana").get(encounter_url(site, "/facility"))

    assert answer.status_code == 404
    assert "Facility claim" not in site.as_("ana").get(encounter_url(site)).get_data(as_text=True)


def test_a_biller_tells_all_of_it(department: Site) -> None:
    told = ADMISSION | EMPTY | {
        "procedures": "0dtj4zz 2026-03-02", "occurrences": "11 2026-03-01", "value_codes": "80 3",
        "condition_codes": "44", "external_causes": "y92.009", "treatment_codes": "a01",
    }  # fmt: skip

    answer = department.as_("ana").post(encounter_url(department, "/facility"), told)

    assert answer.status_code == 303
    facts = facility_facts.of(department.session, department.encounter)
    assert said(department).procedures == ["0DTJ4ZZ 2026-03-02"]
    assert facts.procedures[0].on == dt.date(2026, 3, 2)
    assert facts.values[0].hundredths == 300
    assert [each.code for each in facts.external_causes] == ["Y92009"]
    assert facts.treatment_codes == ("A01",)
    assert '<span class="code">Y92009</span>' in page(department, "ana")
    assert facts.admission.patient_status == "06"
    assert facts.admission.admitted_time == dt.time(9)


def test_a_hospice_and_a_home_health_agency_find_their_codes(department: Site) -> None:
    told = ADMISSION | EMPTY | {
        "type_of_bill": "82", "priority": "9", "source": "F", "patient_status": "40",
        "charges": "0023 1 2026-03-01 1aa11", "value_codes": "61 35644",
        "occurrences": "50 2026-03-01\n42 2026-03-04", "spans": "77 2026-03-01 2026-03-02",
    }  # fmt: skip

    answer = department.as_("ana").post(encounter_url(department, "/facility"), told)

    facts = facility_facts.of(department.session, department.encounter)
    assert answer.status_code == 303
    assert (facts.type_of_bill, facts.admission.source) == ("82", "F")
    assert facts.admission.patient_status == "40"
    assert [each.code for each in facts.occurrences] == ["50", "42"]
    assert facts.values[0].hundredths == 3_564_400
    assert said(department).charges == ["0023 1 2026-03-01 1AA11"]


def test_the_front_desk_tells_the_admission_and_nothing_else(department: Site) -> None:
    url = encounter_url(department, "/facility")
    department.as_("ana").post(url, ADMISSION | EMPTY | {"condition_codes": "44"})

    answer = department.as_("finn").post(url, ADMISSION | EMPTY | {"priority": "1"})

    assert answer.status_code == 303
    assert said(department).priority == "1"
    assert said(department).condition_codes == ["44"]
    assert "Condition" not in page(department, "finn")


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("charges", "120 3 2026-03-01", "cannot be read"),
        ("charges", "0120 none 2026-03-01", "cannot be read"),
        ("procedures", "0DTJ4ZI 2026-03-02", "cannot be read"),
        ("occurrences", "11", "cannot be read"),
        ("spans", "74 2026-03-01", "cannot be read"),
        ("value_codes", "80 many", "cannot be read"),
        ("condition_codes", "444", "cannot be read"),
        ("on_admission", "I10 Y", "no diagnosis of this encounter"),
        ("on_admission", "E11.9 X", "must end in Y, N, U or W"),
        ("external_causes", "E11.9", "cannot be read"),
        ("external_causes", "W19", "no ICD-10-CM code"),
        ("treatment_codes", "44", "cannot be read"),
        ("admitting_diagnosis", "E11", "no ICD-10-CM code"),
        ("type_of_bill", "1", "first two digits"),
        ("priority", "7", "Choose one of the list."),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field(
    department: Site, field: str, typed: str, words: str
) -> None:
    told = ADMISSION | EMPTY | {field: typed}

    answer = department.as_("cora").post(encounter_url(department, "/facility"), told)

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert f'id="{field}-r"' in answer.get_data(as_text=True)
    assert department.session.scalar(select(FacilityFacts)) is None


def test_an_inpatients_group_is_shown_before_anything_is_sent(department: Site) -> None:
    row = department.encounter
    row.location.type_of_bill = "11"
    row.encounter_class = EncounterClass.INPATIENT
    row.discharged_on = row.service_on + dt.timedelta(days=2)
    row.diagnoses[0].code = "I50.20"
    department.session.commit()
    told = ADMISSION | EMPTY | {"on_admission": "I50.20 Y", "admitting_diagnosis": "I50.20"}
    department.as_("cora").post(encounter_url(department, "/facility"), told)

    shown = page(department, "ana")

    assert "Group (DRG)" in shown
    assert '<span class="code">293</span>' in shown


def test_the_encounters_page_tells_the_two_claims_and_their_lines_apart(department: Site) -> None:
    a_claim(department)
    department.session.expire_all()
    facility = a_claim(department)
    facility.form = ClaimForm.INSTITUTIONAL
    line = department.session.get_one(ChargeLine, facility.lines[0].charge_line_id)
    line.form, line.revenue_code = ClaimForm.INSTITUTIONAL, "0510"
    department.session.commit()

    shown = department.as_("ana").get(encounter_url(department)).get_data(as_text=True)

    assert '<span class="code">0510</span>' in shown
    assert "Facility claim" in shown
    assert shown.count("facility</span>") >= 2
    assert shown.count("paper EOB</button>") == 1
    assert shown.count("paper EOB for the facility claim</button>") == 1


def _prepared(site: Site) -> str:
    """The control number of a claim that could go out."""
    site.session.expire_all()
    claim = a_claim(site)
    lines = [line.charge_line_id for line in claim.lines]
    site.session.add(
        ClaimVersion(
            claim_id=claim.id, version=1, frequency="1", because="first", made_at=site.now.at,
            charge_line_ids=lines,
        )
    )  # fmt: skip
    site.session.commit()
    return submissions.prepare(site.session, claim, site.now).pcn


def test_two_claims_to_one_payer_are_told_apart_where_an_eob_is_keyed(department: Site) -> None:
    pcns = [_prepared(department) for _ in range(2)]

    shown = department.as_("ana").get(encounter_url(department)).get_data(as_text=True)

    assert [shown.count(f"paper EOB to {pcn}</button>") for pcn in pcns] == [1, 1]


def test_the_page_costs_a_bounded_number_of_statements(department: Site) -> None:
    browser = department.as_("ana")

    with department.counting() as sent:
        browser.get(encounter_url(department, "/facility"))

    assert len(sent) <= 24
