"""What the nemesis sees of the work under way: one statement, often asked, cheap enough to be."""

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Engine, text

_SIGHT = text(
    """
    SELECT (SELECT coalesce(sum(rev), 0) FROM subject) AS effects,
           (SELECT count(*) FROM wake) AS wakes,
           (SELECT count(*) FROM outbox WHERE state in ('waiting', 'prepared')) AS outbox,
           (SELECT count(*) FROM remittance WHERE posted_at IS NULL) AS unposted,
           (SELECT count(*) FROM task WHERE status = 'open') AS tasks,
           (SELECT count(*) FROM encounter WHERE stage IN ('closed', 'cancelled')) AS closed,
           (SELECT count(*) FROM pg_stat_activity
             WHERE xact_start IS NOT NULL AND application_name LIKE 'claimflow%') AS transactions
    """
)


@dataclass(frozen=True, kw_only=True)
class Sight:
    effects: int
    wakes: int
    outbox: int
    unposted: int
    tasks: int
    closed: int
    transactions: int
    files_half_written: int

    @property
    def in_flight(self) -> dict[str, int]:
        told = asdict(self)
        return {name: told[name] for name in told if name not in {"effects", "closed"}}


def look(engine: Engine, home: Path) -> Sight:
    """Raises SQLAlchemyError while the database is down."""
    with engine.connect() as connection:
        row = connection.execute(_SIGHT).mappings().one()
    counts = {name: int(value) for name, value in row.items()}
    return Sight(**counts, files_half_written=sum(1 for _ in half_written(home)))


def half_written(home: Path) -> Iterator[str]:
    """The temporary files of what is being sent now."""
    for route in ("clearinghouse", "mail", "statements"):
        folder = home / "exchange" / "outbound" / route
        if folder.is_dir():
            with os.scandir(folder) as entries:
                yield from (entry.name for entry in entries if entry.name.endswith(".part"))
