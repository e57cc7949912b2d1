"""Sends what the outbox holds, each file exactly once under its name.

Durable temporary file, commit `prepared`, rename, commit `done`. After a crash the question "is the
temporary file still there?" says whether the rename happened: a receiver may have taken the file
away already, so a missing file must never be written again (facts: durable pattern, mend 6).
"""

import os
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from casework.moment import moment
from db.models import Outbox
from dispatch import disk

AT_ONCE = 50


def send_waiting(sessions: sessionmaker[Session], exchange: Path) -> int:
    """Send what waits, oldest first; stops at the first file that the disk refuses."""
    with sessions() as session:
        ids = session.scalars(
            select(Outbox.id).where(Outbox.state != "done").order_by(Outbox.id).limit(AT_ONCE)
        ).all()
    for count, outbox_id in enumerate(ids):
        try:
            _send(sessions, exchange, outbox_id)
        except OSError as failure:
            disk.refuses(sessions, disk.OUTBOUND, failure)
            return count
    return len(ids)


def _send(sessions: sessionmaker[Session], exchange: Path, outbox_id: int) -> None:
    with sessions() as session:
        row = session.get_one(Outbox, outbox_id)
        route, name, state, content = row.route, row.name, row.state, row.content
    folder = exchange / "outbound" / route
    temporary, final = folder / f".{name}.part", folder / name
    if state == "waiting":
        try:
            _write(temporary, content)
        except OSError:
            # A full disk gets back what the beginning of the file took.
            temporary.unlink(missing_ok=True)
            raise
        _set_state(sessions, outbox_id, "prepared")
    if temporary.exists():
        # Else the rename had happened before we died.
        temporary.rename(final)
        _sync_folder(folder)
    _set_state(sessions, outbox_id, "done")


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


def _set_state(sessions: sessionmaker[Session], outbox_id: int, state: str) -> None:
    with sessions.begin() as session:
        row = session.get_one(Outbox, outbox_id)
        row.state = state
        if state == "done":
            row.sent_at = moment(session).at
            disk.works(session, disk.OUTBOUND)
