"""Files that may not leave the house as they are: a test to a route that counts, or the other way
round. Judged on the bytes at the moment of sending, with a task; not one byte of them goes. And
files of which nobody knows whether they came: they are not sent again before a person has asked."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import batches, routes, subjects, tasks, waits
from casework.moment import Moment
from casework.refusals import Refused
from db.models import Batch, Outbox, Route, Task
from domain.tasks import TaskKind
from edi.usage import usages

WORDS = {"T": "test", "P": "production"}
CASE, UNSEEN = "usage", "unseen"


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


def ask_whether_it_came(session: Session, row: Outbox, now: Moment) -> None:
    """Its temporary file was whole at the server and is gone, and the file was not seen there under
    its name: the partner has taken it, or has swept away what it did not know."""
    _open(
        session,
        row,
        now,
        UNSEEN,
        title=f"Did {row.name[:60]} arrive?",
        reason=f"{row.name} was whole at the server of the route {row.route}, and was gone before "
        "we saw it there under its name. Check with the clearinghouse; it is not sent again by "
        "itself.",
    )


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
    reason = f"{row.refused_because} Nothing of it has left the house."
    _open(session, row, now, CASE, title=f"{row.name[:60]} was not sent", reason=reason)


def _open(
    session: Session, row: Outbox, now: Moment, case: str, *, title: str, reason: str
) -> None:
    key = task_key(row)
    subject = subjects.ensure(session, key, now)
    times = session.scalars(select(func.count()).select_from(Task).where(Task.subject == key)).one()
    tasks.open_task(
        session,
        TaskKind.EXCHANGE_PROBLEM,
        subject=key,
        cause=f"{case}:{times}",
        title=title,
        reason=reason,
        details={"case": case, "outbox_id": row.id, "route": row.route},
        now=now,
    )
    waits.set_due(session, subject)
