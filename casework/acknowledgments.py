"""TA1, 999 and 277CA: what became of what we sent, before any payer adjudicates it.

A clearinghouse that received a claim only notes it; a payer that accepted it starts the wait for
its remittance; a refusal of a file, a set or a claim is a rejection of each claim in it.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import (
    complaints,
    correlation,
    eligibility_answers,
    news,
    rejections,
    status_answers,
    subjects,
    tasks,
    waits,
)
from casework.complaints import Complaint
from casework.correlation import Echo
from casework.moment import Moment
from casework.posting.storing import payer_called
from casework.rejections import Refusal
from casework.submissions import await_remittance
from db.models import Ack, Batch, EligibilityCheck, Payer, RawFile, StatusInquiry, Submission
from domain.acknowledgments import (
    AckSource,
    ClaimAck,
    ClaimAckStatus,
    FunctionalAck,
    InterchangeAck,
    StatusNote,
)
from domain.encounter import ClaimStage
from domain.tasks import TaskKind

CLEARINGHOUSE = "clearinghouse"
CONTROL_DIGITS = 9
# A claim of which no payer has said that it takes it.
UNDECIDED = (ClaimStage.SUBMITTED, ClaimStage.REJECTED)


def subjects_of_envelope(session: Session, ack: InterchangeAck | FunctionalAck) -> set[str]:
    """The encounters whose claims or questions the acknowledged file held."""
    batch = _batch_of(session, ack)
    if batch is None:
        return set()
    encounters = {s.claim_version.claim.encounter for s in _submissions(session, batch)}
    keys = {subjects.encounter_key(encounter) for encounter in encounters}
    keys |= {eligibility_answers.subject_of(session, c) for c in _checks(session, batch)}
    return keys | {status_answers.subject_of(session, i) for i in _inquiries(session, batch)}


def subjects_of_claims(session: Session, ack: ClaimAck) -> set[str]:
    concerned = [s for s, _ in _named(session, ack) if s is not None]
    if ack.rejects_batch:
        concerned += _of_reference(session, ack.batch_reference)
    return {subjects.encounter_key(s.claim_version.claim.encounter) for s in concerned}


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
    for submission in _submissions(session, batch):
        _add(session, submission, file, kind=kind, source=CLEARINGHOUSE, is_accepted=accepted,
             words=words, now=now)  # fmt: skip
    if accepted:
        return f"{kind}: batch {batch.control_number} was taken."
    minded = complaints.of_ack(session, batch, ack) if isinstance(ack, FunctionalAck) else ()
    told = _refuse(session, batch, words, minded, now)
    return f"{kind}: batch {batch.control_number} was refused: {told}"


def take_in_claims(
    session: Session, ack: ClaimAck, file: RawFile, now: Moment
) -> tuple[list[str], list[ClaimAckStatus], list[ClaimAckStatus]]:
    """277CA: sentences, what it says of claims that are not ours, and of which of ours it does not
    say whether they were taken."""
    if ack.rejects_batch:
        return [_refuse_reference(session, ack, file, now)], [], []
    accepted = rejected = 0
    foreign, unread = [], []
    for submission, status in _named(session, ack):
        if submission is None:
            foreign.append(status)
            continue
        if status.unread:
            unread.append(status)
            continue
        take_in_claim(session, submission, status, now, source=ack.source, file=file)
        accepted += status.is_accepted
        rejected += not status.is_accepted
    words = f"277CA of the {ack.source}: {accepted} accepted, {rejected} rejected."
    return [words], foreign, unread


def take_in_claim(
    session: Session,
    submission: Submission,
    status: ClaimAckStatus,
    now: Moment,
    *,
    source: AckSource,
    file: RawFile,
) -> None:
    if status.unread:
        return  # Said of a claim that a person found for it: it says nothing of it.
    words = "; ".join(code.words for code in status.refusing or status.codes) or status.category
    _add(session, submission, file, kind="277CA", source=source, words=words, now=now,
         is_accepted=status.is_accepted, status=status)  # fmt: skip
    if not status.is_accepted:
        refusal = Refusal(
            source=source,
            words=words,
            category=status.category,
            status_code=status.status,
            entity=status.entity,
            complaints=complaints.of_status(status),
        )
        rejections.reject(session, submission, refusal, now)
    elif source is AckSource.PAYER and status.is_taken_in:
        _accept(session, submission, status, now)
    elif submission.ack_status is None:
        submission.ack_status = "received"


def _accept(session: Session, submission: Submission, status: ClaimAckStatus, now: Moment) -> None:
    """Proof of filing for ever. The payer's latest word outranks whoever refused the claim before;
    the claim moves only if it still waited for that."""
    claim = submission.claim_version.claim
    submission.accepted_at = submission.accepted_at or now.at
    submission.payer_claim_number = status.payer_claim_number or submission.payer_claim_number
    submission.ack_status = "accepted"
    if claim.stage not in UNDECIDED or not rejections.is_latest(session, submission):
        return
    claim.payer_claim_number = status.payer_claim_number or claim.payer_claim_number
    claim.stage = ClaimStage.ACCEPTED
    waits.answered(session, subjects.encounter_key(claim.encounter), now, claim_id=claim.id)
    for kind in (TaskKind.FOLLOW_UP, TaskKind.REJECTION):
        tasks.withdraw_of_claim(session, claim.id, kind, "the payer has accepted the claim", now)
    await_remittance(session, claim, now)
    news.tell_claim(session, claim, "accepted", f"{claim.payer.name} accepted the claim", now)


def _refuse(
    session: Session, batch: Batch, words: str, minded: Sequence[Complaint], now: Moment
) -> str:
    """Everything in the batch is refused: its claims, or the questions it asked."""
    submissions = _submissions(session, batch)
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


def _refuse_reference(session: Session, ack: ClaimAck, file: RawFile, now: Moment) -> str:
    """Refused at the receiver's level: every claim of the batch that we called by BHT03."""
    submissions = _of_reference(session, ack.batch_reference)
    words = _words_of(ack.refusing_notes)
    for submission in submissions:
        _add(session, submission, file, kind="277CA", source=ack.source, is_accepted=False,
             words=words, now=now)  # fmt: skip
        rejections.reject(session, submission, Refusal(source=ack.source, words=words), now)
    return f"277CA of the {ack.source}: the whole batch was refused, {len(submissions)} claims."


def _words_of(notes: Iterable[StatusNote]) -> str:
    return "; ".join(code.words for note in notes for code in note.codes) or "No reason was given."


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


def _add(
    session: Session,
    submission: Submission,
    file: RawFile,
    *,
    kind: str,
    source: str,
    is_accepted: bool,
    words: str,
    now: Moment,
    status: ClaimAckStatus | None = None,
) -> None:
    session.add(
        Ack(
            submission_id=submission.id,
            raw_file_id=file.id,
            kind=kind,
            source=str(source),
            is_accepted=is_accepted,
            category=status.category if status else None,
            status_code=status.status if status else None,
            words=words,
            payer_claim_number=status.payer_claim_number if status else None,
            clearinghouse_trace=status.clearinghouse_trace if status else None,
            received_at=now.at,
        )
    )


def take_in_read(
    session: Session, ack: ClaimAck, status: ClaimAckStatus, file: RawFile, now: Moment
) -> str:
    """One claim of a 277CA of ours, as a person says that it was meant."""
    (submission, _), *_ = [one for one in _named(session, ack) if one[1].ordinal == status.ordinal]
    assert submission is not None, "it was ours when the task was opened"
    take_in_claim(session, submission, status, now, source=ack.source, file=file)
    verdict = "accepted" if status.is_accepted else "rejected"
    return f"277CA of the {ack.source}: {submission.pcn} was {verdict}."


def kind_of(ack: InterchangeAck | FunctionalAck) -> str:
    return "TA1" if isinstance(ack, InterchangeAck) else "999"


def control_of(ack: InterchangeAck | FunctionalAck) -> str:
    return ack.control_number if isinstance(ack, InterchangeAck) else ack.group_control_number


def _batch_of(session: Session, ack: InterchangeAck | FunctionalAck) -> Batch | None:
    control = control_of(ack)
    if not (control.isascii() and control.isdigit() and len(control) <= CONTROL_DIGITS):
        return None
    return session.scalar(select(Batch).where(Batch.control_number == int(control)))


def _submissions(session: Session, batch: Batch) -> Sequence[Submission]:
    return session.scalars(
        select(Submission).where(Submission.batch_id == batch.id).order_by(Submission.id)
    ).all()


def _checks(session: Session, batch: Batch) -> Sequence[EligibilityCheck]:
    return session.scalars(
        select(EligibilityCheck).where(EligibilityCheck.batch_id == batch.id)
    ).all()


def _inquiries(session: Session, batch: Batch) -> Sequence[StatusInquiry]:
    return session.scalars(select(StatusInquiry).where(StatusInquiry.batch_id == batch.id)).all()


def _of_reference(session: Session, reference: str | None) -> list[Submission]:
    digits = (reference or "")[1:]
    if not (reference or "").startswith("B") or not digits.isascii() or not digits.isdigit():
        return []
    batch = session.get(Batch, int(digits[:18]))
    return list(_submissions(session, batch)) if batch else []


def _named(session: Session, ack: ClaimAck) -> list[tuple[Submission | None, ClaimAckStatus]]:
    known = correlation.by_pcn(session, (status.pcn for status in ack.claims))
    payer = payer_of(session, ack)
    return [
        (
            known.get(status.pcn) or correlation.submission_of(session, _echo(status, payer)),
            status,
        )
        for status in ack.claims
    ]


def payer_of(session: Session, ack: ClaimAck) -> Payer | None:
    """Who answers, where it is a payer of ours; a clearinghouse speaks for all of them."""
    if ack.source is not AckSource.PAYER:
        return None
    return payer_called(session, ack.source_id, name=ack.source_name)


def _echo(status: ClaimAckStatus, payer: Payer | None) -> Echo:
    return Echo(
        pcn=status.pcn,
        clearinghouse_trace=status.clearinghouse_trace,
        payer_claim_number=status.payer_claim_number,
        line_controls=tuple(line.line_control for line in status.lines if line.line_control),
        payer_id=payer.id if payer else None,
        charge_cents=status.charge_cents,
        service_on=status.service_on,
    )
