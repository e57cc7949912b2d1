"""Delivers wakes: signal-with-start under the subject's id, so start, poke and adopt are
one act.
"""

import asyncio
import datetime as dt

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, sessionmaker
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy

from db.models import Wake
from engine.connection import TASK_QUEUE

WORKFLOW_OF = {
    "encounter": "EncounterWorkflow",
    "batch": "SubmissionBatchWorkflow",
    "remittance": "RemittanceWorkflow",
    "patient-balance": "PatientBalanceWorkflow",
}
# After kill -9 of a worker the engine waits this long for its workflow task (facts: mend 7).
TASK_TIMEOUT = dt.timedelta(seconds=3)
AT_ONCE = 40
DELIVER_WITHIN = dt.timedelta(seconds=10)

log = structlog.get_logger()


async def deliver(sessions: sessionmaker[Session], client: Client) -> int:
    """Deliver the wakes that are there now; returns how many subjects were woken."""
    waiting = await asyncio.to_thread(_waiting, sessions)
    delivered = await asyncio.gather(*(_ring(client, subject) for subject in waiting))
    done = {subject: waiting[subject] for subject in delivered if subject is not None}
    if done:
        await asyncio.to_thread(_forget, sessions, done)
    return len(done)


def _waiting(sessions: sessionmaker[Session]) -> dict[str, list[int]]:
    """Each subject with news, and the very wakes that this delivery will cover."""
    with sessions.begin() as session:
        rows = session.execute(
            select(Wake.subject, func.array_agg(Wake.id))
            .group_by(Wake.subject)
            .order_by(func.min(Wake.id))
            .limit(AT_ONCE)
        )
        return {subject: list(ids) for subject, ids in rows}


def _forget(sessions: sessionmaker[Session], done: dict[str, list[int]]) -> None:
    # A wake that came meanwhile stays; its id may be lower than ours, for ids are given before
    # the commit.
    with sessions.begin() as session:
        for ids in done.values():
            session.execute(delete(Wake).where(Wake.id.in_(ids)))


async def _ring(client: Client, subject: str) -> str | None:
    """The subject once it is delivered, None when the engine did not take it: it stays queued."""
    workflow = WORKFLOW_OF.get(subject.partition(":")[0])
    if workflow is None:
        # Files and mail have tasks, but no workflow of their own.
        return subject
    try:
        await client.start_workflow(
            workflow,
            subject,
            id=subject,
            task_queue=TASK_QUEUE,
            start_signal="wake",
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            task_timeout=TASK_TIMEOUT,
            rpc_timeout=DELIVER_WITHIN,
        )
    except Exception as failure:
        log.warning("wake not delivered", subject=subject, error=type(failure).__name__)
        return None
    return subject
