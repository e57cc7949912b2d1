"""The payer's filing limit: until when a claim must reach it, and so by when what stands before
its sending must be answered.
"""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import coverages
from db.models import Claim, ClaimVersion, Encounter, Payer, Submission
from domain.clock import add_business_days
from domain.tasks import TaskKind

# A claim that is mended still has its batch, the clearinghouse and the payer's own check before it.
AHEAD_BUSINESS_DAYS = 3
# Questions whose answer a claim needs before it can go out.
BEFORE_SENDING = frozenset(
    {
        TaskKind.REGISTRATION_FIX,
        TaskKind.CODING_REVIEW,
        TaskKind.PROVIDER_QUERY,
        TaskKind.MISSING_MASTER_DATA,
        TaskKind.EDIT_FIX,
        TaskKind.REJECTION,
        TaskKind.PORTAL_CLAIM,
    }
)


def limit_of(payer: Payer, since_on: dt.date) -> dt.date:
    return since_on + dt.timedelta(days=payer.timely_days)


def limit_for(
    session: Session, kind: TaskKind, *, claim_id: int | None, encounter_id: int | None
) -> dt.date | None:
    """The limit that a question of this kind endangers; None where there is none, or no more."""
    if kind not in BEFORE_SENDING:
        return None
    if claim_id is not None:
        claim = session.get_one(Claim, claim_id)
        return None if was_filed_in_time(session, claim) else claim.file_by_on
    encounter = session.get(Encounter, encounter_id) if encounter_id else None
    covered = coverages.of_encounter(session, encounter) if encounter else []
    return limit_of(covered[0].plan.payer, encounter.service_on) if encounter and covered else None


def latest_due_on(limit_on: dt.date) -> dt.date:
    return add_business_days(limit_on, -AHEAD_BUSINESS_DAYS)


def was_filed_in_time(session: Session, claim: Claim) -> bool:
    """A replacement of a claim that was in time is not late by this limit."""
    accepted = (
        select(Submission.id)
        .join(ClaimVersion)
        .where(ClaimVersion.claim_id == claim.id, Submission.accepted_at.is_not(None))
        .limit(1)
    )
    return session.scalar(accepted) is not None
