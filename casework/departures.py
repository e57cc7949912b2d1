"""When a claim's file really left the house: what must be acknowledged is counted from then."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import routes, subjects, waits
from casework.moment import Moment
from casework.waits import WaitKind
from db.models import Batch, Claim, Outbox, Submission
from domain.clock import add_business_days, business_date

ACKNOWLEDGED_WITHIN_BUSINESS_DAYS = 4


@dataclass(frozen=True, kw_only=True)
class Late:
    """Why it is too early to ask about an acknowledgment, and when to look again."""

    words: str
    until_at: dt.datetime


def not_yet_due(session: Session, submission: Submission, now: Moment) -> Late | None:
    found = session.execute(
        select(Outbox.state, Outbox.sent_at, Outbox.route)
        .join(Batch, Batch.outbox_id == Outbox.id)
        .where(Batch.id == submission.batch_id)
    ).one_or_none()
    if found is None:
        return None
    state, sent_at, route = found
    if state != "done" or sent_at is None:
        why = routes.stops(routes.named(session, route), now)
        # A route that sends and has not sent this is no known outage: somebody has to look.
        return Late(words=why, until_at=now.end_of(now.business_days(1))) if why else None
    left_on = business_date(sent_at, now.zone)
    due_at = now.end_of(add_business_days(left_on, ACKNOWLEDGED_WITHIN_BUSINESS_DAYS))
    if due_at <= now.at:
        return None
    return Late(words=f"its file left on {left_on} only", until_at=due_at)


def wait(session: Session, claim: Claim, late: Late, now: Moment) -> None:
    waits.begin(
        session,
        subjects.encounter_key(claim.encounter),
        WaitKind.MESSAGE,
        f"the acknowledgment (999, 277CA) of {claim.payer.name}; {late.words}",
        until_at=late.until_at,
        then_what="a biller asks the clearinghouse, once the file has been gone for long enough",
        now=now,
        claim_id=claim.id,
    )
