"""Claims that their payers have taken: proof of filing for ever, and the wait for what they pay."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from casework import stays, subjects, submissions, tasks, waits
from casework.bulk import pieces
from casework.moment import Moment
from db.models import Submission
from domain.acknowledgments import ClaimAckStatus
from domain.encounter import ClaimStage
from domain.tasks import TaskKind

# A claim of which no payer has said that it takes it.
UNDECIDED = (ClaimStage.SUBMITTED, ClaimStage.REJECTED)
Accepted = tuple[Submission, ClaimAckStatus]


def accept(session: Session, every: Sequence[Accepted], now: Moment) -> None:
    """Each of another claim. The payer's latest word outranks whoever refused the claim before; a
    claim moves only if it still waited for that. The caller holds their encounters' locks."""
    for some in pieces(every):
        _keep(some, now)
        claims = [submission.claim_version.claim for submission, _ in some]
        latest = submissions.latest_ids(session, [claim.id for claim in claims])
        moved = [
            accepted
            for accepted, claim in zip(some, claims, strict=True)
            if claim.stage in UNDECIDED and latest[claim.id] == accepted[0].id
        ]
        if moved:
            _move(session, moved, now)


def _keep(some: Sequence[Accepted], now: Moment) -> None:
    for submission, status in some:
        submission.accepted_at = submission.accepted_at or now.at
        submission.payer_claim_number = status.payer_claim_number or submission.payer_claim_number
        submission.ack_status = "accepted"


def _move(session: Session, moved: Sequence[Accepted], now: Moment) -> None:
    claims = [submission.claim_version.claim for submission, _ in moved]
    keys = {claim.id: subjects.encounter_key(claim.encounter) for claim in claims}
    locked = subjects.lock_all(session, keys.values())
    for (_, status), claim in zip(moved, claims, strict=True):
        claim.payer_claim_number = status.payer_claim_number or claim.payer_claim_number
        claim.stage = ClaimStage.ACCEPTED
    waits.answered_of_claims(session, keys, now)
    because = "the payer has accepted the claim"
    tasks.withdraw_of_claims(
        session, list(keys), (TaskKind.FOLLOW_UP, TaskKind.REJECTION), because, now
    )
    session.add_all(
        submissions.remittance_wait(claim, submission.channel, now)
        for (submission, _), claim in zip(moved, claims, strict=True)
    )
    said = [(locked[keys[each.id]], f"{each.payer.name} accepted the claim") for each in claims]
    subjects.record_all(session, "accepted", said, now)
    waits.set_all_due(session, locked)
    subjects.wake_all(session, keys.values())
    for claim in claims:
        stays.wake_others(session, claim)
