"""The bare engine: a workflow with seven empty local activities and five waits, and an empty
update.
"""

import asyncio
import datetime as dt
import time
from dataclasses import dataclass

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

QUEUE = "bench"
WAITS = 5
AT_ONCE = 40
WITHIN = dt.timedelta(seconds=60)


@activity.defn
async def do_nothing(number: int) -> int:
    return number


@workflow.defn
class Skeleton:
    """The shape of a clean encounter with no work inside (facts: temporal, last section)."""

    def __init__(self) -> None:
        self._pokes = 0

    @workflow.run
    async def run(self) -> None:
        await self._step(0)
        for place in range(1, WAITS + 1):
            await workflow.wait_condition(lambda at=place: self._pokes >= at)  # type: ignore[misc]
            await self._step(place)
        await self._step(WAITS + 1)

    @workflow.signal
    def wake(self) -> None:
        self._pokes += 1

    async def _step(self, number: int) -> None:
        await workflow.execute_local_activity(do_nothing, number, start_to_close_timeout=WITHIN)


@workflow.defn
class Updated:
    def __init__(self) -> None:
        self._is_over = False

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: self._is_over)

    @workflow.update
    async def answer(self) -> None:
        return

    @workflow.signal
    def end(self) -> None:
        self._is_over = True


@dataclass(frozen=True, kw_only=True)
class Bare:
    workflows_per_minute: float
    events_each: float
    update_seconds: list[float]


async def measure(client: Client, *, workflows: int, updates: int) -> Bare:
    """On the same server and codec as the product, with a worker in this process."""
    async with Worker(
        client, task_queue=QUEUE, workflows=[Skeleton, Updated], activities=[do_nothing]
    ):
        seconds, events = await _skeletons(client, workflows)
        return Bare(
            workflows_per_minute=workflows * 60 / seconds,
            events_each=events / workflows,
            update_seconds=await _updates(client, updates),
        )


async def _skeletons(client: Client, count: int) -> tuple[float, int]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> int:
        async with gate:
            handle = await client.start_workflow(
                Skeleton.run, id=f"bare:{number}", task_queue=QUEUE
            )
            for _ in range(WAITS):
                await handle.signal(Skeleton.wake)
            await handle.result()
            return (await handle.describe()).history_length

    began = time.monotonic()
    events = await asyncio.gather(*(one(number) for number in range(count)))
    return time.monotonic() - began, sum(events)


async def _updates(client: Client, count: int) -> list[float]:
    handle = await client.start_workflow(Updated.run, id="bare:updated", task_queue=QUEUE)
    await handle.execute_update(Updated.answer)
    taken = []
    for _ in range(count):
        began = time.monotonic()
        await handle.execute_update(Updated.answer)
        taken.append(time.monotonic() - began)
    await handle.signal(Updated.end)
    await handle.result()
    return taken
