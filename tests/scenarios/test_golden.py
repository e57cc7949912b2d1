"""The golden scenarios: events and real 835 files in, every account to the cent out."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenarios.judging import Scenario, judge, scenarios
from tests.scenarios.play import Play
from tests.scenarios.proofs import PROOFS

# Beside the checkout unless told otherwise; tests/conftest.py clears what begins with CLAIMFLOW_.
TESTDATA = Path(
    os.environ.get("CLAIMFLOW_TESTDATA", Path(__file__).parents[2].parent / "shared" / "testdata")
)


@pytest.mark.parametrize("scenario", scenarios(TESTDATA / "scenarios.yaml"))
def test_a_scenario_ends_with_the_balances_it_was_written_with(
    scenario: Scenario, begin: Callable[[Scenario], Play]
) -> None:
    play = begin(scenario)

    judge(play, scenario)

    if prove := PROOFS.get(scenario["id"]):
        prove(play)
