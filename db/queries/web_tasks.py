"""The work queues as pages need them: one page by keyset, counts that stop at a bound, and nothing
that grows with the table."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Text, and_, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from db.models import Encounter, Guarantor, Patient, Payer, Provider, Task, TaskLog, User
from domain.tasks import Role, TaskKind, TaskStatus

COUNT_MAX = 1_000
PAGE = 50
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class QueueFilter:
    """What a queue page shows; each field but the first narrows it."""

    queues: frozenset[Role]
    today: dt.date
    kind: TaskKind | None = None
    provider_id: int | None = None
    mine: int | None = None
    due: str | None = None
    is_snoozed: bool = False
    payer_id: int | None = None
    least_cents: int | None = None
    words: str | None = None


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """The last row of the page before: deadline, amount, id."""

    due_on: dt.date
    amount_cents: int
    id: int


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    task: Task
    patient: Patient | None
    guarantor: Guarantor | None
    payer_name: str | None
    assignee_name: str | None


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many there are, up to the bound, and what is at stake in those."""

    total: int
    cents: int
    late: int
    week: int


@dataclass(frozen=True, kw_only=True)
class KindCount:
    kind: TaskKind
    queue: Role
    total: int
    cents: int


def page(
    session: Session, shown: QueueFilter, *, after: Cursor | None, limit: int = PAGE
) -> Sequence[QueueRow]:
    """Nearest deadline first, then the most money; one row more than a page tells that there is
    more."""
    assignee = aliased(User)
    statement = (
        select(Task, Patient, Guarantor, Payer.name, assignee.full_name)
        .outerjoin(Encounter, Encounter.id == Task.encounter_id)
        .outerjoin(Patient, Patient.id == Encounter.patient_id)
        .outerjoin(Guarantor, Guarantor.id == Task.guarantor_id)
        .outerjoin(Payer, Payer.id == Task.payer_id)
        .outerjoin(assignee, assignee.id == Task.assignee_id)
        .where(*conditions(shown))
        .order_by(Task.due_on, Task.amount_cents.desc(), Task.id)
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(_beyond(after))
    return [
        QueueRow(task=t, patient=p, guarantor=g, payer_name=payer, assignee_name=who)
        for t, p, g, payer, who in session.execute(statement)
    ]


def tally(session: Session, shown: QueueFilter) -> Tally:
    """Counted over at most `COUNT_MAX` + 1 rows, the most urgent ones."""
    rows = _bounded(
        select(Task.amount_cents, Task.due_on)
        .where(*conditions(shown))
        .order_by(Task.due_on, Task.amount_cents.desc(), Task.id)
    )
    total, cents, late, week = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(rows.c.amount_cents), 0),
            func.count().filter(rows.c.due_on <= shown.today),
            func.count().filter(rows.c.due_on <= shown.today + WEEK),
        ).select_from(rows)
    ).one()
    return Tally(total=total, cents=int(cents), late=late, week=week)


def count(session: Session, shown: QueueFilter) -> int:
    rows = _bounded(select(Task.id).where(*conditions(shown)))
    return session.scalar(select(func.count()).select_from(rows)) or 0


def kinds(
    session: Session, queues: frozenset[Role], today: dt.date, provider_id: int | None
) -> Sequence[KindCount]:
    """Open tasks by kind, for the rail: one bounded look into each queue."""
    if not queues:
        return []
    names = literal(sorted(queue.value for queue in queues), ARRAY(Text))
    wanted = func.unnest(names).table_valued("queue").render_derived(name="wanted")
    shown = [Task.status == TaskStatus.OPEN, _awake(today)]
    if provider_id is not None:
        shown.append(Task.provider_id == provider_id)
    rows = (
        select(Task.kind, Task.amount_cents)
        .where(Task.queue == wanted.c.queue, *shown)
        .order_by(Task.due_on, Task.amount_cents.desc(), Task.id)
        .limit(COUNT_MAX + 1)
        .lateral()
    )
    found = session.execute(
        select(wanted.c.queue, rows.c.kind, func.count(), func.sum(rows.c.amount_cents))
        .select_from(wanted.join(rows, true()))
        .group_by(wanted.c.queue, rows.c.kind)
    )
    return [
        KindCount(kind=TaskKind(kind), queue=Role(queue), total=total, cents=int(cents))
        for queue, kind, total, cents in found
    ]


def log_of(
    session: Session, task_id: int, *, limit: int = 50
) -> Sequence[tuple[TaskLog, str | None]]:
    return [
        (row, name)
        for row, name in session.execute(
            select(TaskLog, User.full_name)
            .outerjoin(User, User.id == TaskLog.user_id)
            .where(TaskLog.task_id == task_id)
            .order_by(TaskLog.id.desc())
            .limit(limit)
        )
    ]


def colleagues(session: Session, queue: Role, *, limit: int = 100) -> Sequence[User]:
    """Who may be given a task of this queue."""
    return session.scalars(
        select(User)
        .where(User.role.in_([queue, Role.SUPERVISOR]), User.is_active)
        .order_by(User.full_name, User.id)
        .limit(limit)
    ).all()


def colleagues_of_all(session: Session, queues: frozenset[Role]) -> Sequence[User]:
    """Who works in every one of these queues: with several, only supervisors do."""
    return colleagues(session, next(iter(queues)) if len(queues) == 1 else Role.SUPERVISOR)


def person(session: Session, user_id: int) -> User | None:
    """Somebody who may be given work."""
    return session.scalars(select(User).where(User.id == user_id, User.is_active)).one_or_none()


def payers(session: Session, *, limit: int = 200) -> Sequence[tuple[int, str]]:
    found = session.execute(select(Payer.id, Payer.name).order_by(Payer.name).limit(limit))
    return [(payer_id, name) for payer_id, name in found]


def provider_name(session: Session, provider_id: int) -> str:
    row = session.get(Provider, provider_id)
    return f"{row.title} {row.last_name}".strip() if row else ""


def _bounded(statement: Select[*tuple[object, ...]]):  # type: ignore[no-untyped-def]
    return statement.limit(COUNT_MAX + 1).subquery()


def conditions(shown: QueueFilter) -> list[ColumnElement[bool]]:
    """Which tasks a queue's page shows."""
    found: list[ColumnElement[bool]] = [
        Task.status == TaskStatus.OPEN,
        Task.queue.in_(sorted(shown.queues)),
        ~_awake(shown.today) if shown.is_snoozed else _awake(shown.today),
    ]
    found += _narrowed(shown)
    return found


def _narrowed(shown: QueueFilter) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool] | None] = [
        Task.kind == shown.kind if shown.kind else None,
        Task.provider_id == shown.provider_id if shown.provider_id else None,
        _mine(shown.mine) if shown.mine else None,
        Task.due_on <= shown.today if shown.due == "today" else None,
        Task.due_on <= shown.today + WEEK if shown.due == "week" else None,
        Task.payer_id == shown.payer_id if shown.payer_id else None,
        Task.amount_cents >= shown.least_cents if shown.least_cents else None,
        _says(shown.words) if shown.words else None,
    ]
    return [condition for condition in wanted if condition is not None]


def _awake(today: dt.date) -> ColumnElement[bool]:
    return func.coalesce(Task.follow_up_on <= today, true())


def _mine(user_id: int) -> ColumnElement[bool]:
    return or_(Task.assignee_id == user_id, Task.assignee_id.is_(None))


def _says(words: str) -> ColumnElement[bool]:
    return or_(
        Task.title.icontains(words, autoescape=True), Task.reason.icontains(words, autoescape=True)
    )


def _beyond(after: Cursor) -> ColumnElement[bool]:
    """Mixed directions need the written-out form; the first line lets the index begin at the
    date."""
    same_day = Task.due_on == after.due_on
    return and_(
        Task.due_on >= after.due_on,
        or_(
            Task.due_on > after.due_on,
            and_(same_day, Task.amount_cents < after.amount_cents),
            and_(same_day, Task.amount_cents == after.amount_cents, Task.id > after.id),
        ),
    )
