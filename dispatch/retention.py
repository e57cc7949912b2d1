"""Files that a route need not keep any more leave the archive and the quarantine; what nobody has
dealt with yet stays, and the hash of every X12 file stays known for ever."""

import datetime as dt
import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from casework import routes
from db.models import RawFile, Task
from domain.tasks import TaskStatus

SHELVES = ("archive", "quarantine")
AT_ONCE = 500

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Retention:
    """Every tick looks at so many files of a folder and the next one goes on behind them, so that
    files that must stay hide none; `reached` is the last name looked at, by folder."""

    sessions: sessionmaker[Session]
    exchange: Path
    reached: dict[Path, str] = field(default_factory=dict)

    def prune(self) -> int:
        """Returns how many files went. They are dated by the disk: a copy that is kept is no
        truth."""
        gone = 0
        for shelf in SHELVES:
            for folder in _folders(self.exchange / shelf):
                with self.sessions() as session:
                    keep = dt.timedelta(days=routes.named(session, folder.name).keep_days)
                    some = self._next(_older(folder, time.time() - keep.total_seconds()), folder)
                    free = [path for path in some if _is_done_with(session, path, shelf)]
                for path in free:
                    path.unlink(missing_ok=True)
                gone += len(free)
        if gone:
            log.info("old copies of received files removed", files=gone)
        return gone

    def _next(self, old: Sequence[Path], folder: Path) -> list[Path]:
        """After the last one, round to the first."""
        after = self.reached.get(folder, "")
        some = [path for path in old if path.name > after][:AT_ONCE]
        if len(some) < AT_ONCE:
            self.reached.pop(folder, None)
        else:
            self.reached[folder] = some[-1].name
        return some


def _is_done_with(session: Session, path: Path, shelf: str) -> bool:
    """A file of the archive was committed before it came there; one in quarantine has a task."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    raw = session.scalars(select(RawFile).where(RawFile.sha256 == digest)).one_or_none()
    if raw is None:
        return shelf == "archive"
    waiting = select(Task.id).where(Task.raw_file_id == raw.id, Task.status == TaskStatus.OPEN)
    return session.scalar(waiting.limit(1)) is None


def _folders(shelf: Path) -> list[Path]:
    return sorted(path for path in shelf.iterdir() if path.is_dir()) if shelf.is_dir() else []


def _older(folder: Path, than: float) -> list[Path]:
    found = [path for path in folder.iterdir() if path.is_file()]
    return sorted(path for path in found if path.stat().st_mtime < than)
