"""Where one task stands in its queue, and its neighbours: a few looks into an index, each bounded,
however long the queue is."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from db.models import Task
from db.queries.web_tasks import QueueFilter, conditions

PLACES_MAX = 500


@dataclass(frozen=True, kw_only=True)
class Place:
    """`ahead` and `behind` are counted up to `PLACES_MAX`; one more means that there are more."""

    ahead: int
    behind: int
    previous: UUID | None
    next: UUID | None

    @property
    def number(self) -> int:
        return self.ahead + 1

    @property
    def total(self) -> int:
        return self.number + self.behind


def place(session: Session, shown: QueueFilter, task: Task) -> Place:
    """In the order of the queue's page: deadline, then the most money, then the older task."""
    ahead = (
        select(Task.uuid)
        .where(*conditions(shown), _is_ahead_of(task))
        .order_by(Task.due_on.desc(), Task.amount_cents, Task.id.desc())
    )
    behind = (
        select(Task.uuid)
        .where(*conditions(shown), _is_behind(task))
        .order_by(Task.due_on, Task.amount_cents.desc(), Task.id)
    )
    found = session.execute(
        select(_counted(ahead), _counted(behind), _first(ahead), _first(behind))
    ).one()
    return Place(ahead=found[0], behind=found[1], previous=found[2], next=found[3])


def _counted(rows: Select[UUID]) -> ScalarSelect[int]:
    bounded = rows.limit(PLACES_MAX + 1).subquery()
    return select(func.count()).select_from(bounded).scalar_subquery()


def _first(rows: Select[UUID]) -> ScalarSelect[UUID]:
    return rows.limit(1).scalar_subquery()


def _is_ahead_of(task: Task) -> ColumnElement[bool]:
    """The first line lets the index begin at the day; the mixed order needs the rest written
    out."""
    return and_(
        Task.due_on <= task.due_on,
        or_(
            Task.due_on < task.due_on,
            Task.amount_cents > task.amount_cents,
            and_(Task.amount_cents == task.amount_cents, Task.id < task.id),
        ),
    )


def _is_behind(task: Task) -> ColumnElement[bool]:
    return and_(
        Task.due_on >= task.due_on,
        or_(
            Task.due_on > task.due_on,
            Task.amount_cents < task.amount_cents,
            and_(Task.amount_cents == task.amount_cents, Task.id > task.id),
        ),
    )
