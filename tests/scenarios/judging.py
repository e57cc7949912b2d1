"""A scenario from its first event to its end, judged by what it expects of the books."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from db.models import Encounter, Wait
from domain.encounter import Stage
from domain.tasks import TaskKind
from tests.scenarios.naming import expected_kinds
from tests.scenarios.play import Play

Scenario = Mapping[str, Any]
CODING = (TaskKind.CODING_REVIEW, TaskKind.PROVIDER_QUERY)


def scenarios(file: Path) -> list[Any]:
    """One parameter a scenario; one that is skipped where the file is not there."""
    if not file.exists():
        skip = pytest.mark.skip(reason=f"{file} is not there: set $CLAIMFLOW_TESTDATA")
        return [pytest.param({}, id="scenarios", marks=skip)]
    every = yaml.safe_load(file.read_text())["scenarios"]
    return [pytest.param(one, id=one["id"]) for one in every]


def judge(play: Play, scenario: Scenario) -> None:
    """Play it; then every account, the days it asks for, its tasks, statements, and its end."""
    snapshots = _play(play, scenario)

    assert play.balances() == scenario["expected"]
    assert snapshots == scenario.get("at", {})
    assert _kinds(play) == expected_kinds(scenario)
    assert len(play.statements()) == scenario["statements"]
    assert _left_open(play) == []
    # What the database checks at the end of a transaction is checked too.
    play.session.commit()


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


def _left_open(play: Play) -> list[str]:
    """Encounters that are not over, and what is still awaited or asked."""
    over = (Stage.CLOSED, Stage.CANCELLED)
    encounters = play.session.scalars(select(Encounter).order_by(Encounter.id))
    waits = play.session.scalars(select(Wait).where(Wait.ended_at.is_(None)).order_by(Wait.id))
    return [
        *(one.encounter_no for one in encounters if one.stage not in over),
        *(wait.what for wait in waits),
        *(task.title for task in play.open_tasks()),
    ]
