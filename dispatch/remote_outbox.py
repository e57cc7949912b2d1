"""Sends a remote route's files, each exactly once under its name, whenever we die.

The temporary name is kept before the first byte goes (`waiting`), so that a cut upload goes on;
only a whole and proven temporary file is kept as `prepared`, and then renamed. After a crash in
`prepared` the question is, as for a folder, "is the temporary file still there?": if not, it was
renamed, and a receiver may have taken it away already, so it is never uploaded again. Where nobody
saw it under its own name, a person is told: it may have been swept away before. A route may
be moved at any moment before that: `prepared` is kept, and believed, only where it leads still.
"""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import assert_never

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from casework import routes, unsent
from casework.moment import moment
from casework.routes import Place
from db.models import Outbox
from dispatch.sftp import Door, Down, Occupied

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


class Upload(StrEnum):
    """Whose is the whole file that lies at the server under its temporary name?"""

    OURS = auto()
    ANOTHERS = auto()
    ASTRAY = auto()


@dataclass(frozen=True, kw_only=True)
class Quay:
    """The route whose files are sent, and the place that this visit is at."""

    route: str
    place: Place


def send_waiting(sessions: sessionmaker[Session], door: Door, quay: Quay) -> int:
    """Send what waits for the route, oldest first; returns how many went."""
    with sessions() as session:
        ids = session.scalars(
            select(Outbox.id)
            .where(Outbox.route == quay.route, Outbox.state.in_(UNSENT))
            .order_by(Outbox.id)
            .limit(AT_ONCE)
        ).all()
    return sum(_send(sessions, door, quay, outbox_id) for outbox_id in ids)


def _send(sessions: sessionmaker[Session], door: Door, quay: Quay, outbox_id: int) -> bool:
    parcel = _claim(sessions, quay, outbox_id)
    if parcel is None:
        return False
    folder = quay.place.upload_folder
    part, name = f"{folder}/{parcel.part}", f"{folder}/{parcel.name}"
    if parcel.state == "waiting":
        if door.look(name) is not None and not _may_follow(door, name, parcel.content):
            raise Occupied(f"a file that is not ours lies there as {parcel.name}")
        door.upload(part, parcel.content)
        if not _is_ours(door, part, _prepare(sessions, quay, parcel)):
            return False
    was_seen = _rename(door, part, name, parcel)
    _finish(sessions, parcel, was_seen=was_seen)
    log.info("file sent", outbox=outbox_id)
    return True


def _may_follow(door: Door, name: str, content: bytes) -> bool:
    """A file that is sent once more may still lie there: the same bytes do no harm."""
    return door.holds(name, content)


def _claim(sessions: sessionmaker[Session], quay: Quay, outbox_id: int) -> Parcel | None:
    """The row as it is now, with the temporary name that it keeps from here on; what may not leave
    is refused, on its very bytes, and what goes to another place by now is left to its visit."""
    with sessions.begin() as session:
        if not routes.stays_at(session, quay.route, quay.place):
            return None
        row = session.get_one(Outbox, outbox_id, with_for_update=True)
        if row.state not in UNSENT:
            return None
        if row.state == "waiting" and unsent.refuse_if_wrong(session, row, moment(session)):
            return None
        if row.part is None:
            row.part = f".{row.name}.{secrets.token_hex(4)}.part"
        return Parcel(id=row.id, state=row.state, name=row.name, part=row.part, content=row.content)


def _prepare(sessions: sessionmaker[Session], quay: Quay, parcel: Parcel) -> Upload:
    with sessions.begin() as session:
        is_here = routes.stays_at(session, quay.route, quay.place)
        row = session.get_one(Outbox, parcel.id, with_for_update=True)
        if row.state != "waiting" or row.part != parcel.part:
            return Upload.ANOTHERS
        if not is_here:
            # No other upload ever bears this name, so that it can be removed at any time.
            row.part = None
            return Upload.ASTRAY
        row.state = "prepared"
        return Upload.OURS


def _is_ours(door: Door, part: str, upload: Upload) -> bool:
    match upload:
        case Upload.OURS:
            return True
        case Upload.ANOTHERS:
            # Another sender was first: the file is in its hands.
            return False
        case Upload.ASTRAY:
            with suppress(Down, PermissionError):
                door.remove(part)
            return False
        case _:
            assert_never(upload)


def _rename(door: Door, part: str, name: str, parcel: Parcel) -> bool:
    """Whether our file was seen under its own name, now or by us before we died."""
    if door.look(part) is None:
        return door.holds(name, parcel.content)
    if door.look(name) is not None:
        if not door.holds(name, parcel.content):
            raise Occupied(f"a file that is not ours lies there as {parcel.name}")
        door.remove(part)
        return True
    try:
        door.rename(part, name)
    except FileNotFoundError:
        return door.holds(name, parcel.content)
    return True


def _finish(sessions: sessionmaker[Session], parcel: Parcel, *, was_seen: bool) -> None:
    """This upload alone: the row may already be prepared anew, to be sent once more."""
    with sessions.begin() as session:
        now = moment(session)
        finished = session.scalar(
            update(Outbox)
            .where(Outbox.id == parcel.id, Outbox.state == "prepared", Outbox.part == parcel.part)
            .values(state="done", sent_at=now.at)
            .returning(Outbox.id)
        )
        if finished is not None and not was_seen:
            unsent.ask_whether_it_came(session, session.get_one(Outbox, parcel.id), now)
