"""Stuck shows what the supervisor's page shows, the most money first."""

import json

import pytest
from sqlalchemy.orm import Session, sessionmaker

from casework import subjects, tasks
from casework.moment import moment
from db.models import Incident
from domain.tasks import TaskKind
from tests.casework import factories
from tests.commands.conftest import Run

Sessions = sessionmaker[Session]


@pytest.fixture
def stuck(sessions: Sessions, encounter_no: str) -> str:
    """A file that nobody looked at for ten days, and an encounter whose step fails."""
    with sessions.begin() as session:
        now = moment(session)
        subject = subjects.ensure(session, "file:1", now)
        tasks.open_task(
            session, TaskKind.QUARANTINED_FILE, subject=subject.key, cause="file",
            title="File a.835 cannot be used", reason="It is not X12.", now=now,
            amount_cents=70_000,
        )  # fmt: skip
        session.add(
            Incident(
                subject=f"encounter:{encounter_no}", step="price", words="No price", failures=4
            )
        )
        factories.stop_clock(session, 10)
    return encounter_no


def test_nothing_is_stuck_at_first(run: Run, encounter_no: str) -> None:
    assert run("stuck").lines == ["Nothing is stuck."]


def test_each_row_says_why_for_how_long_and_how_much(run: Run, stuck: str) -> None:
    said = run("stuck")

    assert said.status == 0
    assert said.lines[0] == "file:1: A person has not answered, 8 days, $700.00"
    assert "File a.835 cannot be used. It is not X12." in said.lines[1]
    assert said.lines[3].startswith(f"{stuck} (registered): Our error: a step keeps failing")
    assert "No price (4 times, step price)" in said.lines[4]
    assert said.lines[-1].startswith("2 stuck, $")


def test_json_tells_the_same(run: Run, stuck: str) -> None:
    told = json.loads(run("stuck", "--json").out)

    assert [row["cause"] for row in told["stuck"]] == ["person", "failure"]
    assert [row["encounter"] for row in told["stuck"]] == [None, stuck]
    assert told["stuck"][0]["days"] == 8
    assert told["amount_cents"] == sum(row["amount_cents"] for row in told["stuck"])
