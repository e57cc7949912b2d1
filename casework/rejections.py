"""A claim refused before any payer adjudicated it: whoever says so, once per submission."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import ledger, news, subjects, submissions, tasks, waits
from casework.complaints import SHOWN_MAX, Complaint
from casework.moment import Moment
from casework.reopening import reopen
from db.models import Claim, ClaimLine, RemitClaim, Submission
from domain.acknowledgments import AckSource
from domain.encounter import ClaimStage, Stage
from domain.ledger import Account
from domain.tasks import TaskKind

AWAITING = (ClaimStage.SUBMITTED, ClaimStage.ACCEPTED)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Who refused, in which code if any, and why in our words."""

    source: str
    words: str
    category: str | None = None
    status_code: str | None = None
    entity: str | None = None
    complaints: tuple[Complaint, ...] = ()


def reject(session: Session, submission: Submission, refusal: Refusal, now: Moment) -> str:
    """What a refusal means for the claim now. The caller holds its encounter's lock."""
    claim = submission.claim_version.claim
    if is_adjudicated(session, submission):
        _open_contradiction(session, claim, submission, refusal, now)
        return "refused after its remittance had come: asked a biller"
    if submission.accepted_at is not None and refusal.source != AckSource.PAYER:
        return "refused, but its payer has taken it"
    submission.ack_status = "rejected"
    if not is_latest(session, submission):
        return "refused, but a later submission has taken its place"
    if claim.stage not in AWAITING:
        return "refused; it no longer waits for that"
    _open_rejection(session, claim, submission, refusal, now)
    return "rejected: asked a biller"


def is_adjudicated(session: Session, submission: Submission) -> bool:
    """Whether an 835 has answered this very submission: it outranks every acknowledgment."""
    return (
        session.scalar(
            select(RemitClaim.id)
            .where(RemitClaim.submission_id == submission.id, RemitClaim.posting == "posted")
            .limit(1)
        )
        is not None
    )


def is_latest(session: Session, submission: Submission) -> bool:
    latest = submissions.latest(session, submission.claim_version.claim)
    return submission.id == latest.id


def _open_rejection(
    session: Session, claim: Claim, submission: Submission, refusal: Refusal, now: Moment
) -> None:
    key = subjects.encounter_key(claim.encounter)
    claim.stage = ClaimStage.REJECTED
    waits.answered(session, key, now, claim_id=claim.id)
    tasks.withdraw_of_claim(session, claim.id, TaskKind.FOLLOW_UP, "the claim was rejected", now)
    tasks.open_task(
        session,
        TaskKind.REJECTION,
        subject=key,
        cause=f"rejected:{submission.pcn}",
        title=f"The {refusal.source} rejected the claim to {claim.payer.name}",
        reason=refusal.words,
        details=_details(submission, refusal),
        now=now,
        amount_cents=_at_stake(session, claim),
        waits_in_claim=claim.id,
        encounter_id=claim.encounter_id,
        claim_id=claim.id,
        payer_id=claim.payer_id,
    )
    words = f"The {refusal.source} rejected {submission.pcn}: {refusal.words}"
    news.tell_claim(session, claim, "rejected", words, now)


def _open_contradiction(
    session: Session, claim: Claim, submission: Submission, refusal: Refusal, now: Moment
) -> None:
    """Beside the claim, which it does not hold up; but nothing closes while it is open."""
    if claim.encounter.stage is Stage.CLOSED:
        reopen(session, claim.encounter, Stage.PATIENT, now)
    tasks.open_task(
        session,
        TaskKind.POSTING_EXCEPTION,
        subject=subjects.encounter_key(claim.encounter),
        cause=f"rejected-after-835:{submission.pcn}",
        title=f"The {refusal.source} rejects a claim that {claim.payer.name} has answered",
        reason=f"A rejection of {submission.pcn} came after its remittance, which stands. "
        f"{refusal.words}",
        details={"case": "rejected_after_835", **_details(submission, refusal)},
        now=now,
        encounter_id=claim.encounter_id,
        claim_id=claim.id,
        payer_id=claim.payer_id,
    )
    words = f"A rejection of {submission.pcn} came after its remittance: asked a biller"
    news.tell_claim(session, claim, "rejected late", words, now)


def _details(submission: Submission, refusal: Refusal) -> dict[str, object]:
    return {
        "submission_id": submission.id,
        "pcn": submission.pcn,
        "source": refusal.source,
        "category": refusal.category,
        "status_code": refusal.status_code,
        "entity": refusal.entity,
        "words": refusal.words,
        "complaints": [each.kept() for each in refusal.complaints[:SHOWN_MAX]],
    }


def _at_stake(session: Session, claim: Claim) -> int:
    lines = session.scalars(
        select(ClaimLine.charge_line_id).where(ClaimLine.claim_id == claim.id)
    ).all()
    return sum(
        ledger.balance(session, Account.AR_INSURANCE, charge_line_id=line, payer_id=claim.payer_id)
        for line in lines
    )
