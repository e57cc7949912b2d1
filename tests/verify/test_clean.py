"""A consistent database keeps every promise, and asking changes nothing."""

import psycopg2
import pytest

from tests.verify.conftest import Breaker
from tests.verify.mutants import AGAIN
from verify.main import PROMISES, run
from verify.snapshot import opened


def test_a_consistent_world_keeps_every_promise(world_url: str) -> None:
    report = run(world_url)

    assert report.ok, report.in_words()
    assert len(report.checked) == len(PROMISES)


def test_an_empty_database_keeps_every_promise(database_url: str) -> None:
    report = run(database_url)

    assert report.ok, report.in_words()


def test_a_file_asked_for_once_more_a_moment_ago_breaks_nothing(break_by: Breaker) -> None:
    assert break_by(AGAIN.format(minutes=0)) == set()


def test_promises_have_names_of_their_own() -> None:
    names = [promise.name for promise in PROMISES]

    assert len(names) == len(set(names))


def test_verification_cannot_write(world_url: str) -> None:
    with (
        opened(world_url) as snapshot,
        snapshot.connection.cursor() as cursor,
        pytest.raises(psycopg2.errors.ReadOnlySqlTransaction),
    ):
        cursor.execute("DELETE FROM wait")
