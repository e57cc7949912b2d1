"""A bundle's encounters are taken whole or refused by name, place, rule and cure."""

import base64
import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.encounter import EncounterClass
from domain.intake import ChartedCharge, ChartedEncounter, Relationship
from domain.parties import Gender
from intake.fhir import read_bundle


def patient(mrn: str = "M1", **changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": mrn,
        "identifier": [{"value": mrn}],
        "name": [{"family": "Alder", "given": ["Ana"]}],
        "birthDate": "1980-02-29",
        "gender": "female",
        "address": [
            {"line": ["1 Oak Street"], "city": "Salem", "state": "OR", "postalCode": "97301"}
        ],
        "telecom": [{"system": "phone", "value": "5035550100"}],
        **changes,
    }


def organization(payer_id: str = "60101") -> dict[str, Any]:
    return {
        "resourceType": "Organization",
        "id": f"payer-{payer_id}",
        "identifier": [{"system": "urn:claimflow:payer", "value": payer_id}],
        "name": "Acme Health",
    }


def coverage(mrn: str = "M1", **changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Coverage",
        "id": f"coverage-{mrn}-{changes.get('order', 1)}",
        "order": 1,
        "subscriberId": "AH123",
        "beneficiary": {"reference": f"Patient/{mrn}"},
        "relationship": {"coding": [{"code": "self"}]},
        "payor": [{"reference": "Organization/payer-60101"}],
        "period": {"start": "2025-01-01"},
        **changes,
    }


def practitioner() -> dict[str, Any]:
    return {
        "resourceType": "Practitioner",
        "id": "okafor",
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1992000012"}],
        "name": [{"family": "Okafor", "given": ["Ruth"]}],
    }


def encounter(mrn: str = "M1", **changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": f"visit-{mrn}",
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": {"reference": f"Patient/{mrn}"},
        "period": {"start": "2026-01-05T23:30:00-08:00", "end": "2026-01-05T23:50:00-08:00"},
        "participant": [{"individual": {"reference": "Practitioner/okafor"}}],
        **changes,
    }


def note(text: str = "ASSESSMENT\n1. Cough\n", **changes: Any) -> dict[str, Any]:
    data = base64.b64encode(text.encode()).decode()
    return {
        "resourceType": "DocumentReference",
        "id": "note",
        "type": {"text": "progress note"},
        "date": "2026-01-05T18:00:00-08:00",
        "author": [{"reference": "Practitioner/okafor"}],
        "context": {"encounter": [{"reference": "Encounter/visit-M1"}]},
        "content": [{"attachment": {"contentType": "text/plain", "data": data}}],
        **changes,
    }


def bundle(*resources: dict[str, Any]) -> bytes:
    entries = [{"resource": resource} for resource in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def whole(*more: dict[str, Any]) -> bytes:
    return bundle(patient(), organization(), practitioner(), coverage(), encounter(), *more)


def test_a_whole_bundle_is_taken_with_every_part() -> None:
    data = whole(note("ASSESSMENT\n1. Cough\n"))

    result = read_bundle(data, "a.json")

    assert result.refused == ()
    (taken,) = result.taken
    assert taken.source_key == "ehr:visit-M1"
    assert (taken.patient.last, taken.patient.first) == ("Alder", "Ana")
    assert taken.patient.birth_on == dt.date(1980, 2, 29)
    assert taken.patient.gender is Gender.FEMALE
    assert taken.patient.address is not None
    assert taken.patient.address.zip == "97301"
    assert taken.coverages[0].payer_id == "60101"
    assert taken.coverages[0].relationship is Relationship.SELF
    assert taken.provider_npi == "1992000012"
    assert taken.encounter_class is EncounterClass.AMBULATORY
    assert taken.place_of_service == "11"
    assert taken.notes[0].text == "ASSESSMENT\n1. Cough\n"
    assert taken.notes[0].signed_at == dt.datetime(2026, 1, 6, 2, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("name", "middle", "suffix"),
    [
        ({"given": ["Ana"]}, None, None),
        ({"given": ["Ana", "Maria"], "suffix": ["Jr."]}, "Maria", "Jr"),
        ({"given": ["Ana", "Maria", "Luz"], "suffix": ["iii"]}, "Maria Luz", "III"),
        ({"given": ["Ana", "Q."], "suffix": ["MD"]}, "Q.", None),
        ({"given": ["Ana"], "suffix": ["PhD", "SR."]}, None, "Sr"),
        ({"given": ["Ana"], "suffix": ["Jr., M.D."]}, None, "Jr"),
        # Whole names alone: the third would make 28 characters, and a claim holds 25.
        ({"given": ["Ana", "Guadalupe", "Fernanda", "Alexandra"]}, "Guadalupe Fernanda", None),
    ],
)
def test_a_middle_name_and_a_generation_are_read_and_a_degree_is_left_out(
    name: dict[str, Any], middle: str | None, suffix: str | None
) -> None:
    person = patient(name=[{"family": "Alder", **name}])
    holder = person | {"resourceType": "RelatedPerson", "id": "holder"}
    child: dict[str, Any] = {
        "relationship": {"coding": [{"code": "child"}]},
        "subscriber": {"reference": "RelatedPerson/holder"},
    }
    data = bundle(person, holder, organization(), practitioner(), coverage(**child), encounter())

    (taken,) = read_bundle(data, "a.json").taken

    subscriber = taken.coverages[0].subscriber
    assert subscriber is not None
    for read in (taken.patient, subscriber):
        assert (read.last, read.first) == ("Alder", "Ana")
        assert (read.middle, read.suffix) == (middle, suffix)


def test_the_day_of_service_is_the_one_written_in_the_chart_not_its_utc_day() -> None:
    result = read_bundle(whole(), "a.json")

    assert result.taken[0].service_on == dt.date(2026, 1, 5)


def test_codes_that_come_with_the_chart_are_taken_in_their_order() -> None:
    condition = {
        "resourceType": "Condition",
        "id": "c1",
        "encounter": {"reference": "Encounter/visit-M1"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "e119"}]},
    }
    item = {
        "resourceType": "ChargeItem",
        "id": "i1",
        "context": {"reference": "Encounter/visit-M1"},
        "code": {"coding": [{"code": "99213"}]},
        "quantity": {"value": 2},
        "extension": [{"url": "urn:claimflow:modifier", "valueCode": "25"}],
    }

    result = read_bundle(whole(condition, item), "a.json")

    assert result.taken[0].diagnoses == ("E11.9",)
    assert result.taken[0].charges == (ChartedCharge(code="99213", modifiers=("25",), units=2),)


def test_a_refuted_condition_is_no_diagnosis() -> None:
    condition = {
        "resourceType": "Condition",
        "id": "c1",
        "verificationStatus": {"coding": [{"code": "refuted"}]},
        "encounter": {"reference": "Encounter/visit-M1"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E11.9"}]},
    }

    result = read_bundle(whole(condition), "a.json")

    assert result.taken[0].diagnoses == ()


def test_a_dependent_brings_the_subscriber() -> None:
    related = {
        "resourceType": "RelatedPerson",
        "id": "r1",
        "name": [{"family": "Alder", "given": ["Bo"]}],
        "birthDate": "1978-01-01",
        "gender": "male",
    }
    paper = coverage(
        relationship={"coding": [{"code": "spouse"}]},
        subscriber={"reference": "RelatedPerson/r1"},
    )
    data = bundle(patient(), organization(), practitioner(), paper, related, encounter())

    result = read_bundle(data, "a.json")

    subscriber = result.taken[0].coverages[0].subscriber
    assert subscriber is not None
    assert (subscriber.first, subscriber.birth_on) == ("Bo", dt.date(1978, 1, 1))


def test_coverages_come_in_the_order_in_which_they_pay() -> None:
    second = coverage(order=2, subscriberId="SECOND")
    data = bundle(patient(), organization(), practitioner(), second, coverage(), encounter())

    result = read_bundle(data, "a.json")

    assert [paper.member_id for paper in result.taken[0].coverages] == ["AH123", "SECOND"]


def test_a_missing_member_id_is_taken_in_for_the_front_desk_to_fill() -> None:
    paper = coverage()
    del paper["subscriberId"]
    data = bundle(patient(), organization(), practitioner(), paper, encounter())

    result = read_bundle(data, "a.json")

    assert result.taken[0].coverages[0].member_id == ""


def test_a_file_that_is_not_json_is_one_refusal_with_its_line() -> None:
    result = read_bundle(b'{"resourceType":\n oops', "broken.json")

    (refusal,) = result.refused
    assert result.taken == ()
    assert refusal.source == "broken.json"
    assert "not JSON (line 2" in refusal.rule


def test_json_that_is_no_bundle_is_one_refusal() -> None:
    result = read_bundle(b'["a list"]', "list.json")

    assert [refusal.rule for refusal in result.refused] == ["the file is not a FHIR Bundle"]


def test_a_bundle_without_encounters_says_so() -> None:
    result = read_bundle(bundle(patient()), "empty.json")

    assert [refusal.rule for refusal in result.refused] == ["the bundle holds no encounter"]


def test_a_broken_patient_costs_only_that_patients_encounter() -> None:
    data = bundle(
        patient("M1", birthDate="1980-02-31"),
        organization(),
        practitioner(),
        encounter("M1"),
        patient("M2"),
        coverage("M2"),
        encounter("M2"),
    )

    result = read_bundle(data, "two.json")

    assert [taken.patient.mrn for taken in result.taken] == ["M2"]
    (refusal,) = result.refused
    assert refusal.place == "Bundle.entry[0].resource.birthDate"
    assert refusal.encounter_key == "ehr:visit-M1"
    assert "real day" in refusal.rule
    assert refusal.what_to_do


def test_a_coverage_of_an_absent_payer_costs_the_encounter() -> None:
    data = bundle(patient(), practitioner(), coverage(), encounter())

    result = read_bundle(data, "a.json")

    assert result.taken == ()
    assert result.refused[0].place == "Bundle.entry[2].resource.payor[0].reference"


def test_an_entry_without_a_resource_is_named_and_the_rest_is_read() -> None:
    data = json.loads(whole())
    data["entry"].append({"resource": {"id": "nothing"}})

    result = read_bundle(json.dumps(data).encode(), "a.json")

    assert len(result.taken) == 1
    assert result.refused[0].place == "Bundle.entry[5].resource"
    assert result.refused[0].encounter_key is None


def test_an_encounter_that_is_not_finished_is_refused() -> None:
    data = bundle(patient(), practitioner(), encounter(status="in-progress"))

    result = read_bundle(data, "a.json")

    assert [refusal.rule for refusal in result.refused] == [
        "only a finished encounter can be billed"
    ]


def test_a_second_copy_of_an_encounter_is_refused_and_the_first_taken() -> None:
    result = read_bundle(whole(encounter()), "a.json")

    assert len(result.taken) == 1
    assert "only once" in result.refused[0].rule
    assert result.refused[0].encounter_key is None


def test_a_service_after_death_is_refused() -> None:
    data = bundle(patient(deceasedDateTime="2025-12-29"), practitioner(), encounter())

    result = read_bundle(data, "a.json")

    assert "after the patient's death" in result.refused[0].rule


def test_a_note_that_is_not_base64_costs_the_encounter() -> None:
    broken = note(
        content=[{"attachment": {"contentType": "text/plain", "data": "not base64 at all!"}}]
    )

    result = read_bundle(whole(broken), "a.json")

    assert result.taken == ()
    assert result.refused[0].place.endswith("attachment.data")


def test_a_quantity_of_half_a_unit_is_refused() -> None:
    item = {
        "resourceType": "ChargeItem",
        "id": "i1",
        "context": {"reference": "Encounter/visit-M1"},
        "code": {"coding": [{"code": "99213"}]},
        "quantity": {"value": 0.5},
    }

    result = read_bundle(whole(item), "a.json")

    assert result.refused[0].place == "Bundle.entry[5].resource.quantity.value"


def test_values_of_the_wrong_kind_are_refused_not_raised() -> None:
    values: tuple[Any, ...] = (7, True, {"a": 1}, ["x"], None, "xxx")
    for name in ("name", "identifier", "birthDate"):
        for value in values:
            broken = {**patient(), name: value}
            result = read_bundle(bundle(broken, practitioner(), encounter()), "a.json")

            assert len(result.taken) + len(result.refused) == 1


def test_a_transaction_whose_references_are_urns_is_read_too() -> None:
    resources = [patient(), organization(), practitioner(), coverage(), encounter()]
    urns = {
        f"{one['resourceType']}/{one['id']}": f"urn:uuid:{at}" for at, one in enumerate(resources)
    }
    text = json.dumps(
        {
            "resourceType": "Bundle",
            "type": "transaction",
            "entry": [
                {"fullUrl": f"urn:uuid:{at}", "resource": one} for at, one in enumerate(resources)
            ],
        }
    )
    for name, urn in urns.items():
        text = text.replace(f'"reference": "{name}"', f'"reference": "{urn}"')

    result = read_bundle(text.encode(), "transaction.json")

    assert result.refused == ()
    assert result.taken[0].coverages[0].payer_id == "60101"


def test_a_number_too_long_to_read_is_a_refusal() -> None:
    result = read_bundle(b'{"resourceType": ' + b"9" * 5000 + b"}", "long.json")

    assert "not JSON" in result.refused[0].rule


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
_MAKERS = (patient, organization, practitioner, coverage, encounter, note)


@given(
    at=st.integers(0, len(_MAKERS) - 1),
    pick=st.integers(0, 20),
    value=_JSON,
)
def test_any_value_in_any_place_is_taken_or_refused_and_never_raised(
    at: int, pick: int, value: object
) -> None:
    resources = [make() for make in _MAKERS]
    keys = sorted(resources[at])
    resources[at][keys[pick % len(keys)]] = value

    result = read_bundle(bundle(*resources), "any.json")

    assert len(result.taken) + len(result.refused) >= 1
    assert all(refusal.place and refusal.rule and refusal.what_to_do for refusal in result.refused)


def in_hospital(**changes: Any) -> dict[str, Any]:
    return encounter(**{"class": {"code": "IMP"}, **changes})


def taken_of(*resources: dict[str, Any]) -> ChartedEncounter:
    result = read_bundle(
        bundle(patient(), organization(), practitioner(), coverage(), *resources), "a.json"
    )
    assert result.refused == ()
    return result.taken[0]


def test_a_visit_in_the_hospital_names_its_stay_and_not_its_own_end_as_the_discharge() -> None:
    of_stay = {"identifier": {"value": "H7"}, "reference": "Encounter/stay-1"}

    taken = taken_of(in_hospital(partOf=of_stay))

    assert (taken.stay_no, taken.discharged_on) == ("H7", None)


def test_a_stay_without_a_number_goes_by_what_the_source_calls_it() -> None:
    assert taken_of(in_hospital(partOf={"reference": "Encounter/stay-1"})).stay_no == "stay-1"


def test_the_visit_that_says_where_the_patient_went_ends_the_stay() -> None:
    went_home = {"dischargeDisposition": {"coding": [{"code": "home"}]}}

    taken = taken_of(
        in_hospital(partOf={"reference": "Encounter/stay-1"}, hospitalization=went_home)
    )

    assert taken.discharged_on == dt.date(2026, 1, 5)


def test_a_whole_admission_in_one_encounter_ends_with_it() -> None:
    taken = taken_of(in_hospital())

    assert (taken.stay_no, taken.discharged_on) == (None, dt.date(2026, 1, 5))


def test_a_visit_in_the_office_is_part_of_no_stay() -> None:
    assert taken_of(encounter(partOf={"reference": "Encounter/stay-1"})).stay_no is None
