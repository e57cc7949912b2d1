"""Takes in what partners put into `inbound/`: commit first, then move to the archive.

A file that was committed but not moved is met again and found repeated, so nothing is taken twice.
"""

import errno
import hashlib
from pathlib import Path

import structlog
from sqlalchemy.orm import Session, sessionmaker

from casework import arrivals
from casework.moment import moment

AT_ONCE = 20
DIGEST_LENGTH = 12
ROUTES = ("ehr", "clearinghouse", "mail", "bank", "lockbox")

log = structlog.get_logger()


def take_in_waiting(sessions: sessionmaker[Session], exchange: Path) -> int:
    """Take in the files that are there now, oldest first; returns how many."""
    taken = 0
    for route in ROUTES:
        for path in _files(exchange / "inbound" / route)[:AT_ONCE]:
            taken += _take_in(sessions, exchange, route, path)
    return taken


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    # Half-written files begin with a dot.
    found = [path for path in folder.iterdir() if path.is_file() and path.name[0] != "."]
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))


def _take_in(sessions: sessionmaker[Session], exchange: Path, route: str, path: Path) -> int:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return 0
    with sessions.begin() as session:
        arrival = arrivals.take_in(session, route, path.name, content, moment(session))
    shelf = "quarantine" if arrival.is_quarantined else "archive"
    _move(path, exchange / shelf / route)
    # Its name is the sender's and may tell whom it is about; the digest finds it in `raw_file`.
    log.info("file taken in", route=route, sha256=_digest(content), shelf=shelf)
    return 1


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:DIGEST_LENGTH]


def _move(path: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        path.rename(folder / path.name)
    except OSError as failure:
        if failure.errno != errno.ENOENT:
            raise
