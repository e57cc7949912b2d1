"""Files that cannot be used, in the terminal: listed, shown, and answered as on the page."""

import io
import json
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from casework import lockbox
from casework.moment import moment
from db.models import Payer, PayerAlias, RawFile, Remittance, Task, User
from domain.tasks import TaskKind, TaskStatus
from tests.commands import samples
from tests.commands.conftest import Run, Said
from tests.commands.test_resend import SENTENCE

Sessions = sessionmaker[Session]


@pytest.fixture
def typed(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    def with_input(*arguments: str | Path) -> Said:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{SENTENCE}\n"))
        return run(*arguments, "--password-stdin")

    for name, role in (("ada", "administrator"), ("sam", "supervisor")):
        with_input("users", "add", name, "--role", role, "--name", name.title())
    return with_input


@pytest.fixture
def number(run: Run, tmp_path: Path, sessions: Sessions) -> str:
    """A remittance of a payer that is not ours: it waits in quarantine, by this number."""
    path = tmp_path / "stranger.835"
    path.write_bytes(samples.remittance_835().replace(b"*60101~", b"*99999~"))
    assert run("inbox", path).status == 1
    with sessions() as session:
        return str(session.scalars(select(RawFile.id)).one())


def task(sessions: Sessions) -> Task:
    with sessions() as session:
        return session.scalars(select(Task).where(Task.kind == TaskKind.QUARANTINED_FILE)).one()


def test_without_a_file_that_is_said(run: Run) -> None:
    said = run("routes", "quarantine", "list")

    assert (said.status, said.lines) == (0, ["No file waits in quarantine."])
    assert json.loads(run("routes", "quarantine", "list", "--json").out) == []


def test_a_file_that_cannot_be_used_is_listed_and_shown_with_what_may_be_done(
    run: Run, number: str
) -> None:
    heading, row = run("routes", "quarantine", "list").lines
    (told,) = json.loads(run("routes", "quarantine", "list", "--json").out)
    shown = run("routes", "quarantine", "show", number).lines
    as_json = json.loads(run("routes", "quarantine", "show", number, "--json").out)

    assert heading.split()[:3] == ["number", "file", "route"]
    assert row.split()[:3] == [number, "stranger.835", "clearinghouse"]
    assert "is not one of ours" in row
    assert (told["number"], told["file"]) == (number, "stranger.835")
    assert any("is not one of ours" in line for line in shown)
    assert f"  Received {told['came']}" in shown
    assert shown[-3:] == [
        f"  claimflow routes quarantine {verb} {number} --by NAME"
        for verb in ("asked-again", "take-in", "set-aside")
    ]
    assert as_json["choices"] == ["asked_again", "take_in", "set_aside"]


def test_a_file_is_taken_in_once_the_payer_is_there(
    typed: Run, sessions: Sessions, number: str
) -> None:
    early = typed("routes", "quarantine", "take-in", number, "--by", "ada")
    with sessions.begin() as session:
        payer_id = session.scalars(select(Payer.id).order_by(Payer.id)).first()
        session.add(PayerAlias(alias="99999", payer_id=payer_id))

    taken = typed("routes", "quarantine", "take-in", number, "--by", "ada")

    assert early.status == 1
    assert "is not one of ours" in early.complaints[0]
    assert taken.lines == ["The file was taken in after all."]
    with sessions() as session:
        assert session.scalars(select(Remittance.trace_number)).all() == ["EFT0001"]
    assert task(sessions).status is TaskStatus.ANSWERED


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("asked-again", "The sender was asked for the file again."),
        ("set-aside", "The file was set aside."),
    ],
)
def test_it_is_closed_once_under_the_name_of_whoever_did(
    typed: Run, sessions: Sessions, number: str, verb: str, words: str
) -> None:
    done = typed("routes", "quarantine", verb, number, "--by", "ada")
    again = typed("routes", "quarantine", verb, number, "--by", "ada")

    assert done.lines == [words]
    assert again.status == 1
    assert again.complaints[0].startswith(f"claimflow: No file {number} waits in quarantine")
    closed = task(sessions)
    assert closed.answer == {"action": [verb.replace("-", "_")]}
    with sessions() as session:
        assert session.get_one(User, closed.answered_by_id).username == "ada"


def test_a_task_of_an_administrator_is_closed_by_nobody_else(
    typed: Run, sessions: Sessions, number: str
) -> None:
    said = typed("routes", "quarantine", "set-aside", number, "--by", "sam")

    assert said.complaints == ["claimflow: This task belongs to the administrator."]
    assert task(sessions).status is TaskStatus.OPEN


def test_a_damaged_file_is_not_taken_in(
    run: Run, typed: Run, sessions: Sessions, tmp_path: Path
) -> None:
    path = tmp_path / "letter.835"
    path.write_bytes(b"Dear practice")
    run("inbox", path)
    with sessions() as session:
        number = str(session.scalars(select(RawFile.id)).one())

    said = typed("routes", "quarantine", "take-in", number, "--by", "ada")

    assert said.complaints == ["claimflow: The file itself is damaged; ask for it again."]
    assert task(sessions).status is TaskStatus.OPEN


def test_rows_of_a_lockbox_say_each_what_is_wrong(run: Run, sessions: Sessions) -> None:
    content = b"received_on,statement_no,account_no,amount_cents,check_no\n2026-02-14,S1,G1,x,1\n"
    with sessions.begin() as session:
        lockbox.take_in(session, "box.csv", content, moment(session))
        number = str(session.scalars(select(RawFile.id)).one())

    shown = run("routes", "quarantine", "show", number)

    assert shown.status == 0
    assert any(line.strip().startswith("1. row 1:") for line in shown.lines)
    assert not any("take-in" in line for line in shown.lines)
