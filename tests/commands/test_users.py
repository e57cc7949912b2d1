"""People are let in, given passwords and shut out in the terminal; every change is audited."""

import io
import json

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from commands import demo_users
from db.models import AuditEvent, Provider, User, UserSession
from domain.tasks import Role
from tests.commands.conftest import Run
from web import passwords

Sessions = sessionmaker[Session]
SENTENCE = "a sentence to keep in mind"
OTHER = "another sentence to keep in mind"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> "pytest.MonkeyPatch":
    """What comes over standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SENTENCE}\n"))
    return monkeypatch


@pytest.fixture
def ana(run: Run, typed: pytest.MonkeyPatch) -> None:
    run("users", "add", "ana", "--role", "biller", "--name", "Ana Ruiz", "--password-stdin")


def test_somebody_new_may_sign_in_and_it_is_audited(
    run: Run, sessions: Sessions, ana: None
) -> None:
    with sessions() as session:
        person = session.scalars(select(User)).one()
        events = session.execute(select(AuditEvent.action, AuditEvent.object_key)).all()

    assert (person.username, person.role, person.is_active) == ("ana", Role.BILLER, True)
    assert passwords.is_right(person.password_hash, SENTENCE)
    assert [tuple(event) for event in events] == [("made", "ana")]


def test_people_are_listed_without_their_passwords(run: Run, ana: None) -> None:
    said = run("users", "list")
    told = json.loads(run("users", "list", "--json").out)

    assert [line.split()[0] for line in said.lines] == ["username", "ana"]
    assert told == [{"username": "ana", "role": "biller", "name": "Ana Ruiz", "is_active": True}]


def test_the_same_name_twice_is_refused(run: Run, ana: None, typed: pytest.MonkeyPatch) -> None:
    said = run("users", "add", "ANA", "--role", "coder", "--name", "Ana Two", "--password-stdin")

    assert said.status == 1
    assert said.complaints == ["claimflow: Somebody signs in as ana already; choose another name."]


def test_a_short_password_is_refused(
    run: Run, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))

    said = run("users", "add", "bo", "--role", "biller", "--name", "Bo", "--password-stdin")

    assert said.status == 1
    assert "at least 12 characters" in said.err
    with sessions() as session:
        assert session.scalar(select(func.count(User.id))) == 0


def test_a_new_password_ends_open_logins(
    run: Run, sessions: Sessions, ana: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sign_in(sessions)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{OTHER}\n"))

    said = run("users", "password", "ana", "--password-stdin")

    with sessions() as session:
        person = session.scalars(select(User)).one()
        assert session.scalars(select(UserSession.ended_at)).one() is not None
    assert said.status == 0
    assert passwords.is_right(person.password_hash, OTHER)
    assert not passwords.is_right(person.password_hash, SENTENCE)


def test_who_is_shut_out_loses_the_login_and_may_come_back(
    run: Run, sessions: Sessions, ana: None
) -> None:
    _sign_in(sessions)

    run("users", "disable", "ana")

    with sessions() as session:
        assert session.scalars(select(User.is_active)).one() is False
        assert session.scalars(select(UserSession.ended_at)).one() is not None
    assert run("users", "list").lines[1].endswith("shut out")
    assert run("users", "enable", "ana").status == 0
    with sessions() as session:
        assert session.scalars(select(User.is_active)).one() is True


@pytest.mark.parametrize("verb", ["disable", "enable", "password"])
def test_nobody_of_that_name_is_said(run: Run, verb: str) -> None:
    said = run("users", verb, "nobody")

    assert said.status == 1
    assert said.complaints == [
        "claimflow: Nobody signs in as nobody; “claimflow users list” shows who does."
    ]


def test_a_provider_is_one_of_the_practices_own(
    run: Run, sessions: Sessions, typed: pytest.MonkeyPatch
) -> None:
    role = ("users", "add", "ruth", "--role", "provider", "--name", "Ruth Okafor")

    without = run(*role, "--password-stdin")
    with_npi = run(*role, "--provider", "1992000012", "--password-stdin")

    assert without.status == 2
    assert "1992000012, 1992000020, 1992000038" in without.err
    assert with_npi.status == 0
    with sessions() as session:
        assert session.scalars(
            select(Provider.npi).join(User, User.provider_id == Provider.id)
        ).all() == ["1992000012"]


def test_an_npi_for_a_biller_is_refused(run: Run) -> None:
    said = run("users", "add", "bo", "--role", "biller", "--name", "Bo", "--provider", "1")

    assert said.status == 2
    assert "Only a provider has an NPI" in said.err


def test_an_unknown_role_is_misuse(run: Run) -> None:
    said = run("users", "add", "bo", "--role", "queen", "--name", "Bo")

    assert said.status == 2
    assert "queen" in said.err


def test_users_explains_itself_without_a_system(run: Run) -> None:
    said = run("users", "--help")

    assert said.status == 0
    assert {"add", "list", "password", "disable"} <= set(said.out.split())


def test_the_demos_people_are_made_once_and_every_password_opens(sessions: Sessions) -> None:
    for _ in range(2):
        with sessions.begin() as session:
            told = demo_users.create(session)

    with sessions() as session:
        people = {person.username: person for person in session.scalars(select(User))}
    assert {Role(role) for role, _, _ in told} == set(Role)
    assert sum(role == Role.SUPERVISOR for role, _, _ in told) == 2
    assert len({people[name].provider_id for _, name, _ in told} - {None}) == 3
    for role, name, password in told:
        assert people[name].role == role
        assert passwords.problem_with(password) is None
        assert passwords.is_right(people[name].password_hash, password)


def _sign_in(sessions: Sessions) -> None:
    with sessions.begin() as session:
        person = session.scalars(select(User)).one()
        session.add(UserSession(token_hash=b"t", user_id=person.id, expires_at=func.now()))
