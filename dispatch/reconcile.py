"""Heals what was lost: a new engine is noticed by its cluster id and everything open is adopted;
what is ready or overdue but has not moved is woken again."""

import datetime as dt

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker
from temporalio.api.workflowservice.v1 import GetClusterInfoRequest
from temporalio.client import Client

from casework import batches, holds, subjects, task_dates
from casework.moment import Moment, moment
from db.models import Encounter, Engine, Remittance, Subject, Wait, Wake

# Real time that a workflow may take to act on news before it is told again.
PATIENCE = dt.timedelta(seconds=20)
SWEEP_MAX = 500
ANSWER_WITHIN = dt.timedelta(seconds=3)


async def cluster_id(client: Client) -> str:
    info = await client.workflow_service.get_cluster_info(
        GetClusterInfoRequest(), timeout=ANSWER_WITHIN
    )
    return info.cluster_id


def adopt_if_new(sessions: sessionmaker[Session], cluster: str) -> int:
    """When the engine is not the one we knew, wake everything that is open; returns how many."""
    with sessions.begin() as session:
        known = session.get(Engine, 1)
        if known is not None and known.cluster_id == cluster:
            return 0
        session.execute(
            insert(Engine)
            .values(id=1, cluster_id=cluster)
            .on_conflict_do_update(index_elements=["id"], set_={"cluster_id": cluster})
        )
        return adopt(session)


def adopt(session: Session) -> int:
    """Wake every open subject; for a live workflow this is a harmless poke."""
    open_keys = session.scalars(
        select(Subject.key).where(Subject.is_open).order_by(Subject.key)
    ).all()
    unposted = session.scalars(select(Remittance.id).where(Remittance.posted_at.is_(None))).all()
    keys = {*open_keys, *(f"remittance:{number}" for number in unposted)}
    for key in sorted(keys):
        subjects.wake(session, key)
    for route in batches.overdue_routes(session, moment(session)):
        subjects.wake(session, subjects.batch_key(route))
    return len(keys)


def sweep(sessions: sessionmaker[Session]) -> int:
    """Wake open subjects that are ready or overdue and have not moved for a while."""
    with sessions.begin() as session:
        now = moment(session)
        keys = session.scalars(_idle(now)).all()
        for key in keys:
            subjects.wake(session, key)
        task_dates.escalate_without_workflow(session, now)
        routes = batches.overdue_routes(session, now)
        for route in routes:
            subjects.wake(session, subjects.batch_key(route))
        return len(keys) + len(routes)


def _idle(now: Moment) -> Select[str]:
    """Open subjects that could move, have not, and have no news on the way."""
    late = now.at - PATIENCE * now.speed
    pending = exists().where(Wait.subject == Subject.key, Wait.ended_at.is_(None))
    overdue = pending.where(Wait.until_at < late)
    # What is held stands still on purpose: a look would change nothing, again and again.
    held = exists().where(
        Encounter.encounter_no == func.split_part(Subject.key, ":", 2), holds.is_held(now)
    )
    return (
        select(Subject.key)
        .where(Subject.is_open, Subject.moved_at < late)
        .where(or_(~pending, overdue), ~held)
        .where(~exists().where(Wake.subject == Subject.key))
        .order_by(Subject.moved_at)
        .limit(SWEEP_MAX)
    )
