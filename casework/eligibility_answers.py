"""271: what a payer says of a coverage, filed with our own check by its trace; heard once."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import news, subjects, waits
from casework.moment import Moment
from casework.waits import WaitKind
from db.models import EligibilityCheck, Encounter, RawFile
from domain.eligibility import EligibilityAnswer
from domain.encounter import Stage

# Reasons to reject a request that mean: this person is not known there.
NOT_FOUND = frozenset({"58", "64", "65", "67", "68", "71", "72", "73", "75", "76", "77", "78"})


def check_of(session: Session, answer: EligibilityAnswer) -> EligibilityCheck | None:
    digits = (answer.trace or "")[1:]
    if not (answer.trace or "").startswith("E") or not digits.isascii() or not digits.isdigit():
        return None
    return session.get(EligibilityCheck, int(digits[:18]))


def subject_of(session: Session, check: EligibilityCheck) -> str:
    return subjects.encounter_key(session.get_one(Encounter, check.encounter_id))


def take_in(
    session: Session, answer: EligibilityAnswer, check: EligibilityCheck, file: RawFile, now: Moment
) -> str:
    if check.answered_at is not None:
        return f"271 for check E{check.id}: it was answered before."
    check.raw_file_id = file.id
    outcome, words = _outcome(answer)
    _file(session, check, outcome, words, now)
    return f"271 for check E{check.id}: {outcome}."


def refused(session: Session, check: EligibilityCheck, words: str, now: Moment) -> None:
    """The file with our question was refused, so nobody will answer it."""
    if check.answered_at is None:
        _file(session, check, "unclear", f"Our question was refused: {words}", now)


def _outcome(answer: EligibilityAnswer) -> tuple[str, str]:
    told = "; ".join(rejection.words for rejection in answer.rejections)
    if any(rejection.code in NOT_FOUND for rejection in answer.rejections):
        return "not_found", told
    if answer.is_active is None or answer.rejections:
        return "unclear", told or "The payer did not say whether the coverage is active."
    if answer.is_active:
        return "active", "The payer says that the coverage is active."
    return "inactive", "The payer says that the coverage is not active on the date of service."


def _file(session: Session, check: EligibilityCheck, outcome: str, words: str, now: Moment) -> None:
    check.answered_at = now.at
    check.outcome = outcome
    check.words = words
    encounter = session.get_one(Encounter, check.encounter_id)
    key = subjects.encounter_key(encounter)
    subject = subjects.lock(session, key)
    session.flush()
    if encounter.stage is Stage.ELIGIBILITY and not _silent(session, check):
        waits.answered(session, key, now, claim_id=None, kind=WaitKind.MESSAGE)
    payer = check.coverage.plan.payer.name
    news.tell(session, subject, "eligibility", f"{payer} answered: {outcome}", now)


def _silent(session: Session, check: EligibilityCheck) -> bool:
    """Whether another check of the same attempt has no answer yet."""
    statement = select(EligibilityCheck.id).where(
        EligibilityCheck.encounter_id == check.encounter_id,
        EligibilityCheck.attempt == check.attempt,
        EligibilityCheck.answered_at.is_(None),
    )
    return session.scalar(statement.limit(1)) is not None
