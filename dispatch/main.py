"""The dispatch process: one loop that listens for news and delivers, sends, takes in and heals."""

import asyncio
import os
import select as selectors
import signal
import sys
import time

import psycopg2
import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from temporalio.client import Client
from temporalio.service import RPCError

from casework import incidents
from db.engine import connect as connect_database
from db.engine import sessions as sessions_of
from dispatch import outbox, reconcile, relay, remote
from dispatch.exchange import Inbound
from dispatch.retention import Retention
from engine.connection import connect
from settings import Settings, libpq_url

# Without news we look this often; LISTEN/NOTIFY makes us look at once.
LOOK_EVERY = 0.2
RECONCILE_EVERY = 2.0
# Servers of partners are visited when something waits or their time has come, asked so often.
REMOTE_EVERY = 1.0
PRUNE_EVERY = 3_600.0
# A database that starts again is there within a second.
CONNECT_EVERY = 0.25
# Held while this process works: a standby waits for it.
DISPATCH_LOCK = 7_204_120

ENGINE = "engine"
ENGINE_IS_DOWN = (
    "The engine (Temporal) does not answer. Answers and files are taken in and kept; everything "
    "goes on by itself when it is back."
)

log = structlog.get_logger()


class Dispatch:
    """The loop; every part may fail and is tried again, none stops the others.

    The lock of the one who dispatches lives with its connection. When that is lost, all parts end
    and begin anew once the lock is ours again.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stop = asyncio.Event()
        self._is_stopping = False
        self._sessions: sessionmaker[Session] = sessions_of(
            connect_database(settings.database_url, "claimflow_worker", pool_size=6)
        )
        self._client: Client | None = None
        # Unknown at the start: the first word of the engine ends an outage of an earlier run.
        self._engine_answers: bool | None = None

    def stop(self) -> None:
        self._is_stopping = True
        self._stop.set()

    async def run(self) -> None:
        while not self._is_stopping:
            listener = await self._listen()
            if listener is not None:
                self._settings.mark_ready("dispatch")
                await asyncio.gather(
                    self._files(), self._remote(), self._wakes(listener), self._reconcile()
                )
                listener.close()
            if not self._is_stopping:
                self._stop.clear()

    async def _listen(self) -> "psycopg2.extensions.connection | None":
        """A connection that hears wakes and holds the lock of the one who dispatches."""
        while not self._stop.is_set():
            try:
                return await asyncio.to_thread(_open_listener, self._settings.database_url)
            except psycopg2.Error:
                await self._pause(CONNECT_EVERY)
        return None

    async def _wakes(self, listener: "psycopg2.extensions.connection") -> None:
        while not self._stop.is_set():
            try:
                await asyncio.to_thread(_hear, listener)
                client = await self._engine()
                while await relay.deliver(self._sessions, client):
                    pass
            except (OperationalError, InterfaceError, psycopg2.Error):
                log.warning("database lost")
                self._stop.set()
            except (RPCError, RuntimeError) as failure:
                log.warning("engine not reachable", error=type(failure).__name__)
                await self._pause(1.0)

    async def _files(self) -> None:
        folder = self._settings.exchange
        inbound = Inbound(sessions=self._sessions, exchange=folder)
        while not self._stop.is_set():
            try:
                sent = await asyncio.to_thread(outbox.send_waiting, self._sessions, folder)
                taken = await asyncio.to_thread(inbound.take_in_waiting)
            except (OperationalError, InterfaceError):
                log.warning("database not reachable for files")
                await self._pause(1.0)
                continue
            if not sent and not taken:
                await self._pause(LOOK_EVERY)

    async def _remote(self) -> None:
        inbound = Inbound(sessions=self._sessions, exchange=self._settings.exchange)
        old_copies = Retention(sessions=self._sessions, exchange=self._settings.exchange)
        prune_at = 0.0
        while not self._stop.is_set():
            try:
                visits = await asyncio.to_thread(remote.due, self._sessions, self._settings.home)
                if time.monotonic() >= prune_at:
                    await asyncio.to_thread(old_copies.prune)
                    prune_at = time.monotonic() + PRUNE_EVERY
                await remote.visit_each(self._sessions, inbound, visits)
            except (OperationalError, InterfaceError):
                log.warning("database not reachable for remote routes")
            except OSError as failure:
                log.warning("old copies not removed", error=type(failure).__name__)
            await self._pause(REMOTE_EVERY)

    async def _reconcile(self) -> None:
        while not self._stop.is_set():
            try:
                client = await self._engine()
                cluster = await reconcile.cluster_id(client)
                await self._say_engine(answers=True)
                adopted = await asyncio.to_thread(reconcile.adopt_if_new, self._sessions, cluster)
                if adopted:
                    log.warning("new engine: adopted what is open", subjects=adopted)
                await asyncio.to_thread(reconcile.sweep, self._sessions)
            except (RPCError, RuntimeError) as failure:
                log.warning("engine not reachable", error=type(failure).__name__)
                await self._say_engine(answers=False)
            except (OperationalError, InterfaceError):
                log.warning("database not reachable")
            await self._pause(RECONCILE_EVERY)

    async def _say_engine(self, *, answers: bool) -> None:
        """The supervisor reads within seconds that the engine is down, and why nothing moves."""
        if answers == self._engine_answers:
            return
        try:
            if answers:
                await asyncio.to_thread(incidents.end_outage, self._sessions, ENGINE)
            else:
                await asyncio.to_thread(
                    incidents.begin_outage, self._sessions, ENGINE, ENGINE_IS_DOWN
                )
        except (OperationalError, InterfaceError):
            return
        self._engine_answers = answers

    async def _engine(self) -> Client:
        if self._client is None:
            self._client = await connect(self._settings)
        return self._client

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return


def _open_listener(url: str) -> "psycopg2.extensions.connection":
    connection = psycopg2.connect(libpq_url(url), connect_timeout=10)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", (DISPATCH_LOCK,))
        cursor.execute("LISTEN wake")
    return connection


def _hear(listener: "psycopg2.extensions.connection") -> None:
    """Return when there is news, or when it is time to look anyway."""
    selectors.select([listener], [], [], LOOK_EVERY)
    listener.poll()
    listener.notifies.clear()


async def _run(settings: Settings) -> None:
    dispatch = Dispatch(settings)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, dispatch.stop)
    await dispatch.run()


def main(settings: Settings) -> None:
    asyncio.run(_run(settings))
    # The SDK's client may crash the interpreter while it shuts down (sdk-python #300).
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
