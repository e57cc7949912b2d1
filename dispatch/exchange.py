"""Takes in what partners put into `inbound/`: commit first, then move to the archive.

A file that was committed but not moved is met again and found repeated, so nothing is taken twice.
"""

import errno
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from psycopg2.errors import ProgramLimitExceeded
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from casework import arrivals, routes
from casework.arrivals import Arrival
from casework.moment import moment
from dispatch import disk

AT_ONCE = 20
DIGEST_LENGTH = 12
ROUTES = ("ehr", "clearinghouse", "mail", "bank", "lockbox")

# How often we try a file on which we fail ourselves before it is set aside.
TRIES = 3

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Inbound:
    """The folders of one exchange, and on which files we have failed so far (by digest)."""

    sessions: sessionmaker[Session]
    exchange: Path
    failures: Counter[str] = field(default_factory=Counter)

    def take_in_waiting(self) -> int:
        """Take in the files that are there now, oldest first; returns how many."""
        taken, refused = 0, None
        for route in self._routes():
            here = 0
            for path in _files(self.exchange / "inbound" / route):
                try:
                    here += self.take_in(route, path)
                except OSError as failure:
                    refused = failure
                if here == AT_ONCE:
                    break
            taken += here
        if refused is not None:
            disk.refuses(self.sessions, disk.INBOUND, refused)
        elif taken:
            with self.sessions.begin() as session:
                disk.works(session, disk.INBOUND)
        return taken

    def _routes(self) -> list[str]:
        """The folders that are there; nothing is asked while nothing lies in them."""
        folder = self.exchange / "inbound"
        found = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
        known = [route for route in ROUTES if route in found]
        waiting = [name for name in sorted(found.difference(ROUTES)) if _files(folder / name)]
        waiting += [name for name in known if _files(folder / name)]
        if not waiting:
            return []
        with self.sessions() as session:
            silent = {route.name for route in routes.every(session) if route.paused_at is not None}
            ours = {route.name for route in routes.every(session)}
        return [name for name in waiting if name not in silent and (name in ours or name in ROUTES)]

    def take_in(self, route: str, path: Path) -> bool:
        """True once it is committed, whatever was found in it; it lies in our archive then."""
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return False
        name = readable(path.name)
        try:
            with self.sessions.begin() as session:
                arrival = arrivals.take_in(session, route, name, content, moment(session))
                if name != path.name:
                    arrivals.say_renamed(session, name, content)
        except Exception as failure:
            if _is_database_away(failure):
                raise
            set_aside = self._fail(route, name, content, failure)
            if set_aside is None:
                return False
            arrival = set_aside
        shelf = "quarantine" if arrival.is_quarantined else "archive"
        _move(path, self.exchange / shelf / route)
        # Its name is the sender's and may tell whom it is about; the digest finds it in `raw_file`.
        log.info("file taken in", route=route, sha256=_digest(content), shelf=shelf)
        return True

    def _fail(self, route: str, name: str, content: bytes, failure: Exception) -> Arrival | None:
        """After a few tries the file is set aside; None while it is to be tried again."""
        kind, digest = type(failure).__name__, _digest(content)
        self.failures[digest] += 1
        log.error("file not taken in", route=route, sha256=digest, error=kind)
        if self.failures[digest] < TRIES:
            return None
        del self.failures[digest]
        with self.sessions.begin() as session:
            return arrivals.set_aside(session, route, name, content, kind, moment(session))


def _is_database_away(failure: Exception) -> bool:
    """PostgreSQL also calls it operational that one file holds more than a row or an index takes;
    that file would be met again for ever."""
    if isinstance(failure, OperationalError):
        return not isinstance(failure.orig, ProgramLimitExceeded)
    return isinstance(failure, InterfaceError)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    # Half-written files begin with a dot.
    found = [path for path in folder.iterdir() if path.is_file() and path.name[0] != "."]
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))


def readable(name: str) -> str:
    """The name as any database and page can show it: bytes of it that are no UTF-8 as %e9."""
    return (
        name.encode("utf-8", "surrogateescape")
        .decode("utf-8", "backslashreplace")
        .replace("\\x", "%")
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:DIGEST_LENGTH]


def _move(path: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        path.rename(folder / path.name)
    except OSError as failure:
        if failure.errno != errno.ENOENT:
            raise
