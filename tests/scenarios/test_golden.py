"""The golden scenarios: events and real 835 files in, every account to the cent out."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select, text

from db.models import Encounter, Wait
from domain.encounter import Stage
from domain.tasks import TaskKind
from tests.scenarios.play import Play
from tests.scenarios.proofs import PROOFS

Scenario = Mapping[str, Any]

# Beside the checkout unless told otherwise; tests/conftest.py clears what begins with CLAIMFLOW_.
TESTDATA = Path(
    os.environ.get("CLAIMFLOW_TESTDATA", Path(__file__).parents[2].parent / "shared" / "testdata")
)
FILE = TESTDATA / "scenarios.yaml"
NOT_COVERED: dict[str, str] = {}

# What a scenario calls a task, and what we call it.
KIND_OF = {
    "denial": TaskKind.DENIAL,
    "denial line 3": TaskKind.DENIAL,
    "reversal: find other coverage": TaskKind.DENIAL,
    "appeal lost: decide": TaskKind.DENIAL,
    "underpayment": TaskKind.UNDERPAYMENT,
    "appeal 1 review": TaskKind.APPEAL_REVIEW,
    "patient credit": TaskKind.PATIENT_CREDIT,
    "returned payment": TaskKind.RETURNED_PAYMENT,
    "void approval": TaskKind.VOID_APPROVAL,
    "835 out of balance": TaskKind.POSTING_EXCEPTION,
    # A plan within our rules is agreed by the biller alone; docs/scenarios.md says why.
    "plan approval": None,
}
# Tasks in which we keep what a scenario tells as an event only.
OURS = {
    "S03": [TaskKind.WRITE_OFF_APPROVAL],
    "S12": [TaskKind.APPEAL_REVIEW],
    "S19": [TaskKind.APPEAL_DECISION, TaskKind.WRITE_OFF_APPROVAL],
}
CODING = (TaskKind.CODING_REVIEW, TaskKind.PROVIDER_QUERY)


def _scenarios() -> list[Any]:
    if not FILE.exists():
        skip = pytest.mark.skip(reason=f"{FILE} is not there: set $CLAIMFLOW_TESTDATA")
        return [pytest.param({}, id="scenarios", marks=skip)]
    every = yaml.safe_load(FILE.read_text())["scenarios"]
    return [pytest.param(one, id=one["id"]) for one in every if one["id"] not in NOT_COVERED]


@pytest.mark.parametrize("scenario", _scenarios())
def test_a_scenario_ends_with_the_balances_it_was_written_with(
    scenario: Scenario, begin: Callable[[Scenario], Play]
) -> None:
    play = begin(scenario)

    snapshots = _play(play, scenario)

    assert play.balances() == scenario["expected"]
    assert snapshots == scenario.get("at", {})
    assert _kinds(play) == _expected_kinds(scenario)
    assert len(play.statements()) == scenario["statements"]
    assert _left_open(play) == []
    if prove := PROOFS.get(scenario["id"]):
        prove(play)
    play.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def _play(play: Play, scenario: Scenario) -> dict[str, dict[str, int]]:
    """All events, and the balances asked for at the end of some days."""
    asked, events = scenario.get("at", {}), scenario["events"]
    snapshots: dict[str, dict[str, int]] = {}
    for event in events:
        play.event(event)
        day = str(event["day"])
        if day in asked:
            found = play.balances()
            snapshots[day] = {account: found.get(account, 0) for account in asked[day]}
    play.pass_to(events[-1]["day"] + 1)
    return snapshots


def _kinds(play: Play) -> list[TaskKind]:
    return sorted(task.kind for task in play.tasks() if task.kind not in CODING)


def _expected_kinds(scenario: Scenario) -> list[TaskKind]:
    named = [KIND_OF[name] for name in scenario["tasks"]]
    return sorted([kind for kind in named if kind] + OURS.get(scenario["id"], []))


def _left_open(play: Play) -> list[str]:
    """Encounters that are not closed, and what is still awaited or asked."""
    encounters = play.session.scalars(select(Encounter).order_by(Encounter.id))
    waits = play.session.scalars(select(Wait).where(Wait.ended_at.is_(None)).order_by(Wait.id))
    return [
        *(one.encounter_no for one in encounters if one.stage is not Stage.CLOSED),
        *(wait.what for wait in waits),
        *(task.title for task in play.open_tasks()),
    ]
