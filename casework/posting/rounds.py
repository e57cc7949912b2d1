"""Answers that found no place yet are tried in rounds, part by part, until a whole round moves
none: one that is posted may make room for the next.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.posting.exceptions import EXCEPTION
from db.models import RemitClaim, Remittance, RoomMade

DEFERRED = "deferred"


def begin(remittance: Remittance) -> None:
    """From the first again: what was passed in the round under way may fit by now."""
    remittance.tried_to, remittance.round_moved = 0, False


def ahead(session: Session, remittance: Remittance, limit: int) -> Sequence[RemitClaim]:
    """The next that were set aside and not yet tried in this round."""
    return session.scalars(
        select(RemitClaim)
        .where(RemitClaim.remittance_id == remittance.id)
        .where(RemitClaim.posting.in_([DEFERRED, EXCEPTION]))
        .where(RemitClaim.ordinal > remittance.tried_to)
        .order_by(RemitClaim.ordinal)
        .limit(limit)
    ).all()


def is_over(remittance: Remittance, tried: Sequence[RemitClaim], moved: int, limit: int) -> bool:
    """Keep how far the round came. Each further round has fewer to try, so the last one comes."""
    has_moved = remittance.round_moved or moved > 0
    if len(tried) >= limit:
        remittance.tried_to, remittance.round_moved = tried[-1].ordinal, has_moved
        return False
    begin(remittance)
    return not has_moved


def make_room(session: Session, remittance: Remittance) -> None:
    """Of another remittance, whose lock we do not hold: said beside its row, never in it."""
    session.add(RoomMade(remittance_id=remittance.id))


def room_was_made(session: Session, remittance: Remittance) -> bool:
    """Since the last step; once it is known here, nobody needs to be told again."""
    heard = delete(RoomMade).where(RoomMade.remittance_id == remittance.id)
    return bool(session.scalars(heard.returning(RoomMade.id)).all())


def has_deferred(session: Session, remittance: Remittance) -> bool:
    of_it = RemitClaim.remittance_id == remittance.id
    deferred = select(RemitClaim.id).where(of_it, RemitClaim.posting == DEFERRED)
    return session.scalar(deferred.limit(1)) is not None
