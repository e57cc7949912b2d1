"""On the real dev server, with its file: a failure's words are ciphertext, and a lost engine is
noticed by its cluster id."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from dispatch import reconcile, relay
from domain.encounter import Stage, Standing
from domain.steps import StepRequest
from engine.connection import TASK_QUEUE, data_converter
from tests.workflows.stand import KEYS
from workflows.encounter import EncounterWorkflow

SERVER = Path(__file__).parents[2] / ".venv/bin/temporal"
MARKED = "Wilhelmina-Marked-Tarrow"
KEY = "encounter:E00000042"


class FailsInPatientsWords:
    """Every first try fails with a name in its message, once locally and once on the engine."""

    def __init__(self) -> None:
        self.failures: list[bool] = []

    @activity.defn(name="encounter_step")
    def encounter_step(self, _request: StepRequest) -> Standing:
        is_local = activity.info().is_local
        if is_local or not any(not was_local for was_local in self.failures):
            self.failures.append(is_local)
            raise ApplicationError(f"{MARKED} has no address", type="Told")
        return Standing(
            rev=1,
            stage=Stage.CLOSED,
            is_ready=True,
            is_held=False,
            claims=(),
            wait=dt.timedelta(days=1),
        )


def test_the_words_of_a_failure_are_not_in_the_engines_file(tmp_path: Path) -> None:
    steps = FailsInPatientsWords()

    async def fail_and_end(client: Client) -> None:
        with ThreadPoolExecutor(2) as executor:
            async with Worker(
                client,
                task_queue=TASK_QUEUE,
                workflows=[EncounterWorkflow],
                activities=[steps.encounter_step],
                activity_executor=executor,
            ):
                assert await relay._ring(client, KEY) == KEY
                await client.get_workflow_handle(KEY).result()

    kept = _on_dev_server(tmp_path, fail_and_end)

    assert False in steps.failures
    assert True in steps.failures
    # What must be there shows that the search can find anything at all.
    assert KEY.encode() in kept
    assert MARKED.encode() not in kept
    assert b"Wilhelmina" not in kept


def test_another_engine_has_another_cluster_id(tmp_path: Path) -> None:
    found: list[str] = []

    async def ask(client: Client) -> None:
        found.append(await reconcile.cluster_id(client))
        found.append(await reconcile.cluster_id(client))

    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        _on_dev_server(tmp_path / name, ask)

    first, again, other, _ = found
    assert first
    assert first == again
    assert first != other


def _on_dev_server(folder: Path, story: Callable[[Client], Awaitable[None]]) -> bytes:
    """Run the story and return every byte that the engine has kept."""
    file = folder / "temporal.db"

    async def run() -> None:
        async with await WorkflowEnvironment.start_local(
            dev_server_existing_path=str(SERVER),
            dev_server_database_filename=str(file),
            data_converter=data_converter(KEYS),
        ) as env:
            await story(env.client)

    asyncio.run(run())
    return b"".join(path.read_bytes() for path in sorted(folder.glob("temporal.db*")))
