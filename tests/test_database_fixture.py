"""The databases that tests are given are migrated, empty and their own."""

import socket

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session


def tables(url: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        count = connection.scalar(
            text("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
        )
    engine.dispose()
    return int(count or 0)


def test_a_test_is_given_a_migrated_database(database_url: str) -> None:
    assert tables(database_url) > 1


@pytest.mark.parametrize("_again", [1, 2])
def test_what_a_test_writes_no_other_test_finds(database_url: str, _again: int) -> None:
    engine = create_engine(database_url)

    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_over (id int)"))

    engine.dispose()


@pytest.mark.parametrize("_again", [1, 2])
def test_what_a_session_commits_is_rolled_back(session: Session, _again: int) -> None:
    session.execute(text("CREATE TABLE left_over (id int)"))

    session.commit()

    assert session.scalar(text("SELECT count(*) FROM left_over")) == 0


def test_tests_reach_this_machine_only() -> None:
    with socket.socket() as outside, pytest.raises(RuntimeError, match="this machine only"):
        outside.connect(("192.0.2.1", 80))


def test_accents_are_letters_to_the_database(session: Session) -> None:
    assert session.scalar(text("SELECT lower('É')")) == "é"
