"""277: where a payer says a claim is, filed with our own inquiry by its trace; heard once."""

from sqlalchemy.orm import Session

from casework import news, subjects, waits
from casework.moment import Moment
from casework.waits import WaitKind
from db.models import Claim, StatusInquiry, Submission
from domain.claim_status import StatusAnswer
from domain.encounter import ClaimStage

# A category of our own filing: the question itself could not be answered.
UNANSWERABLE = "E0"


def inquiry_of(session: Session, answer: StatusAnswer) -> StatusInquiry | None:
    digits = answer.trace[1:]
    if not answer.trace.startswith("I") or not digits.isascii() or not digits.isdigit():
        return None
    return session.get(StatusInquiry, int(digits[:18]))


def subject_of(session: Session, inquiry: StatusInquiry) -> str:
    return subjects.encounter_key(_claim(session, inquiry).encounter)


def take_in(session: Session, answer: StatusAnswer, inquiry: StatusInquiry, now: Moment) -> str:
    if inquiry.answered_at is not None:
        return f"277 for inquiry I{inquiry.id}: it was answered before."
    submission = session.get_one(Submission, inquiry.submission_id)
    if answer.payer_claim_number and not submission.payer_claim_number:
        submission.payer_claim_number = answer.payer_claim_number
    words = "; ".join(code.words for code in answer.codes) or "The payer gave no status."
    _file(session, inquiry, now, category=answer.category, status=answer.status, words=words)
    return f"277 for inquiry I{inquiry.id}: {answer.category}."


def refused(session: Session, inquiry: StatusInquiry, words: str, now: Moment) -> None:
    """The file with our question was refused, so nobody will answer it."""
    if inquiry.answered_at is None:
        told = f"Our inquiry was refused: {words}"
        _file(session, inquiry, now, category=UNANSWERABLE, status="", words=told)


def _file(
    session: Session, inquiry: StatusInquiry, now: Moment, *, category: str, status: str, words: str
) -> None:
    inquiry.answered_at = now.at
    inquiry.category = category
    inquiry.status_code = status
    inquiry.words = words
    claim = _claim(session, inquiry)
    key = subjects.encounter_key(claim.encounter)
    subject = subjects.lock(session, key)
    if claim.stage is ClaimStage.ACCEPTED:
        waits.answered(session, key, now, claim_id=claim.id, kind=WaitKind.MESSAGE)
    news.tell(session, subject, "status", f"{claim.payer.name} says: {words}", now)


def _claim(session: Session, inquiry: StatusInquiry) -> Claim:
    submission = session.get_one(Submission, inquiry.submission_id)
    return submission.claim_version.claim
