"""Fetches what a partner's server holds for us: whole, proven by size, committed, and only then
removed there. A fetch that was cut goes on where it stopped; what was committed but not removed is
met again and found repeated. A file that the server does not let us read holds up no other."""

import glob
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from dispatch.exchange import Inbound
from dispatch.sftp import Door, RemoteFile, Unwilling

AT_ONCE = 20
NAME_MAX = 200

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """Where a route's files lie at the server, and where they go there once they are ours."""

    route: str
    folder: str
    taken_folder: str


class Unread(Exception):
    """The server shows a file and does not give it to us; the visit goes on."""


@dataclass(kw_only=True)
class Fetched:
    taken: int = 0
    unread: list[str] = field(default_factory=list)
    """Names of files that are there and could not be read; each visit tries them again."""
    is_whole: bool = True
    """Whether all that is there was looked at."""


def fetch_waiting(inbound: Inbound, door: Door, shelf: Shelf) -> Fetched:
    """Take in what is there now, oldest first, until so many were."""
    fetched = Fetched()
    for file in door.files(shelf.folder):
        try:
            fetched.taken += _fetch(inbound, door, shelf, file)
        except Unread:
            fetched.unread.append(file.name)
        if fetched.taken == AT_ONCE:
            fetched.is_whole = False
            break
    return fetched


def _fetch(inbound: Inbound, door: Door, shelf: Shelf, file: RemoteFile) -> bool:
    if not _is_plain(file.name):
        log.warning("a remote file has no usable name", route=shelf.route)
        return False
    there = f"{shelf.folder}/{file.name}"
    here = inbound.exchange / "inbound" / shelf.route / _own_name(file.name)
    part = _download(door, there, file, here)
    if door.look(there) != file:
        # Its sender still writes it, or another took it: we have a beginning, or another file.
        part.unlink(missing_ok=True)
        return False
    if part.stat().st_size != file.size:
        part.unlink()
        raise Unread
    part.rename(here)
    if not inbound.take_in(shelf.route, here):
        return False
    _put_away(door, shelf, file)
    return True


def _download(door: Door, there: str, file: RemoteFile, here: Path) -> Path:
    here.parent.mkdir(parents=True, exist_ok=True)
    # A file that was replaced at the server begins anew: its size and date are in the name.
    part = here.with_name(f".{here.name}.{file.size}-{file.changed_at}.part")
    have = part.stat().st_size if part.exists() else 0
    if have > file.size:
        part.unlink()
        have = 0
    with part.open("ab") as local:
        for piece in _pieces(door, there, skip=have):
            local.write(piece)
        local.flush()
        os.fsync(local.fileno())
    for other in here.parent.glob(f".{glob.escape(here.name)}.*-*.part"):
        if other != part:
            other.unlink(missing_ok=True)
    return part


def _pieces(door: Door, there: str, *, skip: int) -> Iterator[bytes]:
    """Told apart from what our own disk refuses, and from a line that is lost."""
    pieces = door.pieces(there, skip=skip)
    while True:
        try:
            piece = next(pieces)
        except (StopIteration, FileNotFoundError):
            return
        except (Unwilling, PermissionError):
            raise Unread from None
        yield piece


def _put_away(door: Door, shelf: Shelf, file: RemoteFile) -> None:
    """After our commit. What came under the same name meanwhile is left for the next look."""
    there = f"{shelf.folder}/{file.name}"
    if door.look(there) != file:
        return
    if not shelf.taken_folder:
        door.remove(there)
        return
    door.make_folder(shelf.taken_folder)
    target = f"{shelf.taken_folder}/{file.name}"
    if door.look(target) is not None:
        target = f"{shelf.taken_folder}/{file.changed_at}-{file.name}"
    if door.look(target) is None:
        door.rename(there, target)
    else:
        door.remove(there)


def _is_plain(name: str) -> bool:
    return "/" not in name and "\0" not in name


def _own_name(name: str) -> str:
    """As the partner calls it; what our disk could not hold beside its temporary ending is named by
    its digest."""
    encoded = name.encode("utf-8", "surrogateescape")
    return name if len(encoded) <= NAME_MAX else hashlib.sha256(encoded).hexdigest()
