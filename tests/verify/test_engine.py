"""Open work against live workflows: each difference is named, whichever side it is on."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from temporalio.client import Client

from settings import read_run_file
from supervise.system import System
from verify import engine
from verify.engine import Engine, compare
from verify.main import run

ONE, TWO = "encounter:E00000001", "encounter:E00000002"


@pytest.fixture(scope="module")
def live_engine() -> Iterator[Engine]:
    """A real engine without a worker: what is started there goes on running."""
    home = Path(tempfile.mkdtemp(prefix="claimflow-tests-"))
    home.chmod(0o711)
    try:
        with System(home, processes=["temporal"]):
            running = read_run_file(home)
            assert running is not None
            yield Engine(address=running.engine_address, namespace=running.engine_namespace)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def test_open_work_with_a_workflow_is_alive() -> None:
    assert compare({ONE: True}, frozenset({ONE})) == set()


def test_open_work_without_a_workflow_is_found() -> None:
    found = compare({ONE: True, "remittance:1": True}, frozenset({ONE}))

    assert found == {"remittance:1 is open, but no workflow runs for it"}


def test_a_closed_encounter_with_a_workflow_is_found() -> None:
    found = compare({ONE: False}, frozenset({ONE}))

    assert found == {f"{ONE} is closed, but its workflow runs"}


def test_a_workflow_of_another_system_is_left_alone() -> None:
    assert compare({}, frozenset({ONE, "batch:clearinghouse"})) == set()


def test_both_sides_are_compared_on_a_real_engine(
    world_url: str, live_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "VISIBLE_WITHIN_SECONDS", 1.0)
    asyncio.run(_start(live_engine, ONE))

    before = run(world_url, live_engine)
    asyncio.run(_start(live_engine, TWO))
    asyncio.run(_end(live_engine, ONE))
    after = run(world_url, live_engine)

    [found] = before.findings
    assert found.examples == (
        f"{ONE} is closed, but its workflow runs",
        f"{TWO} is open, but no workflow runs for it",
    )
    assert after.ok, after.in_words()


def test_work_that_stops_being_open_meanwhile_is_no_difference(live_engine: Engine) -> None:
    answers = iter([{"remittance:1": True}, {"remittance:1": True}])

    found = engine.differences(live_engine, lambda: next(answers, {"remittance:1": False}))

    assert found == []


async def _start(where: Engine, key: str) -> None:
    """Start a workflow that nobody works on, and wait until the engine's list shows it."""
    client = await Client.connect(where.address, namespace=where.namespace)
    await client.start_workflow("EncounterWorkflow", key, id=key, task_queue="nobody-works-here")
    for _ in range(100):
        if [one async for one in client.list_workflows(f"WorkflowId = '{key}'")]:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the engine does not list what it runs")


async def _end(where: Engine, key: str) -> None:
    client = await Client.connect(where.address, namespace=where.namespace)
    await client.get_workflow_handle(key).terminate()
    for _ in range(100):
        if key not in await engine.running(client):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the engine still lists what has ended")
