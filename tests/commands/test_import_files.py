"""Import takes every encounter in once or says why not, with only the database running."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from commands import import_files
from db.models import Encounter, RawFile, Subject, Task, Wait, Wake
from domain.tasks import TaskKind, TaskStatus
from tests.commands import samples
from tests.commands.conftest import Run

_CHECKOUT = Path(__file__).resolve().parents[2]
_TESTDATA = Path(os.environ.get("CLAIMFLOW_TESTDATA", _CHECKOUT.parent / "shared" / "testdata"))
_CLINOSIM = _TESTDATA / "fhir_clinosim"
Sessions = sessionmaker[Session]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three bundles of the EHR, one encounter each."""
    made = tmp_path / "charts"
    made.mkdir()
    for number, content in enumerate(samples.bundles(3), start=1):
        (made / f"chart-{number}.json").write_bytes(content)
    return made


def test_a_bundle_is_taken_in_and_its_encounter_is_named(
    run: Run, sessions: Sessions, folder: Path
) -> None:
    said = run("import", folder / "chart-1.json")

    with sessions() as session:
        (encounter,) = session.scalars(select(Encounter)).all()
        woken = session.scalars(select(Wake.subject)).all()
    assert said.status == 0
    assert f"taken in as {encounter.encounter_no}" in said.lines[0]
    assert said.lines[-1] == "1 encounter taken in, 0 repeated, 0 refusals."
    assert said.err == ""
    assert woken == [f"encounter:{encounter.encounter_no}"]


def test_a_repeat_takes_nothing_twice(run: Run, sessions: Sessions, folder: Path) -> None:
    run("import", folder)

    said = run("import", folder)

    assert said.status == 0
    assert said.lines[-1] == "0 encounters taken in, 3 repeated, 0 refusals."
    assert _count(sessions, Encounter) == 3


def test_an_import_that_was_broken_off_is_finished_by_a_repeat(
    run: Run, sessions: Sessions, folder: Path
) -> None:
    run("import", folder / "chart-2.json")

    said = run("import", folder)

    assert "2 encounters taken in, 1 repeated" in said.lines[-1]
    assert _count(sessions, Encounter) == 3


def test_many_encounters_are_taken_in_bounded_transactions(
    run: Run, sessions: Sessions, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_files, "AT_ONCE", 1)
    whole = _merged(folder)

    said = run("import", whole)

    assert said.lines[-1].startswith("3 encounters taken in")


def test_json_counts_every_outcome(run: Run, folder: Path) -> None:
    (folder / "broken.json").write_text("{", encoding="utf-8")

    said = run("import", "--json", folder)

    told = json.loads(said.out)
    assert said.status == 1
    assert (told["taken"], told["repeated"], told["refused"]) == (3, 0, 1)
    assert [len(source["taken"]) for source in told["sources"]] == [0, 1, 1, 1]


def test_a_broken_resource_is_one_line_and_one_task_and_the_rest_is_taken(
    run: Run, sessions: Sessions, folder: Path
) -> None:
    path = _merged(folder)
    _break_encounter(path)

    said = run("import", path)

    assert said.status == 1
    assert len(said.complaints) == 1
    assert said.complaints[0].startswith("whole.json, ")
    assert "period" in said.complaints[0]
    assert _count(sessions, Encounter) == 2
    _assert_one_task(sessions, "whole.json")


def test_a_broken_bundle_again_opens_no_second_task(
    run: Run, sessions: Sessions, folder: Path
) -> None:
    path = _merged(folder)
    _break_encounter(path)
    run("import", path)

    said = run("import", path)

    assert said.status == 1
    assert said.lines[-1] == "0 encounters taken in, 2 repeated, 1 refusal."
    _assert_one_task(sessions, "whole.json")


def test_a_broken_bundle_again_after_the_answer_stays_answered(
    run: Run, sessions: Sessions, tmp_path: Path
) -> None:
    path = tmp_path / "broken.json"
    path.write_text("{", encoding="utf-8")
    run("import", path)
    with sessions.begin() as session:
        task = session.scalars(select(Task)).one()
        task.status = TaskStatus.WITHDRAWN
        session.get_one(Subject, task.subject).is_open = False

    run("import", path)

    with sessions() as session:
        assert session.scalars(select(Task.status)).all() == [TaskStatus.WITHDRAWN]
        files = select(Subject.is_open).where(Subject.key.startswith("file:"))
        assert session.scalars(files).all() == [False]


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("not.json", b"This is a letter.", "the file is not JSON"),
        ("other.json", b'{"resourceType": "Patient"}', "not a FHIR Bundle"),
        ("adt.hl7", b"MSH|^~\\&|EHR|", "FHIR R4 only, not HL7 v2 and CSV"),
        ("message.txt", b"MSH|^~\\&|EHR|", "FHIR R4 only, not HL7 v2 and CSV"),
        ("list.csv", b"mrn,last\n", "FHIR R4 only, not HL7 v2 and CSV"),
        ("Encounter.ndjson", b"{}\n", "one NDJSON file alone is no chart"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(
    run: Run, sessions: Sessions, tmp_path: Path, name: str, content: bytes, rule: str
) -> None:
    (tmp_path / name).write_bytes(content)

    said = run("import", tmp_path / name)

    assert said.status == 1
    assert len(said.complaints) == 1
    assert said.complaints[0].startswith(f"{name}, ")
    assert rule in said.complaints[0]
    assert _count(sessions, Encounter) == 0
    _assert_one_task(sessions, name)


def test_a_folder_without_charts_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    said = run("import", tmp_path / "empty")

    assert said.status == 1
    assert "neither bundles (*.json) nor Encounter.ndjson" in said.err


def test_a_path_that_is_not_there_is_misuse(run: Run, tmp_path: Path) -> None:
    said = run("import", tmp_path / "nowhere.json")

    assert said.status == 2
    assert said.complaints == [f"claimflow: There is no file or folder {tmp_path}/nowhere.json."]


def test_an_unknown_profile_is_named_with_the_known_ones(run: Run, folder: Path) -> None:
    said = run("import", "--profile", "other", folder)

    assert said.status == 2
    assert said.complaints == ["claimflow: There is no import profile other. There are: clinosim."]


def test_an_encounter_of_a_foreign_provider_is_refused_and_leaves_nothing(
    run: Run, sessions: Sessions, folder: Path
) -> None:
    path = folder / "chart-1.json"
    text = path.read_text(encoding="utf-8")
    for npi in ("1992000012", "1992000020", "1992000038"):
        text = text.replace(npi, "1999999992")
    path.write_text(text, encoding="utf-8")

    said = run("import", path)

    assert said.status == 1
    assert "1999999992, then import again" in said.err
    assert _count(sessions, Encounter) == 0


def test_a_database_without_a_practice_says_so(bare_run: Run, folder: Path) -> None:
    said = bare_run("import", folder)

    assert said.status == 1
    assert len(said.complaints) == 1
    assert "has no practice yet" in said.err


@pytest.mark.skipif(not _CLINOSIM.is_dir(), reason=f"{_CLINOSIM} does not exist")
def test_the_foreign_export_is_taken_or_refused_by_known_counts_and_once(
    run: Run, sessions: Sessions
) -> None:
    first = run("import", _CLINOSIM)
    second = run("import", "--profile", "clinosim", _CLINOSIM)

    assert (first.status, second.status) == (1, 1)
    assert first.lines[-1] == "234 encounters taken in, 0 repeated, 19 refusals."
    assert second.lines[-1] == "0 encounters taken in, 234 repeated, 19 refusals."
    assert sum("the patient pays alone" in line for line in first.complaints) == 10
    assert sum("no contract with this payer" in line for line in first.complaints) == 9
    assert _count(sessions, Encounter) == 234
    _assert_one_task(sessions, "fhir_clinosim")


def _merged(folder: Path) -> Path:
    """The bundles of a folder as one file."""
    entries: list[Any] = []
    for path in sorted(folder.glob("chart-*.json")):
        entries += json.loads(path.read_text(encoding="utf-8"))["entry"]
    whole = folder / "whole.json"
    whole.write_text(
        json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}),
        encoding="utf-8",
    )
    return whole


def _break_encounter(path: Path) -> None:
    root = json.loads(path.read_text(encoding="utf-8"))
    for entry in root["entry"]:
        if entry["resource"]["resourceType"] == "Encounter":
            entry["resource"]["period"] = {"start": "yesterday"}
            break
    path.write_text(json.dumps(root), encoding="utf-8")


def _assert_one_task(sessions: Sessions, name: str) -> None:
    with sessions() as session:
        (task,) = session.scalars(select(Task)).all()
        file = session.scalars(select(RawFile)).one()
        wait = session.scalars(select(Wait).where(Wait.task_id == task.id)).one()
        assert session.get_one(Subject, task.subject).due_at == wait.until_at
    assert task.kind is TaskKind.QUARANTINED_FILE
    assert task.raw_file_id == file.id
    assert file.name == name
    assert task.details["findings"]


def _count(sessions: Sessions, of: type[Any]) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(of)) or 0
