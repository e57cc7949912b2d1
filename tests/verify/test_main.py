"""The command: words or JSON, and an exit status that a program can trust."""

import json
from dataclasses import dataclass

import psycopg2
import pytest

from settings import libpq_url
from tests.verify import world
from verify import engine
from verify.engine import Engine
from verify.main import main, run


@dataclass(frozen=True, kw_only=True)
class Addresses:
    database_url: str
    engine_address: str | None = None
    engine_namespace: str = "default"


@pytest.fixture
def broken_url(database_url: str) -> str:
    """A world in which the closed encounter was never paid by the patient."""
    connection = psycopg2.connect(libpq_url(database_url))
    with connection, connection.cursor() as cursor:
        world.build(cursor)
    with connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM posting WHERE entry_id = 5")
        cursor.execute("DELETE FROM entry WHERE id = 5")
    connection.close()
    return database_url


def test_a_clean_database_exits_0(world_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(Addresses(database_url=world_url))

    assert status == 0
    assert "promises hold" in capsys.readouterr().out


def test_a_broken_promise_is_told_in_words(
    broken_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(Addresses(database_url=broken_url))

    told = capsys.readouterr().out
    assert status == 1
    assert "BROKEN closed encounters are at zero" in told
    assert "E00000001 has 2500 cents open on line 1" in told


def test_json_lists_the_findings(broken_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(Addresses(database_url=broken_url), as_json=True)

    told = json.loads(capsys.readouterr().out)
    assert status == 1
    assert told["ok"] is False
    assert {"closed encounters are at zero", "receipts are posted once"} == {
        finding["promise"] for finding in told["findings"]
    }


def test_findings_hold_no_patient_data(broken_url: str) -> None:
    told = run(broken_url).in_words()

    assert not any(word in told for word in ("Sample", "Ada", "MRN1", "ACM1", "1980"))


def test_a_database_that_is_down_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(Addresses(database_url="postgresql://nobody@127.0.0.1:1/none"))

    told = capsys.readouterr().err
    assert status == 2
    assert "could not ask the database" in told
    assert len(told.splitlines()) == 1


def test_a_missing_table_is_a_broken_promise(world_url: str, database_url: str) -> None:
    connection = psycopg2.connect(libpq_url(database_url))
    with connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE incident")
    connection.close()

    findings = {finding.promise: finding.examples for finding in run(database_url).findings}

    assert findings == {"nothing stays failed": ("it could not be asked (UndefinedTable)",)}


def test_an_engine_that_is_down_is_a_finding_while_work_is_open(
    world_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "ANSWER_WITHIN_SECONDS", 1.0)

    report = run(world_url, Engine(address="127.0.0.1:1", namespace="default"))

    assert [finding.promise for finding in report.findings] == [engine.NAME]
    assert "does not answer" in report.in_words()
