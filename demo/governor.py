"""No day of the demo ends before the work it brought is done: the clock waits for the system.

On a fast clock a queue of a few real seconds would be weeks, and deadlines would pass that no
practice would miss. So time stands still while too much is undone.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

# More than these many at once, and the day waits.
TASKS_MAX = 12
WAKES_MAX = 30
FILES_MAX = 4

_BACKLOG = text(
    """
    SELECT (SELECT count(*) FROM wake),
           (SELECT count(*) FROM outbox WHERE state <> 'done'),
           (SELECT count(*) FROM task WHERE status = 'open'
              AND (follow_up_on IS NULL OR follow_up_on <= :today)),
           (SELECT count(*) FROM remittance WHERE posted_at IS NULL)
    """
)


@dataclass(frozen=True, kw_only=True)
class Backlog:
    wakes: int
    outbox: int
    tasks: int
    unposted: int
    inbound: int

    def is_too_much(self, *, has_staff: bool) -> bool:
        return (
            self.wakes > WAKES_MAX
            or self.outbox + self.inbound + self.unposted > FILES_MAX
            or (has_staff and self.tasks > TASKS_MAX)
        )

    @property
    def is_nothing(self) -> bool:
        return not (self.wakes or self.outbox or self.tasks or self.unposted or self.inbound)


def backlog(engine: Engine, home: Path, today: object) -> Backlog:
    """What is undone now. Raises SQLAlchemyError while the database is down."""
    with engine.connect() as connection:
        wakes, outbox, tasks, unposted = connection.execute(_BACKLOG, {"today": today}).one()
    return Backlog(
        wakes=wakes, outbox=outbox, tasks=tasks, unposted=unposted, inbound=_inbound(home)
    )


def _inbound(home: Path) -> int:
    folder = home / "exchange" / "inbound"
    if not folder.is_dir():
        return 0
    return sum(1 for path in folder.glob("*/*") if path.name[0] != ".")
