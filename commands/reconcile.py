"""`claimflow reconcile`: open subjects against running workflows, both differences; what is missing
is woken, and what runs without need is told to look and end."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from temporalio.client import Client
from temporalio.service import RPCError

from casework import batches, subjects
from casework.moment import moment
from commands.database import opened
from commands.failure import CommandFailed
from commands.screen import say, say_json
from db.models import Remittance, Subject
from dispatch import reconcile
from dispatch.relay import WORKFLOW_OF
from engine.connection import connect
from settings import Settings

RUNNING = "ExecutionStatus='Running'"
CONNECT_WITHIN = 15.0
LISTED_MAX = 20


@dataclass(frozen=True, kw_only=True)
class Difference:
    """`missing` are open and have no workflow; `needless` run for nothing that is open."""

    open: int
    running: int
    missing: tuple[str, ...]
    needless: tuple[str, ...]
    adopted: int

    @property
    def woken(self) -> tuple[str, ...]:
        return tuple(sorted({*self.missing, *self.needless}))


def main(settings: Settings, *, as_json: bool) -> int:
    with opened(settings, "claimflow_worker") as sessions:
        cluster, running = asyncio.run(_engine(settings))
        adopted = reconcile.adopt_if_new(sessions, cluster)
        found = compare(open_subjects(sessions), running, adopted=adopted)
        with sessions.begin() as session:
            for key in found.woken:
                subjects.wake(session, key)
    if as_json:
        say_json(found)
    else:
        _say(found)
    return 0


def open_subjects(sessions: sessionmaker[Session]) -> set[str]:
    """Everything that must have a workflow now. Files and letters have tasks only."""
    with sessions() as session:
        keys = set(session.scalars(select(Subject.key).where(Subject.is_open)))
        unposted = session.scalars(select(Remittance.id).where(Remittance.posted_at.is_(None)))
        keys |= {f"remittance:{number}" for number in unposted}
        routes = batches.overdue_routes(session, moment(session))
        keys |= {subjects.batch_key(route) for route in routes}
    return {key for key in keys if _has_workflow(key)}


def compare(open_keys: set[str], running: set[str], *, adopted: int) -> Difference:
    ours = {key for key in running if _has_workflow(key)}
    return Difference(
        open=len(open_keys),
        running=len(ours),
        missing=tuple(sorted(open_keys - ours)),
        needless=tuple(sorted(ours - open_keys)),
        adopted=adopted,
    )


def _has_workflow(key: str) -> bool:
    return key.partition(":")[0] in WORKFLOW_OF


async def _engine(settings: Settings) -> tuple[str, set[str]]:
    try:
        client = await asyncio.wait_for(connect(settings), CONNECT_WITHIN)
        return await reconcile.cluster_id(client), await _running(client)
    except (RuntimeError, RPCError, TimeoutError) as error:
        raise CommandFailed(
            f"The engine at {settings.engine_address} does not answer. Start it "
            f"(“claimflow up --home {settings.home}”) or correct the TEMPORAL_* settings; "
            "nothing was changed."
        ) from error


async def _running(client: Client) -> set[str]:
    return {execution.id async for execution in client.list_workflows(RUNNING)}


def _say(found: Difference) -> None:
    say(f"{found.open:,} open, {found.running:,} workflows running.")
    if found.adopted:
        say(f"The engine is new: all {found.adopted:,} that are open were told to go on.")
    _list("open without a workflow, woken", found.missing)
    _list("running for nothing that is open, told to look", found.needless)
    if not found.woken:
        say("They agree.")


def _list(words: str, keys: Iterable[str]) -> None:
    names = list(keys)
    if not names:
        return
    say(f"{len(names):,} {words}:")
    for name in names[:LISTED_MAX]:
        say(f"  {name}")
    if len(names) > LISTED_MAX:
        say(f"  … and {len(names) - LISTED_MAX:,} more")
