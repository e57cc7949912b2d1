"""No day of the demo ends before the work it brought is done: the clock waits for the system.

On a fast clock a queue of a few real seconds would be weeks, and deadlines would pass that no
practice would miss. So time stands still while too much is undone, or a task has waited too long:
then the money does not depend on how fast this machine is.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

# More than these many at once, and the day waits.
WAKES_MAX = 30
FILES_MAX = 4
# A task may wait for so much business time, then time waits for it.
TASK_WITHIN = dt.timedelta(days=2)
# A deadline that has passed is acted on within so much business time, or time waits.
STEP_WITHIN = dt.timedelta(days=1)
# What nobody can answer must not stop the world: after such a pause a little time passes.
PAUSE_MAX_SECONDS = 20.0
BREATH_SECONDS = 1.0

_BACKLOG = text(
    """
    SELECT (SELECT count(*) FROM wake),
           (SELECT count(*) FROM outbox WHERE state in ('waiting', 'prepared')),
           (SELECT count(*) FROM remittance WHERE posted_at IS NULL),
           (SELECT count(*) FROM remit_claim WHERE posting IS NULL),
           (SELECT count(*) FROM subject WHERE is_open AND due_at < :late),
           count(*),
           min(greatest(opened_at, follow_up_on)) FILTER (WHERE waits_on_id IS NULL)
      FROM task
     WHERE status = 'open' AND (follow_up_on IS NULL OR follow_up_on <= :today)
    """
)


@dataclass(frozen=True, kw_only=True)
class Backlog:
    wakes: int
    outbox: int
    unposted: int
    unread_answers: int
    overdue: int
    tasks: int
    inbound: int
    oldest_task_age: dt.timedelta

    def is_too_much(self, *, has_staff: bool) -> bool:
        return (
            self.wakes > WAKES_MAX
            # A payer's answer that lies about for days while a worker comes back would be overtaken
            # by the answer that builds on it, and money put into suspense.
            or self.unread_answers > 0
            # A deadline that nobody has acted on yet: the worker is behind, or just back.
            or self.overdue > 0
            or self.outbox + self.inbound > FILES_MAX
            or (has_staff and self.oldest_task_age > TASK_WITHIN)
        )

    @property
    def is_nothing(self) -> bool:
        return not (self.wakes or self.outbox or self.tasks or self.unposted or self.inbound)


@dataclass(kw_only=True)
class Governor:
    """Says whether time may pass now; never stops it for longer than a bounded pause."""

    has_staff: bool
    paused_since: float | None = None
    breathes_until: float = 0.0

    def lets_time_pass(self, undone: Backlog, real: float) -> bool:
        """`real` is any clock in seconds that never goes back."""
        if not undone.is_too_much(has_staff=self.has_staff) or real < self.breathes_until:
            self.paused_since = None
            return True
        if self.paused_since is None:
            self.paused_since = real
        if real - self.paused_since < PAUSE_MAX_SECONDS:
            return False
        self.breathes_until = real + BREATH_SECONDS
        return True


def backlog(engine: Engine, home: Path, now: dt.datetime) -> Backlog:
    """What is undone at a business moment. Raises SQLAlchemyError while the database is down."""
    with engine.connect() as connection:
        asked = {"today": now.date(), "late": now - STEP_WITHIN}
        row = connection.execute(_BACKLOG, asked).one()
    wakes, outbox, unposted, unread, overdue, tasks, oldest_at = row
    return Backlog(
        wakes=wakes,
        outbox=outbox,
        unposted=unposted,
        unread_answers=unread,
        overdue=overdue,
        tasks=tasks,
        inbound=_inbound(home),
        oldest_task_age=now - oldest_at if oldest_at else dt.timedelta(),
    )


def _inbound(home: Path) -> int:
    folder = home / "exchange" / "inbound"
    if not folder.is_dir():
        return 0
    return sum(1 for path in folder.glob("*/*") if path.name[0] != ".")
