"""Claims to payers that take them at their portal alone: a person keys each, once, and the number
that the portal gives back is the claim's acceptance and its proof of filing.
"""

import datetime as dt
import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import rejections, subjects, submissions, tasks
from casework.moment import Moment
from casework.proofs import PORTAL
from casework.refusals import Refused
from casework.rejections import Refusal
from db.models import Ack, Claim, RawFile, Submission, Task, User
from domain.acknowledgments import AckSource
from domain.encounter import ClaimStage
from domain.tasks import TaskKind


def ask(session: Session, claim: Claim, submission: Submission, now: Moment) -> Task:
    """Somebody keys this submission; its claim waits for that and for nothing else."""
    claim.stage = ClaimStage.READY
    return tasks.open_task(
        session,
        TaskKind.PORTAL_CLAIM,
        subject=subjects.encounter_key(claim.encounter),
        cause=f"portal:{submission.pcn}",
        title=f"Key the claim on the portal of {claim.payer.name}",
        reason=f"{claim.payer.name} takes claims at its portal alone.",
        details={"submission_id": submission.id},
        now=now,
        amount_cents=sum(line.charge_line.charge_cents or 0 for line in claim.lines),
        waits_in_claim=claim.id,
        encounter_id=claim.encounter_id,
        claim_id=claim.id,
        payer_id=claim.payer_id,
    )


def confirm(
    session: Session,
    submission: Submission,
    *,
    confirmation_no: str,
    keyed_on: dt.date,
    payer_claim_number: str | None,
    document_id: int | None,
    by: User,
    now: Moment,
) -> str:
    """It was keyed: sent and accepted at once. Raises `Refused` for a number that is another's."""
    claim = submission.claim_version.claim
    _require_new(session, claim, confirmation_no)
    words = f"Keyed by {by.full_name}; the portal confirmed it as {confirmation_no}."
    session.add(
        Ack(
            submission_id=submission.id,
            raw_file_id=_keep(session, submission, f"{words} {keyed_on}", now).id,
            kind=PORTAL,
            source=AckSource.PAYER,
            is_accepted=True,
            words=words,
            payer_claim_number=payer_claim_number,
            confirmation_no=confirmation_no,
            said_on=keyed_on,
            document_id=document_id,
            received_at=now.at,
        )
    )
    submission.sent_at = submission.accepted_at = now.at
    submission.ack_status = "accepted"
    submission.payer_claim_number = payer_claim_number
    claim.payer_claim_number = payer_claim_number or claim.payer_claim_number
    claim.stage = ClaimStage.ACCEPTED
    submissions.await_remittance(session, claim, now)
    return f"{by.full_name} keyed the claim on the portal: confirmation {confirmation_no}"


def refuse(session: Session, submission: Submission, because: str, by: User, now: Moment) -> str:
    """It could not be keyed: the same as a rejection, which a biller mends before it goes anew."""
    submission.claim_version.claim.stage = ClaimStage.SUBMITTED
    told = rejections.reject(session, submission, Refusal(source=PORTAL, words=because), now)
    return f"{by.full_name} could not key the claim ({because}): {told}"


def _keep(session: Session, submission: Submission, words: str, now: Moment) -> RawFile:
    """What the portal said, in the words of who read it; kept as every answer is."""
    content = f"{submission.pcn}: {words}\n".encode()
    file = RawFile(
        sha256=hashlib.sha256(content).hexdigest(), route=PORTAL,
        name=f"confirmation-{submission.pcn}.txt", content=content, kinds=PORTAL,
        judgement="taken", words=words, received_at=now.at,
    )  # fmt: skip
    session.add(file)
    session.flush()
    return file


def _require_new(session: Session, claim: Claim, confirmation_no: str) -> None:
    known = session.scalars(
        select(Submission)
        .join(Ack, Ack.submission_id == Submission.id)
        .where(Ack.kind == PORTAL, Ack.confirmation_no == confirmation_no)
    ).all()
    for other in known:
        confirmed = other.claim_version.claim
        if confirmed.payer_id == claim.payer_id:
            number = confirmed.encounter.encounter_no
            words = f"This number already confirms a claim of {number}: look at the portal again."
            raise Refused.of("confirmation_no", words)
