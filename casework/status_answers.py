"""277: where a payer says a claim is, filed with our own inquiry by its trace; heard once."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import correlation, news, subjects, waits
from casework.correlation import Echo
from casework.moment import Moment
from casework.posting.storing import payer_called
from casework.waits import WaitKind
from db.models import Claim, StatusInquiry, Submission
from domain.claim_status import StatusAnswer
from domain.encounter import ClaimStage

# A category of our own filing: the question itself could not be answered.
UNANSWERABLE = "E0"


def inquiry_of(session: Session, answer: StatusAnswer) -> StatusInquiry | None:
    """By the trace of ours that it echoes."""
    digits = answer.trace[1:]
    if not answer.trace.startswith("I") or not digits.isascii() or not digits.isdigit():
        return None
    return session.get(StatusInquiry, int(digits[:18]))


def submission_of(session: Session, answer: StatusAnswer) -> Submission | None:
    """By every other key, where the trace is not ours or there is none."""
    payer = payer_called(session, answer.payer_id, name=answer.payer_name)
    echo = Echo(
        pcn=answer.pcn or "",
        clearinghouse_trace=answer.clearinghouse_trace,
        payer_claim_number=answer.payer_claim_number,
        line_controls=tuple(line.line_control for line in answer.lines if line.line_control),
        payer_id=payer.id if payer else None,
        charge_cents=answer.charge_cents,
        service_on=answer.service_on,
    )
    return correlation.submission_of(session, echo)


def subject_of(session: Session, inquiry: StatusInquiry) -> str:
    return subjects.encounter_key(_claim(session, inquiry).encounter)


def subjects_of(session: Session, answer: StatusAnswer) -> set[str]:
    inquiry = inquiry_of(session, answer)
    if inquiry is not None:
        return {subject_of(session, inquiry)}
    submission = submission_of(session, answer)
    claim = submission.claim_version.claim if submission else None
    return {subjects.encounter_key(claim.encounter)} if claim else set()


def take_in(session: Session, answer: StatusAnswer, inquiry: StatusInquiry, now: Moment) -> str:
    if inquiry.answered_at is not None:
        return f"277 for inquiry I{inquiry.id}: it was answered before."
    submission = session.get_one(Submission, inquiry.submission_id)
    if answer.payer_claim_number and not submission.payer_claim_number:
        submission.payer_claim_number = answer.payer_claim_number
    words = _words(answer)
    _file(session, inquiry, now, category=answer.category, status=answer.status, words=words)
    return f"277 for inquiry I{inquiry.id}: {answer.category}."


def take_in_of_claim(
    session: Session, answer: StatusAnswer, submission: Submission, now: Moment
) -> str:
    """The answer to our inquiry about that claim which has none yet; else it is told, unasked."""
    inquiry = session.scalar(
        select(StatusInquiry)
        .where(StatusInquiry.submission_id == submission.id, StatusInquiry.answered_at.is_(None))
        .order_by(StatusInquiry.id)
        .limit(1)
    )
    if inquiry is not None:
        return take_in(session, answer, inquiry, now)
    if answer.payer_claim_number and not submission.payer_claim_number:
        submission.payer_claim_number = answer.payer_claim_number
    claim = submission.claim_version.claim
    words = f"{claim.payer.name} says, unasked: {_words(answer)}"
    news.tell_claim(session, claim, "status", words, now)
    return f"277 for {submission.pcn}, which nobody asked for: {answer.category}."


def refused(session: Session, inquiry: StatusInquiry, words: str, now: Moment) -> None:
    """The file with our question was refused, so nobody will answer it."""
    if inquiry.answered_at is None:
        told = f"Our inquiry was refused: {words}"
        _file(session, inquiry, now, category=UNANSWERABLE, status="", words=told)


def _words(answer: StatusAnswer) -> str:
    told = "; ".join(code.words for code in answer.codes) or "The payer gave no status."
    return f"{told} ({answer.note})" if answer.note else told


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
