"""Open work in the database against live workflows in the engine: ids only, no payload is read."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError

# What is visible in a list lags behind what runs.
VISIBLE_WITHIN_SECONDS = 5.0
LOOK_EVERY_SECONDS = 0.5
ANSWER_WITHIN_SECONDS = 10.0
LISTED_MAX = 1_000_000

NAME = "open work is alive"
SENTENCE = "Every open encounter, account and remittance has a live workflow, a closed one none."
HAS_WORKFLOW = ("encounter:", "patient-balance:", "remittance:")

OpenSubjects = Callable[[], frozenset[str]]


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Where the engine answers."""

    address: str
    namespace: str


def differences(engine: Engine, open_subjects: OpenSubjects) -> list[str]:
    """Where the two still differ after a while; `open_subjects` is asked anew each time."""
    return asyncio.run(_differences(engine, open_subjects))


async def _differences(engine: Engine, open_subjects: OpenSubjects) -> list[str]:
    if not open_subjects():
        return []
    try:
        client = await asyncio.wait_for(_connect(engine), ANSWER_WITHIN_SECONDS)
        return await _settled(client, open_subjects)
    except (RPCError, RuntimeError, TimeoutError):
        return [f"the engine at {engine.address} does not answer: no workflow could be seen"]


async def _settled(client: Client, open_subjects: OpenSubjects) -> list[str]:
    """A difference counts when it was there at every look."""
    lasting: set[str] | None = None
    for _ in range(int(VISIBLE_WITHIN_SECONDS / LOOK_EVERY_SECONDS) + 1):
        found = compare(open_subjects(), await running(client))
        lasting = found if lasting is None else lasting & found
        if not lasting:
            return []
        await asyncio.sleep(LOOK_EVERY_SECONDS)
    return sorted(lasting or ())


def compare(open_keys: frozenset[str], live: frozenset[str]) -> set[str]:
    dead = {f"{key} is open, but no workflow runs for it" for key in open_keys - live}
    ours = {key for key in live if key.startswith("encounter:")}
    return dead | {f"{key} is closed, but its workflow runs" for key in ours - open_keys}


async def running(client: Client) -> frozenset[str]:
    found = set()
    async for execution in client.list_workflows(
        "ExecutionStatus = 'Running'", page_size=1_000, limit=LISTED_MAX
    ):
        found.add(execution.id)
    return frozenset(found)


async def _connect(engine: Engine) -> Client:
    config = ClientConfig.load_client_connect_config()
    config["target_host"] = engine.address
    config["namespace"] = engine.namespace
    return await Client.connect(**config)
