"""A lost file goes once more from the terminal, under the name of whoever proved who they are."""

import io
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from casework import outgoing
from casework.moment import moment
from db.models import AuditEvent, Batch, Outbox, Resend, User
from tests.commands.conftest import Run, Said

Sessions = sessionmaker[Session]
ROUTE, FILE = "clearinghouse", "837p-000000001.x12"
SENTENCE = "a sentence to keep in mind"


@pytest.fixture
def typed(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command with what is typed on standard input; sam and ana may sign in."""

    def with_input(*arguments: str | Path, text: str = SENTENCE) -> Said:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{text}\n"))
        return run(*arguments, "--password-stdin")

    for name, role in (("sam", "supervisor"), ("ana", "biller")):
        with_input("users", "add", name, "--role", role, "--name", name.title())
    return with_input


@pytest.fixture
def went(sessions: Sessions, run: Run) -> None:
    with sessions.begin() as session:
        row = outgoing.put(session, ROUTE, FILE, b"ISA", moment(session))
        row.state, row.sent_at = "done", moment(session).at


def state(sessions: Sessions) -> str:
    with sessions() as session:
        return session.scalars(select(Outbox.state).where(Outbox.name == FILE)).one()


def test_a_lost_file_goes_again_and_who_and_why_are_kept(
    typed: Run, sessions: Sessions, went: None
) -> None:
    said = typed("routes", "resend", ROUTE, FILE, "they lost it", "--by", "sam")

    assert said.lines == [f"{FILE} goes once more on {ROUTE}, under the same name and numbers."]
    assert state(sessions) == "waiting"
    with sessions() as session:
        by = select(User.username, Resend.because).join(User, User.id == Resend.by_id)
        assert [tuple(row) for row in session.execute(by)] == [("sam", "they lost it")]
        told = select(User.username).join(AuditEvent, AuditEvent.user_id == User.id)
        assert session.scalars(told.where(AuditEvent.action == "sent again")).all() == ["sam"]


@pytest.mark.parametrize(
    ("by", "text", "because", "words"),
    [
        ("sam", "not the sentence", "lost", "This name and password do not belong together."),
        ("nobody", SENTENCE, "lost", "This name and password do not belong together."),
        ("ana", SENTENCE, "lost", "Only an administrator or a supervisor sends a file again."),
        ("sam", SENTENCE, " ", "Say why the file is sent again."),
    ],
)
def test_without_right_or_reason_nothing_goes(
    typed: Run, sessions: Sessions, went: None, by: str, text: str, because: str, words: str
) -> None:
    said = typed("routes", "resend", ROUTE, FILE, because, "--by", by, text=text)

    assert (said.status, said.complaints) == (1, [f"claimflow: {words}"])
    assert state(sessions) == "done"


def test_somebody_who_was_shut_out_sends_nothing(typed: Run, run: Run, went: None) -> None:
    run("users", "disable", "sam")

    said = typed("routes", "resend", ROUTE, FILE, "lost", "--by", "sam")

    assert said.complaints == ["claimflow: This name and password do not belong together."]


def test_a_file_that_waits_or_is_not_there_is_said(
    typed: Run, sessions: Sessions, went: None
) -> None:
    typed("routes", "resend", ROUTE, FILE, "lost", "--by", "sam")

    again = typed("routes", "resend", ROUTE, FILE, "lost", "--by", "sam")
    other = typed("routes", "resend", ROUTE, "837p-9.x12", "lost", "--by", "sam")

    assert again.complaints == ["claimflow: The file has not gone yet: it is sent by itself."]
    assert (again.status, other.status) == (1, 1)
    assert other.complaints[0].startswith("claimflow: Nothing went on clearinghouse as 837p-9.x12")


def test_what_was_acknowledged_goes_again_only_if_one_insists(
    typed: Run, sessions: Sessions, went: None
) -> None:
    with sessions.begin() as session:
        outbox_id = session.scalars(select(Outbox.id).where(Outbox.name == FILE)).one()
        now = moment(session)
        session.add(
            Batch(
                route=ROUTE, kind="837p", opened_at=now.at, closed_at=now.at,
                control_number=1, outbox_id=outbox_id, acknowledged_at=now.at,
            )
        )  # fmt: skip

    first = typed("routes", "resend", ROUTE, FILE, "lost", "--by", "sam")
    before = state(sessions)
    second = typed("routes", "resend", ROUTE, FILE, "lost", "--by", "sam", "--insist")

    assert (first.status, second.status) == (1, 0)
    assert "It was acknowledged on" in first.complaints[0]
    assert "insist" in first.complaints[0]
    assert (before, state(sessions)) == ("done", "waiting")
