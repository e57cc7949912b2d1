"""`claimflow reconcile`: open subjects against running workflows, both differences; what is missing
is woken, and what runs without need is told to look and end."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from temporalio.client import Client
from temporalio.service import RPCError

from casework import batches, subjects
from casework.moment import moment
from commands.database import opened
from commands.failure import CommandFailed
from commands.screen import plural, say, say_json
from db.models import Remittance, Subject
from dispatch import reconcile
from dispatch.relay import WORKFLOW_OF
from engine.connection import connect
from settings import Settings

RUNNING = "ExecutionStatus='Running'"
CONNECT_WITHIN = 15.0
# The engine's list lags behind what runs: only a difference that lasts is one.
LOOKS = 5
LOOK_EVERY = 0.5
LISTED_MAX = 20
BATCH = "batch:"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """`missing` are open and have no workflow; `needless` run for nothing that is open."""

    open: int
    running: int
    missing: tuple[str, ...]
    needless: tuple[str, ...]

    def lasting(self, before: "Difference") -> "Difference":
        return Difference(
            open=self.open,
            running=self.running,
            missing=tuple(key for key in self.missing if key in before.missing),
            needless=tuple(key for key in self.needless if key in before.needless),
        )

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(sorted({*self.missing, *self.needless}))


def main(settings: Settings, *, as_json: bool) -> int:
    with opened(settings, "claimflow_worker") as sessions:
        found, adopted = asyncio.run(_look(settings, sessions))
        with sessions.begin() as session:
            woken = _wake(session, found.keys)
    unknown = tuple(key for key in found.needless if key not in woken)
    if as_json:
        agree = not found.keys
        say_json({"adopted": adopted, "agree": agree, "difference": found, "unknown": unknown})
    else:
        _say(found, adopted, unknown)
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


def compare(open_keys: set[str], running: set[str]) -> Difference:
    ours = {key for key in running if _has_workflow(key)}
    # A batch is open for as long as its workflow collects: that one is never needless.
    needless = {key for key in ours - open_keys if not key.startswith(BATCH)}
    return Difference(
        open=len(open_keys),
        running=len(ours),
        missing=tuple(sorted(open_keys - ours)),
        needless=tuple(sorted(needless)),
    )


def _has_workflow(key: str) -> bool:
    return key.partition(":")[0] in WORKFLOW_OF


def _wake(session: Session, keys: Sequence[str]) -> set[str]:
    """Wake those that are ours; a workflow of another database would only fail at ours."""
    known = set(session.scalars(select(Subject.key).where(Subject.key.in_(keys))))
    for key in sorted(known):
        subjects.wake(session, key)
    return known


async def _look(settings: Settings, sessions: sessionmaker[Session]) -> tuple[Difference, int]:
    """What differs at every look, and how many were adopted because the engine is a new one."""
    # The database is asked first: without it, whether the engine answers does not matter.
    open_keys = open_subjects(sessions)
    try:
        client = await asyncio.wait_for(connect(settings), CONNECT_WITHIN)
        adopted = reconcile.adopt_if_new(sessions, await reconcile.cluster_id(client))
        found = compare(open_keys, await _running(client))
        for _ in range(LOOKS - 1):
            if not found.keys:
                break
            await asyncio.sleep(LOOK_EVERY)
            found = compare(open_subjects(sessions), await _running(client)).lasting(found)
    except (RuntimeError, RPCError, TimeoutError) as error:
        raise CommandFailed(
            f"The engine at {settings.engine_address} does not answer. Start it "
            f"(“claimflow up --home {settings.home}”) or correct the TEMPORAL_* settings; "
            "nothing was changed."
        ) from error
    return found, adopted


async def _running(client: Client) -> set[str]:
    return {execution.id async for execution in client.list_workflows(RUNNING)}


def _say(found: Difference, adopted: int, unknown: Sequence[str]) -> None:
    say(f"{found.open:,} open, {plural(found.running, 'workflow')} running.")
    if adopted:
        say(f"The engine is new: all {adopted:,} that are open were told to go on.")
    _list("open without a workflow, woken", found.missing)
    told = [key for key in found.needless if key not in unknown]
    _list("running for nothing that is open, told to look", told)
    _list("running for what this database does not know, left alone", unknown)
    if not found.keys:
        say("They agree.")


def _list(words: str, keys: Sequence[str]) -> None:
    if not keys:
        return
    say(f"{len(keys):,} {words}:")
    for key in keys[:LISTED_MAX]:
        say(f"  {key}")
    if len(keys) > LISTED_MAX:
        say(f"  … and {len(keys) - LISTED_MAX:,} more")
