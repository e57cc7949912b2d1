"""A practice in an empty database, with the payers and prices of one scenario."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from commands import inbox
from tests.scenarios import commandline, practice
from tests.scenarios.engine import DAY_ZERO, Engine
from tests.scenarios.play import Play


@pytest.fixture
def begin(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Mapping[str, Any]], Play]]:
    """Lays the practice of a scenario and opens its first day; all is committed, as in life."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("CLAIMFLOW_HOME", str(tmp_path / "home"))
    # Nobody else works here: what is not posted soon is never posted.
    monkeypatch.setattr(inbox, "POSTED_WITHIN", 20.0)
    monkeypatch.setattr(inbox, "LOOK_EVERY", 0.01)
    with ExitStack() as open_things:
        engine = create_engine(database_url)
        open_things.callback(engine.dispose)

        def lay(scenario: Mapping[str, Any]) -> Play:
            session = open_things.enter_context(Session(engine))
            people = practice.lay(session, scenario)
            clock = Engine(session=session)
            clock.set_clock(DAY_ZERO)
            return Play(
                session=session,
                people=people,
                engine=clock,
                inbox=commandline.in_this_process(database_url),
                folder=tmp_path,
                acknowledges=not practice.is_acknowledged_by_hand(scenario),
            )

        yield lay
