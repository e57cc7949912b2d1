"""Sends what the outbox holds, each file exactly once under its name, whoever else sends too.

Durable temporary file of the sender's own, commit `prepared` with that file's name, rename, commit
`done`. Only one sender's commit of `prepared` counts, and its file is the only one that is ever
renamed. After a crash the question "is that file still there?" says whether the rename happened: a
receiver may have taken the file away already, so a missing file must never be written again
(facts: durable pattern, mend 6). That answer counts only where the route leads still: each commit
that relies on it looks so under the route's lock.
"""

import glob
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from casework import routes, unsent
from casework.moment import moment
from db.models import Outbox
from dispatch import disk

AT_ONCE = 50
UNSENT = ("waiting", "prepared")


def send_waiting(sessions: sessionmaker[Session], exchange: Path) -> int:
    """Send what waits in folders, oldest first; stops at the first file that the disk refuses."""
    ids = _waiting(sessions)
    for count, outbox_id in enumerate(ids):
        try:
            _send(sessions, exchange, outbox_id)
        except OSError as failure:
            disk.refuses(sessions, disk.OUTBOUND, failure)
            return count
    return len(ids)


def _waiting(sessions: sessionmaker[Session]) -> Sequence[int]:
    """What may go now. Of routes nothing is asked while nothing waits."""
    unsent_rows = Outbox.state.in_(UNSENT)
    with sessions() as session:
        names = session.scalars(select(Outbox.route).where(unsent_rows).distinct()).all()
        if not names:
            return ()
        now = moment(session)
        silent = {*routes.remote_names(session), *routes.silent_names(session, now)}
        return session.scalars(
            select(Outbox.id)
            .where(unsent_rows, Outbox.route.not_in(silent))
            .order_by(Outbox.id)
            .limit(AT_ONCE)
        ).all()


def _send(sessions: sessionmaker[Session], exchange: Path, outbox_id: int) -> None:
    with sessions.begin() as session:
        row = session.get_one(Outbox, outbox_id)
        if not routes.stays_at(session, row.route, routes.FOLDER):
            return
        session.refresh(row)
        if row.state == "waiting" and unsent.refuse_if_wrong(session, row, moment(session)):
            return
        state, name, part = row.state, row.name, row.part
        folder = exchange / "outbound" / row.route
        content = row.content if state == "waiting" else b""
    if state == "waiting":
        part = _prepare(sessions, outbox_id, folder, name, content)
    if state in ("done", "refused") or part is None:
        # Another sender was first, or the route has moved: the file is in other hands.
        return
    try:
        (folder / part).rename(folder / name)
    except FileNotFoundError:
        # It was renamed before we died, or by another at this moment.
        pass
    else:
        _sync_folder(folder)
    _finish(sessions, outbox_id, part)


def _prepare(
    sessions: sessionmaker[Session], outbox_id: int, folder: Path, name: str, content: bytes
) -> str | None:
    """The durable file that will be renamed; None when ours is not the one that counts."""
    part = f".{name}.{secrets.token_hex(4)}.part"
    try:
        _write(folder / part, content)
    except OSError:
        # A full disk gets back what the beginning of the file took.
        (folder / part).unlink(missing_ok=True)
        raise
    if not _take(sessions, outbox_id, part):
        (folder / part).unlink(missing_ok=True)
        return None
    _sweep(folder, name, keep=part)
    return part


def _take(sessions: sessionmaker[Session], outbox_id: int, part: str) -> bool:
    """Make our file the one that counts, unless another sender's does already, or the route leads
    to a server by now."""
    with sessions.begin() as session:
        route = session.get_one(Outbox, outbox_id).route
        if not routes.stays_at(session, route, routes.FOLDER):
            return False
        taken = session.scalar(
            update(Outbox)
            .where(Outbox.id == outbox_id, Outbox.state == "waiting")
            .values(state="prepared", part=part)
            .returning(Outbox.id)
        )
    return taken is not None


def _sweep(folder: Path, name: str, *, keep: str) -> None:
    """Files of senders that died or come too late: none of them will ever be renamed."""
    for path in folder.glob(f".{glob.escape(name)}.{'[0-9a-f]' * 8}.part"):
        if path.name != keep:
            path.unlink(missing_ok=True)


def _finish(sessions: sessionmaker[Session], outbox_id: int, part: str) -> None:
    with sessions.begin() as session:
        session.execute(
            update(Outbox)
            .where(Outbox.id == outbox_id, Outbox.state == "prepared", Outbox.part == part)
            .values(state="done", sent_at=moment(session).at)
        )
        disk.works(session, disk.OUTBOUND)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
