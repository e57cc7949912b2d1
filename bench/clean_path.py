"""The clean path: charts with codes, from the file to zero balance, with nobody at a desk."""

from temporalio.client import Client

from bench.figures import Figure
from bench.skeleton import Bare
from bench.stand import Stand

CLOSED = "SELECT count(*) FROM encounter WHERE stage = 'closed'"
# Reading takes no transaction id, so this counts what was committed with a change.
WRITES = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


def measure(stand: Stand, bare: Bare) -> list[Figure]:
    count = stand.size.encounters
    writes = stand.number(WRITES)
    stand.bring(stand.world.encounters[:count])
    seconds = stand.until(lambda: stand.number(CLOSED) == count)
    written = stand.number(WRITES) - writes
    own, shared = stand.with_client(_events)
    beside = "one workflow, 7 empty local activities, 5 waits"
    return [
        Figure(
            name="encounters, chart to zero balance", unit="a minute", ours=count * 60 / seconds,
            bare=bare.workflows_per_minute, beside=beside,
        ),
        Figure(
            name="history events of an encounter's own workflow", unit="events",
            ours=own / count, bare=bare.events_each, beside=beside,
        ),
        Figure(
            name="history events with its share of batches and remittances", unit="events",
            ours=(own + shared) / count, bare=bare.events_each, beside=beside,
        ),
        Figure(name="commits that wrote, per encounter", unit="commits", ours=written / count),
    ]  # fmt: skip


async def _events(client: Client) -> tuple[int, int]:
    own = shared = 0
    async for found in client.list_workflows("TaskQueue = 'claimflow'"):
        if found.id.startswith("encounter:"):
            own += (await client.get_workflow_handle(found.id).describe()).history_length
        else:
            handle = client.get_workflow_handle(found.id, run_id=found.run_id)
            shared += (await handle.describe()).history_length
    return own, shared
