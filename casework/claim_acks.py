"""277CA: what the exchange and the payers say of single claims before they adjudicate them.

A clearinghouse that received a claim only notes it; a payer that accepted it starts the wait for
its remittance; a refusal is a rejection of the claim.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from casework import acceptances, complaints, correlation, rejections, subjects, submissions
from casework.bulk import pieces
from casework.correlation import Echo
from casework.moment import Moment
from casework.posting.storing import payer_called
from casework.rejections import Refusal
from db.models import Ack, Batch, Claim, ClaimVersion, Encounter, Payer, RawFile, Submission
from domain.acknowledgments import AckSource, ClaimAck, ClaimAckStatus, StatusNote


def subjects_of_claims(session: Session, ack: ClaimAck) -> set[str]:
    concerned = [s.id for s, _ in _named(session, ack) if s is not None]
    if ack.rejects_batch:
        concerned += [s.id for s in _of_reference(session, ack.batch_reference)]
    numbers: set[str] = set()
    for some in pieces(concerned):
        numbers |= set(session.scalars(encounter_numbers().where(Submission.id.in_(some))))
    return {f"{subjects.ENCOUNTER}{number}" for number in numbers}


def encounter_numbers() -> Select[str]:
    """Of the encounters that submissions bill."""
    return (
        select(Encounter.encounter_no)
        .join(Claim, Claim.encounter_id == Encounter.id)
        .join(ClaimVersion, ClaimVersion.claim_id == Claim.id)
        .join(Submission, Submission.claim_version_id == ClaimVersion.id)
    )


def take_in_claims(
    session: Session, ack: ClaimAck, file: RawFile, now: Moment
) -> tuple[list[str], list[ClaimAckStatus], list[ClaimAckStatus]]:
    """277CA: sentences, what it says of claims that are not ours, and of which of ours it does not
    say whether they were taken."""
    if ack.rejects_batch:
        return [_refuse_reference(session, ack, file, now)], [], []
    named = _named(session, ack)
    foreign = [status for submission, status in named if submission is None]
    every = [(submission, status) for submission, status in named if submission is not None]
    unread = [status for _, status in every if status.unread]
    ours = [(submission, status) for submission, status in every if not status.unread]
    for some in pieces(ours):
        # Kept until the round is over: what was loaded with them is not asked for again.
        loaded = submissions.with_claims(session, [submission.id for submission, _ in some])
        statuses = [status for _, status in some]
        _take_in_claims(session, zip(loaded, statuses, strict=True), ack.source, file, now)
    accepted = sum(status.is_accepted for _, status in ours)
    rejected = len(ours) - accepted
    words = f"277CA of the {ack.source}: {accepted} accepted, {rejected} rejected."
    return [words], foreign, unread


def _take_in_claims(
    session: Session,
    said: Iterable[tuple[Submission, ClaimAckStatus]],
    source: AckSource,
    file: RawFile,
    now: Moment,
) -> None:
    """In the order of the file: what was accepted before something else is said is kept first."""
    taken: dict[int, tuple[Submission, ClaimAckStatus]] = {}
    for submission, status in said:
        claim_id = submission.claim_version.claim_id
        if claim_id in taken or not status.is_accepted:
            acceptances.accept(session, list(taken.values()), now)
            taken.clear()
        if status.is_accepted and source is AckSource.PAYER and status.is_taken_in:
            _keep_status(session, submission, status, source, file, now)
            taken[claim_id] = submission, status
        else:
            take_in_claim(session, submission, status, now, source=source, file=file)
    acceptances.accept(session, list(taken.values()), now)


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
    words = _keep_status(session, submission, status, source, file, now)
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
        acceptances.accept(session, [(submission, status)], now)
    elif submission.ack_status is None:
        submission.ack_status = "received"


def take_in_read(
    session: Session, ack: ClaimAck, status: ClaimAckStatus, file: RawFile, now: Moment
) -> str:
    """One claim of a 277CA of ours, as a person says that it was meant."""
    (submission, _), *_ = [one for one in _named(session, ack) if one[1].ordinal == status.ordinal]
    assert submission is not None, "it was ours when the task was opened"
    take_in_claim(session, submission, status, now, source=ack.source, file=file)
    verdict = "accepted" if status.is_accepted else "rejected"
    return f"277CA of the {ack.source}: {submission.pcn} was {verdict}."


def _keep_status(
    session: Session,
    submission: Submission,
    status: ClaimAckStatus,
    source: AckSource,
    file: RawFile,
    now: Moment,
) -> str:
    words = "; ".join(code.words for code in status.refusing or status.codes) or status.category
    keep(session, submission, file, kind="277CA", source=source, words=words, now=now,
         is_accepted=status.is_accepted, status=status)  # fmt: skip
    return words


def keep(
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
            said_on=status.effective_on if status else None,
            received_at=now.at,
        )
    )


def of_batch(session: Session, batch: Batch) -> Sequence[Submission]:
    return session.scalars(
        select(Submission).where(Submission.batch_id == batch.id).order_by(Submission.id)
    ).all()


def _of_reference(session: Session, reference: str | None) -> list[Submission]:
    digits = (reference or "")[1:]
    if not (reference or "").startswith("B") or not digits.isascii() or not digits.isdigit():
        return []
    batch = session.get(Batch, int(digits[:18]))
    return list(of_batch(session, batch)) if batch else []


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


def _refuse_reference(session: Session, ack: ClaimAck, file: RawFile, now: Moment) -> str:
    """Refused at the receiver's level: every claim of the batch that we called by BHT03."""
    submissions = _of_reference(session, ack.batch_reference)
    words = _words_of(ack.refusing_notes)
    for submission in submissions:
        keep(session, submission, file, kind="277CA", source=ack.source, is_accepted=False,
             words=words, now=now)  # fmt: skip
        rejections.reject(session, submission, Refusal(source=ack.source, words=words), now)
    return f"277CA of the {ack.source}: the whole batch was refused, {len(submissions)} claims."


def _words_of(notes: Iterable[StatusNote]) -> str:
    return "; ".join(code.words for note in notes for code in note.codes) or "No reason was given."
