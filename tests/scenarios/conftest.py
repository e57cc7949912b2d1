"""A practice in an empty database, with the payers and prices of one scenario."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.scenarios import practice
from tests.scenarios.engine import DAY_ZERO, Engine
from tests.scenarios.play import Play


@pytest.fixture
def begin(session: Session) -> Callable[[Mapping[str, Any]], Play]:
    """Lays the practice of a scenario and opens its first day."""

    def lay(scenario: Mapping[str, Any]) -> Play:
        people = practice.lay(session, scenario)
        engine = Engine(session=session)
        engine.set_clock(DAY_ZERO)
        by_hand = any(event.get("what") == "277CA A2" for event in scenario["events"])
        return Play(session=session, people=people, engine=engine, acknowledges=not by_hand)

    return lay
