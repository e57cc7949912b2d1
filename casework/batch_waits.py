"""What claims that wait for a batch are told: why it does not go, or nothing when it will."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework import enrolments, routes
from casework.moment import Moment
from casework.waits import WaitKind
from db.models import Claim, PayerRoute, Wait

BETWEEN = "; "


def words(session: Session, claim: Claim, route: str, now: Moment) -> str:
    """The wait of a claim, with what stands in its way."""
    bare = f"the next batch to {claim.payer.name}"
    enrolment = enrolments.in_the_way(session, claim, route)
    if enrolment is not None:
        return f"{bare}{BETWEEN}{enrolments.in_words(enrolment)}"
    why = routes.stops(routes.named(session, route), now)
    return f"{bare}{BETWEEN}{why}" if why else bare


def say(session: Session, route: str, now: Moment) -> None:
    """Only words change. What a step holds at this moment is left to that step, which says it
    itself."""
    rows = session.execute(
        select(Wait, Claim)
        .join(Claim, Claim.id == Wait.claim_id)
        .join(PayerRoute, PayerRoute.payer_id == Claim.payer_id)
        .where(Wait.kind == WaitKind.BATCH, Wait.ended_at.is_(None))
        .where(PayerRoute.transaction_kind == "837", PayerRoute.route == route)
        .order_by(Wait.id)
        .with_for_update(of=Wait, skip_locked=True)
    ).all()
    for wait, claim in rows:
        said = words(session, claim, route, now)
        if said != wait.what:
            session.execute(update(Wait).where(Wait.id == wait.id).values(what=said))
