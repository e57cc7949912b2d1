"""Visits the servers of remote routes: sends what waits, fetches what lies there, and keeps what
came of it. No transaction is open while the network is used, and whatever a server or a route's
settings provoke stops that route alone.
"""

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from sqlalchemy import exists, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from casework import route_outages, route_secrets, routes
from casework.moment import Moment, moment
from db.models import Outbox, Route
from dispatch import remote_inbox, remote_outbox, sftp
from dispatch.exchange import Inbound, readable
from dispatch.remote_inbox import Fetched, Shelf
from dispatch.remote_outbox import Quay
from dispatch.sftp import Address

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One route as it stood when it was looked at."""

    route: str
    address: Address
    quay: Quay
    shelf: Shelf
    sends: bool


def due(sessions: sessionmaker[Session], home: Path) -> list[Visit]:
    """The routes to be visited now: something waits, or it is time to look."""
    with sessions() as session:
        remote = session.scalars(
            select(Route)
            .where(Route.transport == "sftp", Route.paused_at.is_(None))
            .order_by(Route.name)
        ).all()
        if not remote:
            return []
        now = moment(session)
        return [_visit(route, home, now) for route in remote if _is_due(session, route, now)]


async def visit_each(
    sessions: sessionmaker[Session], inbound: Inbound, visits: Sequence[Visit]
) -> None:
    """Each in a thread of its own: a slow partner holds up nobody else. All are back when this
    ends, also by a failure: two visits of one route would write the same temporary file."""
    ended = await asyncio.gather(
        *(asyncio.to_thread(visit, sessions, inbound, at) for at in visits), return_exceptions=True
    )
    for one in ended:
        if isinstance(one, BaseException):
            raise one


def visit(sessions: sessionmaker[Session], inbound: Inbound, at: Visit) -> int:
    """How many files went or came; an outage or a wrong key is kept with the route."""
    try:
        return _exchange(sessions, inbound, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as failure:
        # Nobody foresaw it, and the other routes do not pay for it.
        log.error("route not visited", route=at.route, error=type(failure).__name__)
        _fail(sessions, at, f"we cannot visit its server ({type(failure).__name__})")
        return 0


def _exchange(sessions: sessionmaker[Session], inbound: Inbound, at: Visit) -> int:
    moved, fetched = 0, Fetched()
    try:
        with sftp.connected(at.address) as door:
            if at.sends:
                moved += remote_outbox.send_waiting(sessions, door, at.quay)
            fetched = remote_inbox.fetch_waiting(inbound, door, at.shelf)
            moved += fetched.taken
    except sftp.WrongKey as failure:
        _pause(sessions, at, str(failure), offered=failure.offered)
    except sftp.Occupied as failure:
        _pause(sessions, at, str(failure), offered=None)
    except (sftp.Down, FileNotFoundError, PermissionError) as failure:
        _fail(sessions, at, _told(failure))
    except OSError as failure:
        # The server's failures are `Down`: this one is of our own disk.
        _fail(sessions, at, f"our own disk refuses files ({(failure.strerror or '').lower()})")
    else:
        _keep(sessions, at, fetched)
    return moved


def _is_due(session: Session, route: Route, now: Moment) -> bool:
    if route.next_try_at is not None:
        return route.next_try_at <= now.at
    if route.next_look_at is None or route.next_look_at <= now.at:
        return True
    waiting = exists().where(Outbox.route == route.name, Outbox.state.in_(remote_outbox.UNSENT))
    return routes.is_open(route, now) and bool(session.scalar(select(waiting)))


def _visit(route: Route, home: Path, now: Moment) -> Visit:
    by_key = route.signs_in_by == "key"
    key = route_secrets.key_file(home, route)
    return Visit(
        route=route.name,
        address=Address(
            host=route.host,
            port=route.port,
            username=route.username,
            host_key=route.host_key,
            key_file=key if by_key and key.exists() else None,
            password=None if by_key else route_secrets.password(home, route),
        ),
        quay=Quay(route=route.name, place=routes.place_of(route)),
        shelf=Shelf(
            route=route.name, folder=route.download_folder, taken_folder=route.taken_folder
        ),
        sends=routes.is_open(route, now),
    )


def _told(failure: Exception) -> str:
    if isinstance(failure, sftp.Down):
        return str(failure)
    if isinstance(failure, FileNotFoundError):
        return "a folder of it is not there: compare the route's folders with the server's"
    return "it does not let us write or read in its folders"


def _fail(sessions: sessionmaker[Session], at: Visit, words: str) -> None:
    with sessions.begin() as session:
        begins = route_outages.fail(session, at.route, words, moment(session))
    if begins:
        log.error("route down", route=at.route, reason=words)


def _pause(sessions: sessionmaker[Session], at: Visit, words: str, *, offered: str | None) -> None:
    with sessions.begin() as session:
        route = routes.lock(session, at.route)
        route.offered_key = offered
        route_outages.pause(session, route, words, moment(session), None)
    log.error("route paused", route=at.route, reason=words)


def _keep(sessions: sessionmaker[Session], at: Visit, fetched: Fetched) -> None:
    with sessions.begin() as session:
        now = moment(session)
        if fetched.unread or fetched.is_whole:
            unread = [readable(name) for name in fetched.unread]
            route_outages.say_unread(session, at.route, unread, now)
        ended = route_outages.work(session, at.route, now)
        route = routes.lock(session, at.route)
        route.next_look_at = now.at + dt.timedelta(minutes=route.look_minutes)
    if ended:
        log.info("route works again", route=at.route)
