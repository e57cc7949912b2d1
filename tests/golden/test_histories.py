"""Histories of released versions replay with today's workflows, step by step as they were."""

from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.workflow import NondeterminismError

from domain.encounter import Stage, Standing
from domain.steps import EncounterStep
from tests.golden.replaying import replayed_steps
from workflows.encounter import EncounterWorkflow

HISTORIES = Path(__file__).parent / "histories"
NAMES = ("batch", "clean", "denied_and_corrected", "remittance")


@workflow.defn(name="EncounterWorkflow", sandboxed=False)
class RestsBeforeItActs(EncounterWorkflow):
    """The mistake of somebody who changed the order of two commands."""

    @workflow.run
    async def run(self, subject: str) -> None:
        await super().run(subject)

    async def _when_ready(self, at: Standing, step: EncounterStep) -> Standing:
        at = await self._rest(at)
        return await super()._when_ready(at, step)


@workflow.defn(name="EncounterWorkflow", sandboxed=False)
class SwapsTwoSteps(EncounterWorkflow):
    """Prices before it is coded: the same commands, but with another meaning."""

    @workflow.run
    async def run(self, subject: str) -> None:
        await super().run(subject)

    async def _go_on(self, at: Standing) -> Standing:
        match at.stage:
            case Stage.CODING:
                return await self._when_ready(at, EncounterStep.PRICE)
            case Stage.CHARGES:
                return await self._when_ready(at, EncounterStep.CODE)
            case _:
                return await super()._go_on(at)


def test_every_recorded_history_is_replayed() -> None:
    assert sorted(path.stem for path in HISTORIES.glob("*.json")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_history_replays_to_the_same_steps(name: str) -> None:
    history, steps = _recorded(name)

    assert replayed_steps(name, history) == steps


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_history_holds_no_plain_payload_and_no_names(name: str) -> None:
    history, _ = _recorded(name)

    assert "json/plain" not in history
    assert "Tarrow" not in history
    assert '"binary/encrypted"' in history or "YmluYXJ5L2VuY3J5cHRlZA==" in history


def test_a_changed_order_of_commands_is_caught() -> None:
    history, _ = _recorded("clean")

    with pytest.raises(NondeterminismError):
        replayed_steps("clean", history, [RestsBeforeItActs])


def test_two_swapped_steps_are_caught() -> None:
    """To the engine both are the same command; the recorded steps tell them apart."""
    history, steps = _recorded("clean")

    swapped = replayed_steps("clean", history, [SwapsTwoSteps])

    assert sorted(swapped) == sorted(steps)
    assert swapped != steps


def _recorded(name: str) -> tuple[str, list[str]]:
    history = (HISTORIES / f"{name}.json").read_text(encoding="utf-8")
    steps = (HISTORIES / f"{name}.steps").read_text(encoding="utf-8")
    return history, steps.splitlines()
