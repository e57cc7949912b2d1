"""An answer that could not be posted becomes one question to a biller, with all figures."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import subjects, tasks
from casework.moment import Moment
from casework.posting import matching
from casework.posting.cases import ExceptionCase
from casework.posting.lines import Unplaced
from db.models import Payer, RemitClaim, Task
from domain.tasks import TaskKind, TaskStatus

EXCEPTION = "exception"
FOUND_ITS_PLACE = "What came since made room for it: it is posted."

TITLES = {
    ExceptionCase.UNMATCHED: "An answer matches no claim of ours",
    ExceptionCase.OTHER_PAYER: "An answer names a claim that its payer was never sent",
    ExceptionCase.UNKNOWN_CODE: "An answer uses a code that nobody here knows",
    ExceptionCase.LINE: "An answer's line matches no charge line",
    ExceptionCase.CHARGE: "An answer speaks of another charge",
    ExceptionCase.OVERPOSTED: "An answer pays more than is owed",
    ExceptionCase.REVERSAL_DIFFERS: "A reversal differs from what it takes back",
    ExceptionCase.EARLY_REVERSAL: "A reversal of an answer that never came",
}


def open_exception(session: Session, answer: RemitClaim, why: Unplaced, now: Moment) -> Task:
    """Once per answer; the other answers of the remittance go on."""
    answer.posting = EXCEPTION
    remittance = answer.remittance
    payer = session.get_one(Payer, remittance.payer_id)
    candidates = [] if answer.claim_id else matching.candidates(session, answer)
    return tasks.open_task(
        session,
        TaskKind.POSTING_EXCEPTION,
        subject=subjects.remittance_key(remittance),
        cause=_cause(session, answer),
        title=f"{TITLES[why.cause]} ({payer.name})",
        reason=f"{why.words} Remittance {remittance.trace_number}, claim {answer.ordinal}, segment "
        f"{answer.segment}.",
        details={
            "case": why.cause,
            "answer_id": answer.id,
            "candidate_ids": [candidate.claim_id for candidate in candidates],
        },
        now=now,
        amount_cents=abs(answer.paid_cents) or abs(answer.charge_cents),
        claim_id=answer.claim_id,
        payer_id=payer.id,
        remit_claim_id=answer.id,
    )


def _cause(session: Session, answer: RemitClaim) -> str:
    """What has come out of suspense is asked about anew."""
    settled = select(func.count()).where(
        Task.remit_claim_id == answer.id,
        Task.kind == TaskKind.POSTING_EXCEPTION,
        Task.status != TaskStatus.OPEN,
    )
    before = session.scalar(settled) or 0
    return f"answer:{answer.id}:{before}" if before else f"answer:{answer.id}"


def withdraw_question(session: Session, answer: RemitClaim, now: Moment) -> None:
    """It was posted after all, so nobody needs to place it."""
    for task in session.scalars(
        select(Task).where(
            Task.remit_claim_id == answer.id,
            Task.kind == TaskKind.POSTING_EXCEPTION,
            Task.status == TaskStatus.OPEN,
        )
    ):
        tasks.withdraw(session, task, FOUND_ITS_PLACE, now)
