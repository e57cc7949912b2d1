"""TA1 and 999: whether a file of ours was taken. A refused one refuses each claim and each question
in it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import (
    claim_acks,
    complaints,
    eligibility_answers,
    rejections,
    status_answers,
    subjects,
)
from casework.complaints import Complaint
from casework.moment import Moment
from casework.rejections import Refusal
from db.models import Batch, EligibilityCheck, Encounter, RawFile, StatusInquiry, Submission
from domain.acknowledgments import FunctionalAck, InterchangeAck

CLEARINGHOUSE = "clearinghouse"
CONTROL_DIGITS = 9


def subjects_of_envelope(session: Session, ack: InterchangeAck | FunctionalAck) -> set[str]:
    """The encounters whose claims or questions the acknowledged file held."""
    batch = _batch_of(session, ack)
    if batch is None:
        return set()
    numbers = [
        *session.scalars(
            claim_acks.encounter_numbers().where(Submission.batch_id == batch.id).distinct()
        ),
        *session.scalars(
            select(Encounter.encounter_no)
            .join(EligibilityCheck, EligibilityCheck.encounter_id == Encounter.id)
            .where(EligibilityCheck.batch_id == batch.id)
        ),
        *session.scalars(
            claim_acks.encounter_numbers()
            .join(StatusInquiry, StatusInquiry.submission_id == Submission.id)
            .where(StatusInquiry.batch_id == batch.id)
        ),
    ]
    return {f"{subjects.ENCOUNTER}{number}" for number in numbers}


def is_ours(session: Session, ack: InterchangeAck | FunctionalAck) -> bool:
    return _batch_of(session, ack) is not None


def take_in_envelope(
    session: Session, ack: InterchangeAck | FunctionalAck, file: RawFile, now: Moment
) -> str | None:
    """TA1 or 999, by our own control number; None where it is not one of ours."""
    kind = kind_of(ack)
    batch = _batch_of(session, ack)
    if batch is None:
        return None
    accepted, words = _verdict(ack)
    _note_batch(batch, ack, is_accepted=accepted, now=now)
    for submission in claim_acks.of_batch(session, batch):
        claim_acks.keep(session, submission, file, kind=kind, source=CLEARINGHOUSE,
                        is_accepted=accepted, words=words, now=now)  # fmt: skip
    if accepted:
        return f"{kind}: batch {batch.control_number} was taken."
    minded = complaints.of_ack(session, batch, ack) if isinstance(ack, FunctionalAck) else ()
    told = _refuse(session, batch, words, minded, now)
    return f"{kind}: batch {batch.control_number} was refused: {told}"


def _refuse(
    session: Session, batch: Batch, words: str, minded: Sequence[Complaint], now: Moment
) -> str:
    """Everything in the batch is refused: its claims, or the questions it asked."""
    submissions = claim_acks.of_batch(session, batch)
    for submission in submissions:
        refusal = _refusal_of(submission, words, minded)
        rejections.reject(session, submission, refusal, now)
    checks, inquiries = _checks(session, batch), _inquiries(session, batch)
    for check in checks:
        eligibility_answers.refused(session, check, words, now)
    for inquiry in inquiries:
        status_answers.refused(session, inquiry, words, now)
    count = len(submissions) + len(checks) + len(inquiries)
    return f"{words} ({count} rejected)"


def _refusal_of(submission: Submission, words: str, minded: Sequence[Complaint]) -> Refusal:
    """One bad claim refuses the file: the others are told that nothing is wrong with them."""
    own = complaints.of_claim(minded, submission.pcn)
    if minded and not own:
        words = "The whole file was refused for another claim in it; nothing is said against this."
    return Refusal(source=CLEARINGHOUSE, words=words, complaints=own)


def _verdict(ack: InterchangeAck | FunctionalAck) -> tuple[bool, str]:
    """We put one set into a batch, so the group's verdict is the set's."""
    if isinstance(ack, InterchangeAck):
        return ack.is_accepted, ack.words
    refused = [each for each in ack.sets if not each.is_accepted]
    accepted = ack.is_accepted and not refused
    words = [*ack.words, *(word for each in refused for word in each.words)]
    words += [error.words for each in refused for error in each.errors]
    return accepted, "; ".join(words) or ("Accepted." if accepted else "No reason was given.")


def _note_batch(
    batch: Batch, ack: InterchangeAck | FunctionalAck, *, is_accepted: bool, now: Moment
) -> None:
    if isinstance(ack, InterchangeAck):
        batch.ta1_at = batch.ta1_at or now.at
    else:
        batch.acknowledged_at = batch.acknowledged_at or now.at
    batch.is_refused = batch.is_refused or not is_accepted


def kind_of(ack: InterchangeAck | FunctionalAck) -> str:
    return "TA1" if isinstance(ack, InterchangeAck) else "999"


def control_of(ack: InterchangeAck | FunctionalAck) -> str:
    return ack.control_number if isinstance(ack, InterchangeAck) else ack.group_control_number


def _batch_of(session: Session, ack: InterchangeAck | FunctionalAck) -> Batch | None:
    control = control_of(ack)
    if not (control.isascii() and control.isdigit() and len(control) <= CONTROL_DIGITS):
        return None
    return session.scalar(select(Batch).where(Batch.control_number == int(control)))


def _checks(session: Session, batch: Batch) -> Sequence[EligibilityCheck]:
    return session.scalars(
        select(EligibilityCheck).where(EligibilityCheck.batch_id == batch.id)
    ).all()


def _inquiries(session: Session, batch: Batch) -> Sequence[StatusInquiry]:
    return session.scalars(select(StatusInquiry).where(StatusInquiry.batch_id == batch.id)).all()
