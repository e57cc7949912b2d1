"""Sends a remote route's files, each exactly once under its name, whenever we die.

The temporary name is kept before the first byte goes (`waiting`), so that a cut upload goes on;
only a whole and proven temporary file is kept as `prepared`, and then renamed. After a crash in
`prepared` the question is, as for a folder, "is the temporary file still there?": if not, it was
renamed, and a receiver may have taken it away already, so it is never uploaded again.
"""

import secrets
from dataclasses import dataclass

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from casework import unsent
from casework.moment import moment
from db.models import Outbox
from dispatch.sftp import Door, Occupied

AT_ONCE = 50
UNSENT = ("waiting", "prepared")

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One row of the outbox, read before anything is said to the server."""

    id: int
    state: str
    name: str
    part: str
    content: bytes


def send_waiting(sessions: sessionmaker[Session], door: Door, route: str, folder: str) -> int:
    """Send what waits for the route, oldest first; returns how many went."""
    with sessions() as session:
        ids = session.scalars(
            select(Outbox.id)
            .where(Outbox.route == route, Outbox.state.in_(UNSENT))
            .order_by(Outbox.id)
            .limit(AT_ONCE)
        ).all()
    return sum(_send(sessions, door, folder, outbox_id) for outbox_id in ids)


def _send(sessions: sessionmaker[Session], door: Door, folder: str, outbox_id: int) -> bool:
    parcel = _claim(sessions, outbox_id)
    if parcel is None:
        return False
    part, name = f"{folder}/{parcel.part}", f"{folder}/{parcel.name}"
    if parcel.state == "waiting":
        if door.look(name) is not None and not _may_follow(door, name, parcel.content):
            raise Occupied(f"a file that is not ours lies there as {parcel.name}")
        door.upload(part, parcel.content)
        if not _prepare(sessions, parcel):
            # Another sender was first: the file is in its hands.
            return False
    _rename(door, part, name, parcel)
    _finish(sessions, outbox_id)
    log.info("file sent", outbox=outbox_id)
    return True


def _may_follow(door: Door, name: str, content: bytes) -> bool:
    """A file that is sent once more may still lie there: the same bytes do no harm."""
    return door.holds(name, content)


def _claim(sessions: sessionmaker[Session], outbox_id: int) -> Parcel | None:
    """The row as it is now, with the temporary name that it keeps from here on; what may not leave
    is refused, on its very bytes."""
    with sessions.begin() as session:
        row = session.get_one(Outbox, outbox_id, with_for_update=True)
        if row.state not in UNSENT:
            return None
        if row.state == "waiting" and unsent.refuse_if_wrong(session, row, moment(session)):
            return None
        if row.part is None:
            row.part = f".{row.name}.{secrets.token_hex(4)}.part"
        return Parcel(id=row.id, state=row.state, name=row.name, part=row.part, content=row.content)


def _prepare(sessions: sessionmaker[Session], parcel: Parcel) -> bool:
    with sessions.begin() as session:
        taken = session.scalar(
            update(Outbox)
            .where(Outbox.id == parcel.id, Outbox.state == "waiting", Outbox.part == parcel.part)
            .values(state="prepared")
            .returning(Outbox.id)
        )
    return taken is not None


def _rename(door: Door, part: str, name: str, parcel: Parcel) -> None:
    if door.look(part) is None:
        # It was renamed before we died.
        return
    if door.look(name) is not None:
        if not door.holds(name, parcel.content):
            raise Occupied(f"a file that is not ours lies there as {parcel.name}")
        door.remove(part)
        return
    try:
        door.rename(part, name)
    except FileNotFoundError:
        return


def _finish(sessions: sessionmaker[Session], outbox_id: int) -> None:
    with sessions.begin() as session:
        session.execute(
            update(Outbox)
            .where(Outbox.id == outbox_id, Outbox.state == "prepared")
            .values(state="done", sent_at=moment(session).at)
        )
