"""A queued submission that is no longer wanted is never sent, and the claim's story says why."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from casework import subjects, tasks
from casework.moment import Moment
from db.models import Claim, ClaimVersion, Submission
from domain.tasks import TaskKind

# The word on a submission that never left the house because something overtook it.
WITHDRAWN = "withdrawn"
ANSWERED = "the payer has answered"
OVERTAKEN = "a later sending takes its place"


def is_unsent() -> tuple[ColumnElement[bool], ...]:
    """Still to be sent: once anything was said of a submission it is not (`unwritable`)."""
    return (
        Submission.batch_id.is_(None),
        Submission.sent_at.is_(None),
        Submission.ack_status.is_(None),
    )


def withdraw(session: Session, claim: Claim, because: str, now: Moment) -> None:
    """Whatever of this claim is queued stays here. The caller holds its encounter's lock."""
    queued = session.scalars(
        select(Submission)
        .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
        .where(ClaimVersion.claim_id == claim.id, *is_unsent())
        .order_by(Submission.id)
    ).all()
    for submission in queued:
        submission.ack_status = WITHDRAWN
        subject = subjects.lock(session, subjects.encounter_key(claim.encounter))
        words = f"{submission.pcn} was not sent: {because}."
        subjects.record(session, subject, WITHDRAWN, words, now)
    # What was to be keyed by a person is withdrawn with its task.
    tasks.withdraw_of_claim(session, claim.id, TaskKind.PORTAL_CLAIM, because, now)


def is_withdrawn() -> ColumnElement[bool]:
    """As a condition on `ClaimVersion`: it was queued, and no sending of it stands."""
    of_version = select(Submission.id).where(Submission.claim_version_id == ClaimVersion.id)
    stands = of_version.where(Submission.ack_status.is_distinct_from(WITHDRAWN))
    return of_version.correlate(ClaimVersion).exists() & ~stands.correlate(ClaimVersion).exists()
