"""Scenarios of our own, whose balances were worked out by hand before they were first played."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenarios.judging import Scenario, judge, scenarios
from tests.scenarios.play import Play


@pytest.mark.parametrize("scenario", scenarios(Path(__file__).parent / "own.yaml"))
def test_a_scenario_of_our_own_ends_with_the_balances_worked_out_by_hand(
    scenario: Scenario, begin: Callable[[Scenario], Play]
) -> None:
    play = begin(scenario)

    judge(play, scenario)
