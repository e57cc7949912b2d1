"""A note proposes what it concludes, in its own words, and never what it denies or suspects."""

import datetime as dt
import json
import os
from pathlib import Path

import pytest

from codesets.phrases import finding_words, service_words
from codesets.suggest import suggest
from domain.coding import Caution, Rule

_DAY = dt.date(2026, 2, 3)
_TESTDATA = Path(
    os.environ.get("CLAIMFLOW_TESTDATA", Path(__file__).resolve().parents[3] / "shared/testdata")
)
_ACI_BENCH = _TESTDATA / "notes" / "aci_bench.jsonl"


def _note(*findings: str, services: tuple[str, ...] = ()) -> str:
    listed = [f"{number}. {words}" for number, words in enumerate(findings, start=1)]
    head = ["SUBJECTIVE", "Seen today. Denies chest pain.", "", "ASSESSMENT"]
    return "\n".join([*head, *listed, "", "SERVICES", *services])


def test_the_seed_walk_with_diabetes_and_a_moderate_visit() -> None:
    note = _note(
        "Type 2 diabetes without complications",
        services=("established patient visit, moderate complexity",),
    )

    found = suggest(note, _DAY)

    assert [one.code for one in found.diagnoses] == ["E11.9"]
    assert [(one.code, one.units) for one in found.procedures] == [("99214", 1)]


def test_the_seed_walk_with_an_infection_and_an_electrocardiogram() -> None:
    note = _note("Acute upper respiratory infection", services=("electrocardiogram with report",))

    found = suggest(note, _DAY)

    assert [one.code for one in found.diagnoses] == ["J06.9"]
    assert [one.code for one in found.procedures] == ["93000"]


def test_every_finding_and_service_of_the_demo_is_found_by_its_words() -> None:
    note = _note(*finding_words().values(), services=tuple(service_words().values()))

    found = suggest(note, _DAY)

    assert [one.code for one in found.diagnoses] == list(finding_words())
    assert [one.code for one in found.procedures] == list(service_words())
    assert {one.confidence for one in found.diagnoses} == {100}
    assert (found.choices, found.passed_over) == ((), ())


def test_units_follow_the_words_of_a_service() -> None:
    found = suggest(_note("Cough", services=("dexamethasone, per mg x 4",)), _DAY)

    assert [(one.code, one.units) for one in found.procedures] == [("J1100", 4)]


def test_a_suggestion_names_the_very_place_in_the_note() -> None:
    note = _note("Essential hypertension", "Cough")

    found = suggest(note, _DAY)

    assert [note[one.start : one.end] for one in found.diagnoses] == [
        "Essential hypertension",
        "Cough",
    ]


def test_what_is_only_told_or_denied_is_not_proposed() -> None:
    note = "SUBJECTIVE\nHas asthma, she says. Denies cough.\n\nASSESSMENT\n1. Anemia\n"

    found = suggest(note, _DAY)

    assert [one.code for one in found.diagnoses] == ["D64.9"]


@pytest.mark.parametrize(
    ("phrase", "caution"),
    [
        ("No anemia", Caution.NEGATED),
        ("Asthma ruled out", Caution.NEGATED),
        ("Possible asthma", Caution.UNCERTAIN),
        ("Asthma?", Caution.UNCERTAIN),
        ("Rule out urinary tract infection", Caution.UNCERTAIN),
        ("Family history of asthma", Caution.FAMILY),
        ("History of gout", Caution.HISTORY),
        ("Acute bronchitis, resolved", Caution.HISTORY),
        ("Acute bronchitis: resolved.", Caution.HISTORY),
        ("Anemia - ruled out by the blood count", Caution.NEGATED),
        ("Essential hypertension (possible)", Caution.UNCERTAIN),
    ],
)
def test_a_condition_that_is_not_present_is_passed_over_with_its_reason(
    phrase: str, caution: Caution
) -> None:
    found = suggest(_note(phrase), _DAY)

    assert found.diagnoses == ()
    assert [one.caution for one in found.passed_over] == [caution]


def test_the_known_part_of_a_phrase_is_kept_and_the_suspected_part_passed_over() -> None:
    found = suggest(_note("Right knee pain, possible gout"), _DAY)

    assert [one.code for one in found.diagnoses] == ["M25.561"]
    assert [one.words for one in found.passed_over] == ["possible gout"]


def test_a_denial_holds_for_all_that_is_listed_after_it() -> None:
    found = suggest(_note("No anemia, gout or asthma", "No anemia, gout"), _DAY)

    assert found.diagnoses == ()
    assert {one.caution for one in found.passed_over} == {Caution.NEGATED}


def test_a_name_that_itself_says_without_is_not_a_denial() -> None:
    note = _note("Migraine, unspecified, not intractable, without status migrainosus")

    found = suggest(note, _DAY)

    assert [(one.code, one.rule) for one in found.diagnoses] == [("G43.909", Rule.OFFICIAL_NAME)]


def test_a_family_of_codes_is_a_choice_and_never_filled_in() -> None:
    found = suggest(_note("Type 2 diabetes mellitus NOS", "Diabetes"), _DAY)

    assert [one.header for one in found.choices] == ["E11"]
    assert "E11" not in [one.code for one in found.diagnoses]
    assert "E11.9" in [child.code for child in found.choices[0].children]


def test_a_code_that_ended_before_the_service_is_not_proposed() -> None:
    before = suggest(_note("Dilated cardiomyopathy"), dt.date(2026, 9, 30))
    after = suggest(_note("Dilated cardiomyopathy"), dt.date(2026, 10, 1))

    assert [one.code for one in before.diagnoses] == ["I42.0"]
    assert after.diagnoses == ()
    assert [one.header for one in after.choices] == ["I42.0"]


def test_a_slip_of_the_pen_is_found_but_marked_as_similar() -> None:
    found = suggest(_note("Essential hypertention"), _DAY)

    assert [(one.code, one.rule) for one in found.diagnoses] == [("I10", Rule.SIMILAR_NAME)]
    assert found.diagnoses[0].confidence < 80


def test_a_visit_without_a_conclusion_is_coded_by_the_symptoms_that_brought_the_patient() -> None:
    note = "CHIEF COMPLAINT\nWorsening dyspnea, wheezing, diabetes\n\nASSESSMENT\nSee chart.\n"

    found = suggest(note, _DAY)

    assert [(one.code, one.rule) for one in found.diagnoses] == [
        ("R06.00", Rule.COMPLAINT),
        ("R06.2", Rule.COMPLAINT),
    ]


def test_a_complaint_is_left_alone_where_the_note_concludes_something() -> None:
    note = "CHIEF COMPLAINT\nCough\n\nASSESSMENT\n1. Acute bronchitis\n"

    found = suggest(note, _DAY)

    assert [one.code for one in found.diagnoses] == ["J20.9"]


@pytest.mark.parametrize("phrase", ["Hepatitis C", "Neck sprain", "Counseling"])
def test_a_like_sounding_disease_is_not_proposed(phrase: str) -> None:
    found = suggest(_note(phrase), _DAY)

    assert found.diagnoses == ()


@pytest.mark.parametrize("note", ["", "\n\n", "A", "ASSESSMENT", "1. Cough", "ASSESSMENT\n\x00"])
def test_a_note_without_conclusions_proposes_nothing(note: str) -> None:
    found = suggest(note, _DAY)

    assert found.diagnoses == found.procedures == ()


@pytest.mark.skipif(
    not _ACI_BENCH.is_file(),
    reason=f"{_ACI_BENCH} does not exist: set CLAIMFLOW_TESTDATA to the folder of sample data",
)
def test_real_clinic_notes_get_sensible_codes() -> None:
    lines = _ACI_BENCH.read_text(encoding="utf-8").splitlines()
    notes = {one["encounter_id"]: one["note"] for one in map(json.loads, lines)}

    codes = {
        key: [one.code for one in suggest(note, _DAY).diagnoses] for key, note in notes.items()
    }

    assert codes["D2N168"] == ["I10", "F32.A"]
    assert "K21.9" in codes["D2N169"]
    assert sum(bool(found) for found in codes.values()) >= len(notes) // 2
