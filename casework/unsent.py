"""Files that may not leave the house as they are: a test to a route that counts, or the other way
round. Judged on the bytes at the moment of sending, with a task; not one byte of them goes."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import batches, routes, subjects, tasks, waits
from casework.moment import Moment
from casework.refusals import Refused
from db.models import Batch, Outbox, Route, Task
from domain.tasks import TaskKind
from edi.usage import usages

WORDS = {"T": "test", "P": "production"}
CASE = "usage"


def refuse_if_wrong(session: Session, row: Outbox, now: Moment) -> bool:
    """True when the file stays here. Only X12 tells what it is; other files pass."""
    marks = usages(row.content)
    if not marks:
        return False
    route = routes.named(session, row.route)
    if marks == {route.usage}:
        return False
    row.state, row.refused_because = "refused", _finding(row, route, marks)
    _open_task(session, row, now)
    return True


def release(row: Outbox) -> None:
    """Offer the same bytes again; they are judged again at the moment of sending."""
    row.state, row.refused_because, row.part = "waiting", None, None


def write_anew(session: Session, row: Outbox, now: Moment) -> Outbox:
    """The same claims in a file of its own, as the route is now, under a new control number.

    Nothing of the refused file was ever sent, so nobody can have both.
    """
    batch = session.scalars(select(Batch).where(Batch.outbox_id == row.id)).one_or_none()
    if row.state != "refused" or batch is None:
        raise Refused.of("action", "This file was sent or is no batch: it cannot be written anew.")
    return batches.write_anew(session, batch, now)


def task_key(row: Outbox) -> str:
    return f"sending:{row.id}"


def _finding(row: Outbox, route: Route, marks: set[str]) -> str:
    told = ", ".join(f"{mark} ({WORDS.get(mark, 'unknown')})" for mark in sorted(marks))
    return (
        f"{row.name}, segment 1 (ISA), element 15: it is marked {told}, and "
        f"the route {route.name} takes {route.usage} ({WORDS[route.usage]}) only."
    )


def _open_task(session: Session, row: Outbox, now: Moment) -> None:
    key = task_key(row)
    subject = subjects.ensure(session, key, now)
    times = session.scalars(select(func.count()).select_from(Task).where(Task.subject == key)).one()
    tasks.open_task(
        session,
        TaskKind.EXCHANGE_PROBLEM,
        subject=key,
        cause=f"{CASE}:{times}",
        title=f"{row.name[:60]} was not sent",
        reason=f"{row.refused_because} Nothing of it has left the house.",
        details={"case": CASE, "outbox_id": row.id, "route": row.route},
        now=now,
    )
    waits.set_due(session, subject)
