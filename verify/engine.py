"""Open work in the database against live workflows in the engine: ids only, no payload is read."""

import asyncio
from collections.abc import Callable, Mapping
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
SENTENCE = "Every open encounter, account and remittance has a live workflow, no closed encounter."
HAS_WORKFLOW = ("encounter:", "patient-balance:", "remittance:")

# Key of a subject -> whether it is open.
Subjects = Callable[[], Mapping[str, bool]]


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Where the engine answers."""

    address: str
    namespace: str


def differences(engine: Engine, subjects: Subjects) -> list[str]:
    """Where the two still differ after a while; `subjects` is asked anew each time."""
    return asyncio.run(_differences(engine, subjects))


async def _differences(engine: Engine, subjects: Subjects) -> list[str]:
    if not any(subjects().values()):
        return []
    try:
        client = await asyncio.wait_for(_connect(engine), ANSWER_WITHIN_SECONDS)
        return await _settled(client, subjects)
    except (RPCError, RuntimeError, TimeoutError):
        return [f"the engine at {engine.address} does not answer: no workflow could be seen"]


async def _settled(client: Client, subjects: Subjects) -> list[str]:
    """A difference counts when it was there at every look."""
    lasting: set[str] | None = None
    for _ in range(int(VISIBLE_WITHIN_SECONDS / LOOK_EVERY_SECONDS) + 1):
        found = compare(subjects(), await running(client))
        lasting = found if lasting is None else lasting & found
        if not lasting:
            return []
        await asyncio.sleep(LOOK_EVERY_SECONDS)
    return sorted(lasting or ())


def compare(subjects: Mapping[str, bool], live: frozenset[str]) -> set[str]:
    """What differs; a workflow that this database does not know may be another system's."""
    dead = {
        f"{key} is open, but no workflow runs for it"
        for key, is_open in subjects.items()
        if is_open and key not in live
    }
    # An account's or a remittance's workflow may end a little later than its subject.
    undead = {
        f"{key} is closed, but its workflow runs"
        for key, is_open in subjects.items()
        if not is_open and key in live and key.startswith("encounter:")
    }
    return dead | undead


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
