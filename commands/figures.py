"""The whole system in numbers."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from casework import routes
from casework.moment import Moment
from db.models import Encounter, Posting, Remittance, Subject, Task, Wait
from db.queries import web_stuck
from domain.encounter import Stage
from domain.ledger import Account
from domain.tasks import TaskStatus


@dataclass(frozen=True, kw_only=True)
class Figures:
    business_at: dt.datetime
    encounters: dict[str, int]
    waits: dict[str, int]
    open_tasks: int
    late_tasks: int
    stuck: int
    stuck_cents: int
    unposted_remittances: int
    open_cents: int
    # The routes that stand still and should not, a sentence each.
    standstills: tuple[str, ...]


def figures(session: Session, now: Moment) -> Figures:
    stuck = web_stuck.all_of(session, now.at, now.today)
    ids = [row.encounter.id for row in stuck if row.encounter]
    receivable = Posting.account.in_([Account.AR_INSURANCE, Account.AR_PATIENT])
    return Figures(
        business_at=now.at,
        encounters=_by_stage(session),
        waits=_by_kind(session),
        open_tasks=_count(session, select(func.count(Task.id)), Task.status == TaskStatus.OPEN),
        late_tasks=_count(
            session,
            select(func.count(Task.id)),
            (Task.status == TaskStatus.OPEN) & (Task.due_on < now.today),
        ),
        stuck=len(stuck),
        stuck_cents=sum(web_stuck.money(session, ids).values()),
        unposted_remittances=_count(
            session, select(func.count(Remittance.id)), Remittance.posted_at.is_(None)
        ),
        open_cents=_count(session, select(func.sum(Posting.cents)), receivable),
        standstills=tuple(routes.in_words(session, now)),
    )


def _by_stage(session: Session) -> dict[str, int]:
    counted = select(Encounter.stage, func.count()).group_by(Encounter.stage)
    found = dict(session.execute(counted).all())
    return {stage.value: found[stage] for stage in Stage if stage in found}


def _by_kind(session: Session) -> dict[str, int]:
    counted = (
        select(Wait.kind, func.count())
        .join(Subject, Subject.key == Wait.subject)
        .where(Wait.ended_at.is_(None), Subject.is_open)
        .group_by(Wait.kind)
        .order_by(Wait.kind)
    )
    return dict(session.execute(counted).all())


def _count(session: Session, what: "Select[tuple[int]]", where: ColumnElement[bool]) -> int:
    return int(session.scalar(what.where(where)) or 0)
