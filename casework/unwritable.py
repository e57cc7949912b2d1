"""What cannot be written as X12 goes back to a person, so that it never holds the others."""

from collections.abc import Sequence
from typing import assert_never

from sqlalchemy.orm import Session

from casework import batch_contents, news, subjects, submissions, tasks, waits
from casework.batch_queue import Kind, Queued
from casework.moment import Moment
from db.models import Batch, Claim, EligibilityCheck, Encounter, StatusInquiry, Submission
from domain.encounter import ClaimStage
from domain.tasks import TaskKind
from edi.errors import OurX12Error

# The word on a submission, a check or an inquiry that never left the house.
UNWRITABLE = "unwritable"
ASKED_OF_A_PERSON = "E0"


def give_back(
    session: Session, kind: Kind, queued: Sequence[Queued], now: Moment
) -> tuple[Queued, ...]:
    """Try each alone; ask a person about what fails, and return what can be written."""
    sound = []
    for item in queued:
        if words := _fault(session, kind, item, now):
            _give_back(session, item, words, now)
        else:
            sound.append(item)
    session.flush()
    return tuple(sound)


def _fault(session: Session, kind: Kind, item: Queued, now: Moment) -> str:
    # A batch that is not kept: the control numbers stand for those that will be given.
    trial = Batch(id=0, kind=kind, control_number=1)
    try:
        batch_contents.encode(session, trial, kind, [item], now)
    except OurX12Error as error:
        return " ".join(f"{finding.where}: {finding.words}" for finding in error.findings)
    return ""


def _give_back(session: Session, item: Queued, words: str, now: Moment) -> None:
    match item.kind:
        case Kind.CLAIMS | Kind.FACILITY_CLAIMS:
            _give_back_claim(session, session.get_one(Submission, item.id), words, now)
        case Kind.ELIGIBILITY:
            _answer_check(session, session.get_one(EligibilityCheck, item.id), words, now)
        case Kind.STATUS:
            _answer_inquiry(session, session.get_one(StatusInquiry, item.id), words, now)
        case _:
            assert_never(item.kind)


def _give_back_claim(session: Session, submission: Submission, words: str, now: Moment) -> None:
    """The claim stands before its edits again; what it says is built anew when it is mended."""
    claim = submission.claim_version.claim
    submission.ack_status = UNWRITABLE
    submissions.renew(session, claim, because="it could not be written", now=now)
    claim.stage = ClaimStage.EDITS
    _tell(session, claim.encounter, words, now, claim_id=claim.id)
    tasks.open_task(
        session,
        TaskKind.EDIT_FIX,
        subject=subjects.encounter_key(claim.encounter),
        cause=f"unwritable:{submission.id}",
        title="The claim cannot be written for its payer",
        reason=f"{words} The claim to {claim.payer.name} was left out of its batch.",
        details={"rules": [UNWRITABLE]},
        now=now,
        amount_cents=sum(line.charge_line.charge_cents or 0 for line in claim.lines),
        waits_in_claim=claim.id,
        encounter_id=claim.encounter_id,
        claim_id=claim.id,
        payer_id=claim.payer_id,
    )


def _answer_check(session: Session, check: EligibilityCheck, words: str, now: Moment) -> None:
    """Nobody was asked: the front desk mends the coverage."""
    check.answered_at, check.outcome = now.at, UNWRITABLE
    check.words = f"The inquiry cannot be written. {words}"
    _tell(session, session.get_one(Encounter, check.encounter_id), words, now, claim_id=None)


def _answer_inquiry(session: Session, inquiry: StatusInquiry, words: str, now: Moment) -> None:
    """Nobody was asked: a biller calls."""
    claim: Claim = session.get_one(Submission, inquiry.submission_id).claim_version.claim
    inquiry.answered_at, inquiry.category = now.at, ASKED_OF_A_PERSON
    inquiry.words = f"our inquiry cannot be written: {words}"
    _tell(session, claim.encounter, words, now, claim_id=claim.id)


def _tell(
    session: Session, encounter: Encounter, words: str, now: Moment, *, claim_id: int | None
) -> None:
    subject = subjects.lock(session, subjects.encounter_key(encounter))
    waits.withdrawn(session, subject.key, now, claim_id=claim_id)
    news.tell(session, subject, UNWRITABLE, f"Left out of its batch: {words}", now)
