"""A claim that is still in the house goes out as it should have: as its next version."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import subjects, submissions, waits, withdrawals
from casework.moment import Moment
from db.models import Claim, Encounter
from domain.claim_form import ClaimForm
from domain.encounter import ClaimStage


def renew(
    session: Session, encounter: Encounter, forms: Collection[ClaimForm], now: Moment
) -> None:
    """What its claims of these forms say was changed. The caller holds the encounter's lock."""
    queued = session.scalars(
        select(Claim)
        .where(Claim.encounter_id == encounter.id, Claim.stage == ClaimStage.READY)
        .where(Claim.form.in_(forms))
        .order_by(Claim.id)
    ).all()
    for claim in queued:
        newest = submissions.current_version(session, claim)
        if any(each.batch_id or each.sent_at for each in newest.submissions):
            continue
        withdrawals.withdraw(session, claim, "what it says was changed", now)
        submissions.renew(session, claim, because="changed before it was sent", now=now)
        claim.stage = ClaimStage.EDITS
        waits.withdrawn(session, subjects.encounter_key(encounter), now, claim_id=claim.id)
