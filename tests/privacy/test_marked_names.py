"""No mark of a patient is found outside PostgreSQL and the exchange files."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.privacy.life import Life, live
from tests.privacy.marked import MARK, mark_the_world

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]

# The truth, the files of the outside, and the outside's own memory may name people.
MAY_NAME = {"exchange", "sim"}


@pytest.fixture(scope="module")
def life() -> Iterator[Life]:
    # Not under pytest's own folder, which is closed to the database's user when root runs tests.
    home = Path(tempfile.mkdtemp(prefix="claimflow-tests-"))
    home.chmod(0o711)
    with pytest.MonkeyPatch.context() as patch:
        mark_the_world(patch)
        yield live(home)
    shutil.rmtree(home, ignore_errors=True)


def files_of(home: Path) -> Iterator[Path]:
    """Every file that is not a table of PostgreSQL, nor of the outside."""
    for path in home.rglob("*"):
        inside = path.relative_to(home).parts
        is_table = inside[:2] == ("postgres", "data")
        if path.is_file() and not is_table and inside[0] not in MAY_NAME:
            yield path


def test_the_marked_people_were_there(life: Life) -> None:
    charts = b"".join(path.read_bytes() for path in (life.home / "exchange").rglob("*.*"))

    assert MARK in life.marks.in_bytes(charts)
    assert life.counts["patient"] > 1
    assert life.counts["remittance"] > 0


def test_no_file_of_ours_names_a_patient(life: Life) -> None:
    searched = list(files_of(life.home))

    leaks = {str(path): found for path in searched if (found := life.marks.in_bytes(_read(path)))}

    assert leaks == {}
    names = {path.name for path in searched}
    assert {"claimflow.log", "temporal.db", "clock.json", "codec.json"} <= names


def test_no_file_name_names_a_patient(life: Life) -> None:
    ours = [*files_of(life.home), *(life.home / "exchange" / "outbound").rglob("*")]

    leaks = [str(path) for path in ours if life.marks.in_text(str(path.relative_to(life.home)))]

    assert leaks == []


def test_the_engine_keeps_ids_in_clear_and_nothing_else(life: Life) -> None:
    engine = b"".join(_read(path) for path in (life.home / "temporal").iterdir())

    assert b"encounter:E" in engine
    assert life.marks.in_bytes(engine) == []
    assert life.marks.in_text(life.descriptions) == []


def test_a_failure_that_names_a_patient_is_ciphertext_in_the_engine(life: Life) -> None:
    shown = "".join(str(event) for history in life.histories for event in history.events)

    assert MARK in life.decoded.lower()
    assert "Encoded failure" in shown
    assert life.marks.in_text(shown) == []


def test_a_failure_that_names_a_patient_is_told_by_its_step_alone(life: Life) -> None:
    assert "plan_claims" in life.incident
    assert life.marks.in_text(life.incident) == []


def test_a_page_that_fails_on_a_patients_name_does_not_tell_it(life: Life) -> None:
    assert "Something failed on our side" in life.broken_page
    assert "page failed" in _read(life.home / "log" / "claimflow.log").decode()
    assert life.marks.in_text(life.broken_page) == []


def test_no_address_header_or_title_names_a_patient(life: Life) -> None:
    leaks = [visit.kept for visit in life.visits if life.marks.in_text(visit.kept)]

    assert leaks == []
    visited = {visit.url.split("/")[3] for visit in life.visits if visit.status == 200}
    assert {"encounters", "tasks", "queues", "stuck", "remittances"} <= visited


@pytest.mark.parametrize("kept", ["journal", "audit", "wait", "file", "task", "task log"])
def test_no_record_in_words_names_a_patient(life: Life, kept: str) -> None:
    words = life.words[kept]

    assert words
    assert [one for one in words if life.marks.in_text(one)] == []


def test_every_read_of_a_patients_page_leaves_a_row(life: Life) -> None:
    assert life.unread == []
    assert life.counts["audit_event"] > 0


def _read(path: Path) -> bytes:
    return path.read_bytes()
