"""Claims that are on their way: from here on the clearinghouse and the payer must answer."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from casework import departures, subjects, submissions, waits
from casework.bulk import pieces
from casework.moment import Moment
from casework.waits import WaitKind
from db.models import Claim, Submission, Wait
from domain.encounter import ClaimStage


def submitted(session: Session, submission_ids: Sequence[int], now: Moment) -> None:
    """In a number of statements that grows by the hundreds of them. Their encounters are locked."""
    for some in pieces(submission_ids):
        _submitted(session, submissions.with_claims(session, some), now)


def _submitted(session: Session, some: Sequence[Submission], now: Moment) -> None:
    claims = [submission.claim_version.claim for submission in some]
    keys = {claim.id: subjects.encounter_key(claim.encounter) for claim in claims}
    locked = subjects.lock_all(session, keys.values())
    for submission, claim in zip(some, claims, strict=True):
        submission.sent_at = now.at
        claim.stage = ClaimStage.SUBMITTED
    waits.answered_of_claims(session, keys, now, kind=WaitKind.BATCH)
    session.add_all([_acknowledgment(claim, now) for claim in claims])
    said = [(locked[keys[claim.id]], f"Sent to {claim.payer.name}") for claim in claims]
    subjects.record_all(session, "submitted", said, now)
    waits.set_all_due(session, locked)


def _acknowledgment(claim: Claim, now: Moment) -> Wait:
    return waits.planned(
        subjects.encounter_key(claim.encounter),
        WaitKind.MESSAGE,
        f"the acknowledgment (999, 277CA) of {claim.payer.name}",
        until_at=now.end_of(now.business_days(departures.ACKNOWLEDGED_WITHIN_BUSINESS_DAYS)),
        then_what="a biller asks the clearinghouse",
        now=now,
        claim_id=claim.id,
    )
