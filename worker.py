"""Composes and runs a worker: workflows in the sandbox, steps in threads, one task queue."""

import asyncio
import datetime as dt
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import structlog
from temporalio.client import Client
from temporalio.worker import Worker

from activities.steps import Steps
from db.engine import connect as connect_database
from db.engine import sessions
from engine.connection import TASK_QUEUE, connect
from settings import Settings
from workflows.encounter import EncounterWorkflow
from workflows.patient_balance import PatientBalanceWorkflow
from workflows.queue import RemittanceWorkflow, SubmissionBatchWorkflow

WORKFLOWS = [
    EncounterWorkflow,
    PatientBalanceWorkflow,
    RemittanceWorkflow,
    SubmissionBatchWorkflow,
]
THREADS = 8
CACHED_WORKFLOWS = 1_000
CONCURRENT_WORKFLOW_TASKS = 8
GRACE = dt.timedelta(seconds=5)

log = structlog.get_logger()


def make_worker(client: Client, steps: Steps, executor: ThreadPoolExecutor) -> Worker:
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=WORKFLOWS,
        activities=steps.all(),
        activity_executor=executor,
        max_concurrent_activities=THREADS,
        max_concurrent_local_activities=THREADS,
        max_concurrent_workflow_tasks=CONCURRENT_WORKFLOW_TASKS,
        max_cached_workflows=CACHED_WORKFLOWS,
        graceful_shutdown_timeout=GRACE,
    )


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    database = connect_database(settings.database_url, "claimflow_worker", pool_size=THREADS)
    with ThreadPoolExecutor(THREADS) as executor:
        client = await connect(settings)
        async with make_worker(client, Steps(sessions(database)), executor):
            settings.mark_ready("worker")
            log.info("worker ready", task_queue=TASK_QUEUE)
            await stop.wait()
    database.dispose()


def main(settings: Settings) -> None:
    asyncio.run(run(settings))
    # The SDK's client may crash the interpreter while it shuts down (sdk-python #300).
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
