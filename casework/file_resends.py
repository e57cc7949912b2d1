"""A file that got lost on the way is sent once more: the same bytes, under the same name and
control numbers, so that a receiver who has it after all knows it again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import audit
from casework.moment import Moment
from casework.refusals import Forbidden, Refused
from db.models import Batch, Outbox, Resend, User
from domain.tasks import Role

FILES_MAX = 100
SENDERS = (Role.ADMINISTRATOR, Role.SUPERVISOR)


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """One file of a route: how it stands, who acknowledged it, and how often it was sent again."""

    row: Outbox
    acknowledged: str | None
    times_again: int


def of_route(session: Session, route: str) -> list[SentFile]:
    """The latest first."""
    again = select(func.count()).where(Resend.outbox_id == Outbox.id).scalar_subquery()
    found = session.execute(
        select(Outbox, Batch, again)
        .outerjoin(Batch, Batch.outbox_id == Outbox.id)
        .where(Outbox.route == route)
        .order_by(Outbox.id.desc())
        .limit(FILES_MAX)
    ).all()
    return [
        SentFile(row=row, acknowledged=_acknowledged(batch), times_again=times)
        for row, batch, times in found
    ]


def send_again(
    session: Session, row: Outbox, because: str, by: User, now: Moment, *, insists: bool
) -> None:
    """Raises `Refused` when it has not gone yet, or was acknowledged and nobody insists."""
    if by.role not in SENDERS:
        raise Forbidden("Only an administrator or a supervisor sends a file again.")
    session.refresh(row, with_for_update=True)
    if not because.strip():
        raise Refused.of("because", "Say why the file is sent again.")
    if row.state != "done":
        raise Refused.of("because", "The file has not gone yet: it is sent by itself.")
    batch = session.scalars(select(Batch).where(Batch.outbox_id == row.id)).one_or_none()
    if (told := _acknowledged(batch)) and not insists:
        raise Refused.of("insists", f"{told}: it goes again only if you insist.")
    session.add(
        Resend(outbox_id=row.id, because=because.strip(), insisted=insists, by_id=by.id, at=now.at)
    )
    row.state, row.part = "waiting", None
    audit.record(session, by, "sent again", "file", row.name, words=because.strip())
    session.flush()


def times(session: Session, row: Outbox) -> Sequence[Resend]:
    return session.scalars(
        select(Resend).where(Resend.outbox_id == row.id).order_by(Resend.id)
    ).all()


def _acknowledged(batch: Batch | None) -> str | None:
    """Whoever answered has it: a refusal of the whole file is an answer too."""
    if batch is None:
        return None
    at = batch.acknowledged_at or batch.ta1_at
    return f"It was acknowledged on {at:%Y-%m-%d}" if at else None
