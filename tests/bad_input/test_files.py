"""A bad file is one line: where, what, what to do; it leaves its task and nothing else."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework import inbox
from casework.moment import moment
from db.models import Task
from domain.tasks import TaskKind
from tests.bad_input.practice import watching
from tests.commands import samples
from tests.commands.conftest import Run

# The file itself, its one task, and what a task brings with it.
ONE_TASK = {"raw_file": 1, "task": 1, "task_log": 1, "subject": 1, "wait": 1}


@dataclass(frozen=True, kw_only=True)
class Bad:
    """`place`, `what` and `to_do` are said in the one line."""

    command: str
    name: str
    content: bytes
    place: str
    what: str
    to_do: str
    kind: TaskKind

    @property
    def words(self) -> tuple[str, ...]:
        return (self.place, self.what, self.to_do)


def _bundle_with_a_broken_encounter() -> bytes:
    root = json.loads(samples.bundles()[0])
    for entry in root["entry"]:
        if entry["resource"]["resourceType"] == "Encounter":
            entry["resource"]["period"] = {"start": "yesterday"}
    return json.dumps(root).encode()


BAD = (
    Bad(
        command="inbox",
        name="letter.835",
        content=b"Dear practice, please find enclosed",
        place="segment 1 (ISA)",
        what="this is not an X12 file",
        to_do="Ask the sender for it again",
        kind=TaskKind.QUARANTINED_FILE,
    ),
    Bad(
        command="inbox",
        name="short.835",
        content=samples.remittance_835("EFT0002")[:-60],
        place="interchange 000000061",
        what="Segment 17 (DTM): This is where a set without SE ends",
        to_do="Nothing of it was used; ask the sender for it again",
        kind=TaskKind.QUARANTINED_FILE,
    ),
    Bad(
        command="inbox",
        name="cent.835",
        content=samples.remittance_835("EFT0003", paid="100.01"),
        place="remittance EFT0003",
        what="100.01",
        to_do="Nothing of it was posted; ask the payer for a corrected file",
        kind=TaskKind.POSTING_EXCEPTION,
    ),
    Bad(
        command="import",
        name="chart.json",
        content=_bundle_with_a_broken_encounter(),
        place="Bundle.entry[4].resource.period.start",
        what="a date must be a real day written YYYY-MM-DD",
        to_do="Correct the date in the sending system and send the file again",
        kind=TaskKind.QUARANTINED_FILE,
    ),
)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_file_leaves_one_line_one_task_and_no_other_row(
    run: Run, owner: Engine, tmp_path: Path, bad: Bad
) -> None:
    path = tmp_path / bad.name
    path.write_bytes(bad.content)

    with watching(owner) as change:
        said = run(bad.command, path)

    (line,) = said.complaints
    assert said.status == 1
    assert [words for words in bad.words if words not in line] == []
    assert line.startswith(bad.name)
    assert "Traceback" not in said.out + said.err
    assert change.came == ONE_TASK
    assert change.went == {}
    assert _newest_task(owner) == bad.kind


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_file_that_comes_twice_changes_nothing(
    run: Run, owner: Engine, tmp_path: Path, bad: Bad
) -> None:
    path = tmp_path / bad.name
    path.write_bytes(bad.content + b"\n")
    run(bad.command, path)

    with watching(owner) as change:
        said = run(bad.command, path)

    assert said.status == 1
    assert len(said.complaints) == 1
    assert (change.came, change.went) == ({}, {})


def test_a_repeat_of_a_quarantined_file_does_not_say_that_all_is_well(owner: Engine) -> None:
    with Session(owner) as session:
        now = moment(session)
        inbox.take_in(session, "clearinghouse", "first.835", b"A letter", now)
        again = inbox.take_in(session, "clearinghouse", "again.835", b"A letter", now)

    (words,) = again.sentences
    assert words.startswith("again.835: the same file came on 2026-01-05 as first.835 and was ")
    assert "Its task says what to do" in words
    assert "nothing needs to be done" not in words


def test_a_duplicate_835_changes_nothing_and_is_said(
    run: Run, owner: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "sound.835"
    path.write_bytes(samples.remittance_835("EFT0004"))
    run("inbox", path)

    with watching(owner) as change:
        said = run("inbox", path)

    (line,) = said.lines
    assert line.startswith("sound.835: the same file was taken in on ")
    assert line.endswith("nothing was changed, and nothing needs to be done.")
    assert (change.came, change.went) == ({}, {})


def _newest_task(owner: Engine) -> TaskKind:
    with Session(owner) as session:
        return session.scalars(select(Task.kind).order_by(Task.id.desc()).limit(1)).one()
