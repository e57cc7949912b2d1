"""Open work without a workflow is named and woken, and a workflow without work is named."""

import asyncio
import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker
from temporalio.client import Client
from temporalio.service import RPCError

from casework import subjects
from casework.moment import moment
from commands.reconcile import compare
from db.models import Subject, Wake
from settings import read_run_file
from supervise.system import System
from tests.commands.conftest import Run

Sessions = sessionmaker[Session]


@pytest.fixture(scope="module")
def engine_address() -> Iterator[str]:
    """A real engine without a worker: what is started there goes on running."""
    home = Path(tempfile.mkdtemp(prefix="claimflow-tests-"))
    home.chmod(0o711)
    try:
        with System(home, processes=["temporal"]):
            running = read_run_file(home)
            assert running is not None
            yield running.engine_address
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def on_engine(run: Run, engine_address: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """On an engine that runs nothing yet: what another test started there has ended."""
    monkeypatch.setenv("TEMPORAL_ADDRESS", engine_address)
    asyncio.run(_end_all(engine_address))
    return run


def test_what_is_open_and_has_no_workflow_is_missing() -> None:
    found = compare({"encounter:E1", "encounter:E2"}, {"encounter:E2"})

    assert (found.missing, found.needless) == (("encounter:E1",), ())


def test_a_workflow_of_nothing_open_is_needless_but_a_batch_is_not() -> None:
    found = compare(set(), {"encounter:E1", "batch:clearinghouse", "somebody else's"})

    assert (found.missing, found.needless) == ((), ("encounter:E1",))
    assert found.running == 2


def test_only_a_difference_that_lasts_is_one() -> None:
    before = compare({"encounter:E1", "encounter:E2"}, set())

    found = compare({"encounter:E2", "encounter:E3"}, set()).lasting(before)

    assert found.missing == ("encounter:E2",)


@pytest.mark.system
def test_a_new_engine_is_adopted_and_what_is_missing_is_woken(
    on_engine: Run, sessions: Sessions, encounter_no: str
) -> None:
    with sessions.begin() as session:
        session.execute(delete(Wake))

    said = on_engine("reconcile")

    assert said.status == 0
    assert said.lines[1] == "The engine is new: all 1 that are open were told to go on."
    assert "1 open without a workflow, woken:" in said.lines
    assert f"  encounter:{encounter_no}" in said.lines
    with sessions() as session:
        assert set(session.scalars(select(Wake.subject))) == {f"encounter:{encounter_no}"}


@pytest.mark.system
def test_an_engine_that_runs_what_is_open_agrees_and_nothing_is_woken(
    on_engine: Run, engine_address: str, sessions: Sessions, encounter_no: str
) -> None:
    asyncio.run(_start(engine_address, f"encounter:{encounter_no}"))
    on_engine("reconcile")

    # The engine's list of what runs lags a little behind what it runs.
    for _ in range(20):
        with sessions.begin() as session:
            session.execute(delete(Wake))
        told = json.loads(on_engine("reconcile", "--json").out)
        if told["agree"]:
            break

    assert (told["agree"], told["adopted"]) == (True, 0)
    with sessions() as session:
        assert session.scalars(select(Wake.subject)).all() == []


@pytest.mark.system
def test_a_workflow_of_a_closed_subject_is_told_to_look_and_a_foreign_one_is_left_alone(
    on_engine: Run, engine_address: str, sessions: Sessions
) -> None:
    with sessions.begin() as session:
        subjects.ensure(session, "encounter:E00000777", moment(session))
        session.get_one(Subject, "encounter:E00000777").is_open = False
    asyncio.run(_start(engine_address, "encounter:E00000777"))
    asyncio.run(_start(engine_address, "encounter:E00000888"))

    said = on_engine("reconcile")

    at = said.lines.index("1 running for nothing that is open, told to look:")
    assert said.lines[at + 1] == "  encounter:E00000777"
    assert said.lines[at + 2].endswith("running for what this database does not know, left alone:")
    assert "  encounter:E00000888" in said.lines[at + 3 :]
    with sessions() as session:
        assert set(session.scalars(select(Wake.subject))) == {"encounter:E00000777"}


async def _start(address: str, key: str) -> None:
    """Start a workflow and wait until the engine's list shows it."""
    client = await Client.connect(address)
    await client.start_workflow("EncounterWorkflow", key, id=key, task_queue="nobody-works-here")
    for _ in range(100):
        if [one async for one in client.list_workflows(f"WorkflowId='{key}'")]:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the engine does not list what it runs")


async def _end_all(address: str) -> None:
    """Terminate what runs and wait until the engine's list is empty."""
    client = await Client.connect(address)
    for _ in range(100):
        running = [one async for one in client.list_workflows("ExecutionStatus='Running'")]
        if not running:
            return
        for one in running:
            # What has ended since the list was made is not there any more.
            with contextlib.suppress(RPCError):
                await client.get_workflow_handle(one.id).terminate()
        await asyncio.sleep(0.1)
    raise AssertionError("the engine goes on listing what has ended")
