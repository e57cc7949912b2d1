"""Verify ends with 0 when every promise holds, 1 with the list of what is broken, 2 unasked."""

import json
import socket

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from tests.commands.conftest import Run

Sessions = sessionmaker[Session]


def test_an_empty_system_keeps_every_promise(run: Run) -> None:
    said = run("verify")

    assert said.status == 0
    assert "promises hold" in said.out


def test_a_broken_promise_is_listed(run: Run, sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.execute(text("ALTER TABLE raw_file DROP CONSTRAINT uq_raw_file_sha256"))

    said = run("verify")
    told = json.loads(run("verify", "--json").out)

    assert said.status == 1
    assert "BROKEN" in said.out
    assert told["ok"] is False
    assert told["findings"]


def test_a_database_that_is_down_is_neither_right_nor_wrong(
    bare_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        monkeypatch.setenv("DATABASE_URL", f"postgresql://ana:hush@127.0.0.1:{port}/claims")

        said = bare_run("verify")

    assert said.status == 2
    assert len(said.complaints) == 1
    assert f"127.0.0.1:{port} does not answer" in said.err
    assert "hush" not in said.err
