"""Every encounter of a foreign export is taken or refused, and the counts are known."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from intake.ndjson import read_folder
from intake.profile import load_profile

_CHECKOUT = Path(__file__).resolve().parents[2]
_TESTDATA = Path(os.environ.get("CLAIMFLOW_TESTDATA", _CHECKOUT.parent / "shared" / "testdata"))
_CLINOSIM = _TESTDATA / "fhir_clinosim"

needs_clinosim = pytest.mark.skipif(
    not _CLINOSIM.is_dir(),
    reason=f"{_CLINOSIM} does not exist: set CLAIMFLOW_TESTDATA to the folder of sample data",
)


@needs_clinosim
def test_each_of_the_253_encounters_is_taken_or_refused_with_its_reason() -> None:
    result = read_folder(_CLINOSIM, load_profile("clinosim"))

    keys = [taken.source_key for taken in result.taken]
    keys += [refusal.encounter_key or "" for refusal in result.refused]
    assert len(keys) == len(set(keys)) == 253
    assert len(result.taken) == 234
    assert Counter(refusal.rule for refusal in result.refused) == {
        "the patient pays alone: there is no payer to send a claim to": 10,
        "the practice has no contract with this payer (VA and TRICARE)": 9,
    }


@needs_clinosim
def test_what_is_taken_has_a_payer_a_provider_a_note_and_a_charge_to_confirm() -> None:
    taken = read_folder(_CLINOSIM, load_profile("clinosim")).taken

    assert Counter(str(one.encounter_class) for one in taken) == {"AMB": 194, "EMER": 32, "IMP": 8}
    assert Counter(one.place_of_service for one in taken) == {"11": 194, "23": 32, "21": 8}
    assert Counter(tuple(paper.payer_id for paper in one.coverages) for one in taken) == {
        ("60101",): 79,
        ("60102",): 18,
        ("60103",): 56,
        ("60103", "60106"): 24,
        ("60105",): 17,
        ("60106",): 40,
    }
    assert Counter(charge.code for one in taken for charge in one.charges) == {
        "99213": 194,
        "99283": 32,
        "99222": 8,
        "93306": 2,
        "93000": 1,
    }
    assert all(charge.is_proposed for one in taken for charge in one.charges)
    assert all(one.provider_npi and one.notes for one in taken)
    assert Counter(bool(one.diagnoses) for one in taken) == {True: 226, False: 8}


@needs_clinosim
def test_a_japanese_or_snomed_procedure_is_never_taken_for_a_billing_code() -> None:
    taken = read_folder(_CLINOSIM, load_profile("clinosim")).taken

    codes = {charge.code for one in taken for charge in one.charges}
    assert codes == {"99213", "99283", "99222", "93306", "93000"}


@needs_clinosim
def test_the_physicians_note_stands_before_the_nurses() -> None:
    taken = read_folder(_CLINOSIM, load_profile("clinosim")).taken

    kinds = {one.notes[0].kind.lower() for one in taken}
    assert not any("nurse" in kind or "triage" in kind for kind in kinds)


@needs_clinosim
def test_reading_twice_gives_the_same() -> None:
    first = read_folder(_CLINOSIM, load_profile("clinosim"))

    second = read_folder(_CLINOSIM, load_profile("clinosim"))

    assert first == second


def _write(folder: Path, kind: str, *resources: object) -> None:
    lines = [one if isinstance(one, str) else json.dumps(one) for one in resources]
    (folder / f"{kind}.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _small_export(folder: Path, *, practitioner: str = "DR-PC-001", payer: str = "US-BCBS") -> None:
    _write(
        folder,
        "Patient",
        {
            "resourceType": "Patient",
            "id": "p",
            "identifier": [{"value": "1"}],
            "name": [{"family": "Alder", "given": ["Ana"]}],
            "birthDate": "1980-01-01",
        },
    )
    _write(
        folder,
        "Organization",
        {"resourceType": "Organization", "id": f"payer-{payer}", "name": "A payer"},
    )
    _write(folder, "Practitioner", {"resourceType": "Practitioner", "id": practitioner})
    _write(
        folder,
        "Coverage",
        {
            "resourceType": "Coverage",
            "id": "c",
            "subscriberId": "X1",
            "beneficiary": {"reference": "Patient/p"},
            "payor": [{"reference": f"Organization/payer-{payer}"}],
            "period": {"start": "2026-01-01", "end": "2026-12-31"},
        },
    )
    _write(folder, "Encounter", _small_encounter(practitioner))


def _small_encounter(practitioner: str = "DR-PC-001", on: str = "2026-03-01") -> dict[str, object]:
    return {
        "resourceType": "Encounter",
        "id": f"e-{on}",
        "status": "finished",
        "class": {"code": "EMER"},
        "subject": {"reference": "Patient/p"},
        "period": {"start": on},
        "participant": [{"individual": {"reference": f"Practitioner/{practitioner}"}}],
    }


def test_an_emergency_encounter_gets_its_template_charge_to_confirm(tmp_path: Path) -> None:
    _small_export(tmp_path)

    result = read_folder(tmp_path, load_profile("clinosim"))

    assert [(charge.code, charge.is_proposed) for charge in result.taken[0].charges] == [
        ("99283", True)
    ]
    assert result.taken[0].place_of_service == "23"


def test_only_a_billing_code_system_makes_a_charge_of_a_procedure(tmp_path: Path) -> None:
    _small_export(tmp_path)
    procedures = [
        {
            "resourceType": "Procedure",
            "id": system,
            "encounter": {"reference": "Encounter/e-2026-03-01"},
            "code": {"coding": [{"system": system, "code": code}]},
        }
        for system, code in (
            ("urn:oid:1.2.392.200119.4.401", "93000"),
            ("http://www.ama-assn.org/go/cpt", "93306"),
            ("http://www.ama-assn.org/go/cpt", "51702"),
        )
    ]
    _write(tmp_path, "Procedure", *procedures)

    result = read_folder(tmp_path, load_profile("clinosim"))

    assert [charge.code for charge in result.taken[0].charges] == ["99283", "93306"]


def test_an_unmapped_practitioner_is_refused_by_name_of_the_profile(tmp_path: Path) -> None:
    _small_export(tmp_path, practitioner="DR-XX-999")

    result = read_folder(tmp_path, load_profile("clinosim"))

    assert result.taken == ()
    assert "does not map them" in result.refused[0].rule
    assert "clinosim.json" in result.refused[0].what_to_do


def test_an_unmapped_payer_is_refused(tmp_path: Path) -> None:
    _small_export(tmp_path, payer="US-NEW")

    result = read_folder(tmp_path, load_profile("clinosim"))

    assert "does not map this payer" in result.refused[0].rule


def test_a_service_outside_every_coverage_is_refused(tmp_path: Path) -> None:
    _small_export(tmp_path)
    _write(tmp_path, "Encounter", _small_encounter(on="2027-01-01"))

    result = read_folder(tmp_path, load_profile("clinosim"))

    assert result.refused[0].rule == "no coverage is in force on the day of service"


def test_an_unreadable_line_is_refused_by_file_and_line_and_the_rest_is_read(
    tmp_path: Path,
) -> None:
    _small_export(tmp_path)
    _write(tmp_path, "Encounter", "{broken", _small_encounter())

    result = read_folder(tmp_path, load_profile("clinosim"))

    assert len(result.taken) == 1
    assert result.refused[0].place == "Encounter.ndjson:1"


def test_an_empty_folder_says_what_it_lacks(tmp_path: Path) -> None:
    result = read_folder(tmp_path, load_profile("clinosim"))

    assert result.refused[0].rule == "the folder holds no encounter"
