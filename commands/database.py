"""The database as a command sees it: under the role of its work, its failures in words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from commands.failure import CommandFailed
from db.engine import DatabaseRole, connect, sessions
from db.models import Practice
from settings import Settings

Result = TypeVar("Result")

TRIES_MAX = 3
DEADLOCK = "40P01"
NO_SUCH_ROLE = "22023"


@contextmanager
def opened(settings: Settings, role: DatabaseRole) -> Iterator[sessionmaker[Session]]:
    """Sessions that act under `role`. Raises `CommandFailed` when the database is not usable."""
    engine = connect(settings.database_url, role, pool_size=2)
    try:
        yield sessions(engine)
    except (OperationalError, ProgrammingError, DBAPIError) as error:
        words = _words(error, settings)
        if words is None:
            raise
        raise CommandFailed(words) from error
    finally:
        engine.dispose()


def written(sessions: sessionmaker[Session], work: Callable[[Session], Result]) -> Result:
    """Do `work` in one transaction; if somebody else was writing the same, look again and redo."""
    for attempt in range(1, TRIES_MAX + 1):
        try:
            with sessions.begin() as session:
                return work(session)
        except DBAPIError as error:
            if attempt == TRIES_MAX or not _is_collision(error):
                raise
    raise AssertionError("the last try returns or raises")


def unreachable(settings: Settings) -> str:
    return (
        f"The database at {_place(settings.database_url)} does not answer. Start it "
        f"(“claimflow up --home {settings.home}”) or correct DATABASE_URL, then try again; "
        "what was done before stays."
    )


def require_practice(session: Session) -> None:
    """Without a practice there is nobody to bill for; nothing can be taken in."""
    if session.scalar(select(Practice.id).limit(1)) is None:
        raise CommandFailed(
            "This database has no practice yet, so nothing was taken in. "
            "“claimflow up --demo” on a home of its own lays out a sample one."
        )


def _is_collision(error: DBAPIError) -> bool:
    return isinstance(error, IntegrityError) or _code(error) == DEADLOCK


def _words(error: DBAPIError, settings: Settings) -> str | None:
    if isinstance(error, ProgrammingError) or _code(error) == NO_SUCH_ROLE:
        return (
            "The database has not the schema of this version: run "
            f"“claimflow db upgrade --home {settings.home}”, then try again."
        )
    if isinstance(error, OperationalError) and _code(error) != DEADLOCK:
        return unreachable(settings)
    return None


def _code(error: DBAPIError) -> str | None:
    return getattr(error.orig, "pgcode", None)


def _place(url: str) -> str:
    """Where it is, without the name and the password."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'the local socket'}{f':{parts.port}' if parts.port else ''}"
