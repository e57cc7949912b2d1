"""Batches: what is queued for a route goes out as one interchange per kind, closed by count or age.

The bytes and their control number are fixed in the transaction that closes the batch; dispatch
sends exactly these. A claim whose content cannot be written never holds the others.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Sequence as DatabaseSequence
from sqlalchemy.orm import Session

from casework import (
    batch_contents,
    batch_queue,
    outgoing,
    routes,
    sent_claims,
    subjects,
    unwritable,
)
from casework.batch_queue import Kind, Queued, Waiting
from casework.moment import Moment, moment
from db.models import Batch, Outbox, Route
from domain.steps import QueueStanding, StepRequest
from edi.errors import OurX12Error

# A batch that is older by this much than it may be was forgotten.
LATE = dt.timedelta(hours=1)
STANDSTILL_LOOK = dt.timedelta(hours=2)
CONTROL_NUMBERS = DatabaseSequence("interchange_control_number")


def take_step(session: Session, request: StepRequest) -> QueueStanding:
    """Close what is due on this route, if asked to; then say when to look again."""
    now = moment(session, request.real_now)
    subject = subjects.lock(session, request.subject)
    route = routes.named(session, request.subject.partition(":")[2])
    sends = routes.stops(route, now) is None
    waiting = batch_queue.waiting(session, route.name, now)
    if request.rev == subject.rev and sends:
        due = _due(session, route, waiting, now)
        # Of all kinds at once, in one order: a file that is taken in may lock the same encounters.
        subjects.lock_all(session, (item.subject for queued in due.values() for item in queued))
        for kind, queued in due.items():
            words = close(session, route.name, kind, queued, now)
            subjects.record(session, subject, "close batch", words, now)
        waiting = batch_queue.waiting(session, route.name, now) if due else waiting
    oldest = min((each.since_at for each in waiting.values() if each.since_at), default=None)
    return QueueStanding(
        rev=subject.rev,
        is_open=oldest is not None,
        is_ready=sends and any(_is_due(route, each, now) for each in waiting.values()),
        wait=now.real_wait(_look_again_at(route, oldest or now.at, now)),
    )


def _due(
    session: Session, route: Route, waiting: dict[Kind, Waiting], now: Moment
) -> dict[Kind, list[Queued]]:
    """What goes into the batches that close now."""
    return {
        kind: batch_queue.queued(session, route.name, kind, now, limit=route.batch_claims_max)
        for kind in Kind
        if _is_due(route, waiting[kind], now)
    }


def _look_again_at(route: Route, oldest_at: dt.datetime, now: Moment) -> dt.datetime:
    """What stands still is looked at now and then: its end wakes us."""
    if routes.stops(route, now) is None:
        return oldest_at + dt.timedelta(hours=route.batch_hours)
    if route.paused_at is None and route.trouble is None:
        return routes.opens_at(route, now)
    return now.at + STANDSTILL_LOOK


def close(session: Session, route: str, kind: Kind, queued: Sequence[Queued], now: Moment) -> str:
    """Write one interchange of what is queued and put it into the outbox."""
    queued = queued[: routes.named(session, route).batch_claims_max]
    subjects.lock_all(session, (item.subject for item in queued))
    queued = batch_queue.still_queued(session, route, kind, queued, now)
    if not queued:
        return f"No batch ({kind}): nothing waits for it any more"
    try:
        with session.begin_nested():
            return _write(session, route, kind, queued, now)
    except OurX12Error:
        sound = unwritable.give_back(session, kind, queued, now)
    left_out = f"{len(queued) - len(sound)} could not be written"
    if not sound:
        return f"No batch ({kind}): {left_out}"
    return f"{_write(session, route, kind, sound, now)}; {left_out}"


def _write(session: Session, route: str, kind: Kind, queued: Sequence[Queued], now: Moment) -> str:
    control = int(session.scalar(CONTROL_NUMBERS.next_value()) or 0)
    batch = Batch(
        route=route, kind=kind, opened_at=queued[0].queued_at, closed_at=now.at,
        control_number=control,
    )  # fmt: skip
    session.add(batch)
    session.flush()
    content = batch_contents.encode(session, batch, kind, queued, now)
    batch.outbox_id = outgoing.put(session, route, f"{kind}-{control:09d}.x12", content, now).id
    batch_contents.put_into(session, kind, queued, batch)
    if kind.form is not None:
        sent_claims.submitted(session, [item.id for item in queued], now)
    return f"Closed batch {control} of {len(queued)} ({kind})"


def write_anew(session: Session, batch: Batch, now: Moment) -> Outbox:
    """The same contents under a new control number, in the envelope that the route asks for now:
    for a file that was refused before anything of it was sent."""
    kind = Kind(batch.kind)
    control = int(session.scalar(CONTROL_NUMBERS.next_value()) or 0)
    batch.control_number = control
    session.flush()
    content = batch_contents.encode(
        session, batch, kind, batch_contents.members(session, batch), now
    )
    row = outgoing.put(session, batch.route, f"{kind}-{control:09d}.x12", content, now)
    batch.outbox_id = row.id
    session.flush()
    return row


def overdue_routes(session: Session, now: Moment) -> list[str]:
    """Routes that send, with something queued for longer than a batch may stay open: to be woken
    again."""
    return [
        name
        for name in batch_queue.routes_with_queued(session)
        if _is_overdue(session, routes.named(session, name), now)
    ]


def _is_overdue(session: Session, route: Route, now: Moment) -> bool:
    if routes.stops(route, now) is not None:
        return False
    late = now.at - dt.timedelta(hours=route.batch_hours) - LATE
    waiting = batch_queue.waiting(session, route.name, now)
    return any(each.since_at and each.since_at < late for each in waiting.values())


def _is_due(route: Route, waiting: Waiting, now: Moment) -> bool:
    if waiting.since_at is None:
        return False
    is_full = waiting.count >= route.batch_claims_max
    return is_full or waiting.since_at + dt.timedelta(hours=route.batch_hours) <= now.at
