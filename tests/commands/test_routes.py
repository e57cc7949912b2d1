"""Routes in the terminal: how each stands, what went on it, and what is refused in plain words."""

import io
import sys

import pytest
from sqlalchemy.orm import Session, sessionmaker

from casework import outgoing, routes
from casework.moment import moment
from tests.commands.conftest import Run

Sessions = sessionmaker[Session]
NAME = "clearinghouse"
# An Ed25519 key, as a server shows it.
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDvoJeC83iSuIvsNyOoPhWg1qjIbmAWzsKbQ9+tHgJLA"


def change(sessions: Sessions, **values: object) -> None:
    with sessions.begin() as session:
        route = routes.lock(session, NAME)
        for name, value in values.items():
            setattr(route, name, value)


def to_server(sessions: Sessions, **values: object) -> None:
    change(sessions, transport="sftp", host="sftp.partner.example", username="cedar", **values)


def test_each_route_is_a_row_under_a_heading(run: Run) -> None:
    heading, row = run("routes", "list").lines

    assert heading.split() == [
        "route",
        "leads",
        "to",
        "sends",
        "last",
        "contact",
        "(UTC)",
        "stands",
    ]
    assert row.split()[:3] == [NAME, "folder", "tests"]
    assert row.endswith("sends and fetches")


def test_without_a_route_that_is_said(run: Run, sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.delete(routes.lock(session, NAME))

    assert run("routes", "list").lines == ["There is no route yet: the page Routes makes one."]


def test_a_pause_needs_a_reason_and_says_it_until_it_is_resumed(run: Run) -> None:
    without = run("routes", "pause", NAME, " ")
    paused = run("routes", "pause", NAME, "the partner moves")
    listed = run("routes", "list").lines[1]
    resumed = run("routes", "resume", NAME)

    assert (without.status, without.complaints) == (
        1, ["claimflow: Say why the route is paused."],
    )  # fmt: skip
    assert paused.lines == [f"{NAME} is paused."]
    assert "is paused since" in listed
    assert listed.endswith(": the partner moves")
    assert listed.count(NAME) == 1
    assert resumed.lines == [f"{NAME} is resumed."]


def test_a_key_that_a_server_shows_is_compared_and_then_trusted(
    run: Run, sessions: Sessions
) -> None:
    to_server(sessions, offered_key=KEY)

    *_, shown, command = run("routes", "list").lines
    wrong = run("routes", "trust", NAME, "SHA256:other")
    right = run(*command.split()[1:])
    again = run(*command.split()[1:])

    assert shown.startswith(f"{NAME} shows SHA256:")
    assert wrong.complaints == [
        "claimflow: The server shows another key than this one: compare it first."
    ]
    assert right.lines == [f"{NAME} speaks to this server only, from now on."]
    assert again.complaints == [
        "claimflow: The server has shown no key that waits to be confirmed."
    ]


@pytest.mark.parametrize("verb", [["secret", NAME], ["trust", NAME, "SHA256:x"]])
def test_a_folder_has_neither_key_nor_password(
    run: Run, monkeypatch: pytest.MonkeyPatch, verb: list[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("secret"))

    said = run("routes", *verb)

    assert said.status == 1
    assert said.complaints == [
        f"claimflow: {NAME} is a folder of this machine: it has no key and no password."
    ]


def test_files_say_whether_they_went(run: Run, sessions: Sessions) -> None:
    before = run("routes", "files", NAME)
    with sessions.begin() as session:
        outgoing.put(session, NAME, "837p-000000001.x12", b"one", moment(session))
        went = outgoing.put(session, NAME, "837p-000000002.x12", b"two", moment(session))
        went.state, went.sent_at = "done", moment(session).at

    heading, latest, first = run("routes", "files", NAME).lines

    assert before.lines == [f"Nothing was sent on {NAME} yet."]
    assert heading.split() == ["file", "state", "went"]
    assert latest.split()[:2] == ["837p-000000002.x12", "done"]
    assert first.split() == ["837p-000000001.x12", "waiting", "-"]


def test_a_route_that_is_not_there_is_said(run: Run) -> None:
    said = run("routes", "files", "nowhere")

    assert said.complaints == [
        "claimflow: There is no route nowhere: “claimflow routes list” shows them."
    ]
