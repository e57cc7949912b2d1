"""Proof of timely filing: whoever said that a claim arrived, the weightiest and earliest first.

What is shown, printed and enclosed is read from the acknowledgments kept with the claim and from
the very file that brought each; nothing of another claim in that file is told, nor is what another
than the one who acknowledged says there of this one.
"""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, undefer

from casework import letterheads, submissions
from casework.addresses import mailing
from casework.moment import Moment
from db.models import Ack, Claim, ClaimVersion, Mailing, MailPiece, RawFile, Submission
from domain.acknowledgments import TAKEN_IN, AckSource, ClaimAck
from domain.clock import business_date
from domain.filing_proof import WEIGHT, FilingProof, ProofKind, ProofSheet
from edi.excerpt import verbatim
from edi.read import read

OF_CLAIMS, PORTAL = "277CA", "portal"
ROWS_MAX = 100
AGAIN = "Posted on paper again: what was posted before did not arrive."


def of_claim(session: Session, claim: Claim, now: Moment) -> tuple[FilingProof, ...]:
    """Everything that says when it arrived. A claim that another payer passed on, and that we
    never sent, was filed with that payer."""
    sent = submissions.filed_as(session, claim)
    found = [*_acknowledged(session, sent, now), *_mailed(session, sent, now)]
    return tuple(sorted(found, key=lambda proof: (WEIGHT.index(proof.kind), proof.on, proof.pcn)))


def best(session: Session, claim: Claim, now: Moment) -> FilingProof | None:
    return next(iter(of_claim(session, claim, now)), None)


def sheet(session: Session, claim: Claim, now: Moment) -> ProofSheet | None:
    """What is printed; None where nobody has said that the claim arrived."""
    every = of_claim(session, claim, now)
    if not every:
        return None
    patient = claim.encounter.patient
    return ProofSheet(
        proof=every[0],
        others=every[1:],
        practice=letterheads.of_practice(session),
        payer=mailing(claim.payer.name, claim.payer.address),
        patient_name=patient.full_name,
        member_id=claim.coverage.member_id,
        service_on=min(line.charge_line.service_on for line in claim.lines),
        charge_cents=sum(line.charge_line.charge_cents or 0 for line in claim.lines),
        file_by_on=claim.file_by_on,
        printed_on=now.today,
    )


def _acknowledged(session: Session, claim: Claim, now: Moment) -> Iterator[FilingProof]:
    rows = session.execute(
        select(Ack, Submission, RawFile)
        .join(Submission, Submission.id == Ack.submission_id)
        .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
        .join(RawFile, RawFile.id == Ack.raw_file_id)
        .where(ClaimVersion.claim_id == claim.id, Ack.is_accepted)
        .options(undefer(RawFile.content))
        .order_by(Ack.id)
        .limit(ROWS_MAX)
    ).all()
    for ack, submission, file in rows:
        yield _proof(ack, submission, file, now)


def _proof(ack: Ack, submission: Submission, file: RawFile, now: Moment) -> FilingProof:
    kind = _kind(ack)
    said_by = AckSource(ack.source) if ack.kind == OF_CLAIMS else None
    came_on = business_date(ack.received_at, now.zone)
    payer_no = ack.payer_claim_number or ""
    return FilingProof(
        kind=kind,
        on=_said_on(ack, submission, file) or came_on,
        came_on=came_on,
        said_by=f"{ack.kind} of the {ack.source}" if kind is not ProofKind.PORTAL else "its portal",
        words=ack.words,
        number=ack.confirmation_no or payer_no,
        payer_claim_number=payer_no or submission.payer_claim_number or "",
        pcn=submission.pcn,
        sent_on=_sent_on(submission, now),
        control_number=_control_number(submission),
        file_name="" if kind is ProofKind.PORTAL else file.name,
        file_id=file.id,
        document_id=ack.document_id,
        segments=tuple(verbatim(file.content, {submission.pcn}, source=said_by)),
    )


def _kind(ack: Ack) -> ProofKind:
    if ack.kind == PORTAL:
        return ProofKind.PORTAL
    is_payers = ack.source == AckSource.PAYER and ack.category == TAKEN_IN
    return ProofKind.ACCEPTED if is_payers else ProofKind.RECEIVED


def _mailed(session: Session, claim: Claim, now: Moment) -> Iterator[FilingProof]:
    """Paper is acknowledged by nobody: the day on which it was posted is all there is, and the
    carrier's number where a person has it. A form that was posted again is dated by both."""
    for submission, piece, posted in _on_paper(session, claim):
        sent_on = _sent_on(submission, now)
        assert sent_on is not None, "only what was sent is asked for"
        mailed_on = posted.mailed_on if posted else sent_on
        yield FilingProof(
            kind=ProofKind.MAILED,
            on=mailed_on,
            came_on=business_date(posted.at, now.zone) if posted else sent_on,
            said_by="our mail",
            words=AGAIN if piece and piece.replaces_id else "Posted on paper.",
            number=(posted.tracking or "") if posted else "",
            payer_claim_number=submission.payer_claim_number or "",
            pcn=submission.pcn,
            sent_on=mailed_on,
            control_number="",
        )


def _on_paper(
    session: Session, claim: Claim
) -> Iterator[tuple[Submission, MailPiece | None, Mailing | None]]:
    """What a print service took has no pieces; what waits to be posted again is not posted."""
    rows = session.execute(
        select(Submission, MailPiece, Mailing)
        .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
        .outerjoin(MailPiece, MailPiece.submission_id == Submission.id)
        .outerjoin(Mailing, Mailing.id == MailPiece.mailing_id)
        .where(ClaimVersion.claim_id == claim.id, Submission.channel == "paper")
        .where(Submission.sent_at.is_not(None))
        .where(or_(MailPiece.id.is_(None), Mailing.id.is_not(None)))
        .order_by(Submission.id, MailPiece.id)
        .limit(ROWS_MAX)
    )
    return ((submission, piece, posted) for submission, piece, posted in rows)


def _said_on(ack: Ack, submission: Submission, file: RawFile) -> dt.date | None:
    """The date of the status itself (STC02), which may lie before the day on which the file came;
    a portal's confirmation is dated by whoever read it. What was acknowledged before days were
    kept is read from its file again."""
    if ack.said_on is not None or ack.kind != OF_CLAIMS:
        return ack.said_on
    said = (AckSource(ack.source), submission.pcn, ack.category, ack.status_code)
    days = (
        status.effective_on
        for answer in read(file.content).items
        if isinstance(answer, ClaimAck)
        for status in answer.claims
        if (answer.source, status.pcn, status.category, status.status) == said
    )
    return next(days, None)


def _sent_on(submission: Submission, now: Moment) -> dt.date | None:
    return business_date(submission.sent_at, now.zone) if submission.sent_at else None


def _control_number(submission: Submission) -> str:
    batch = submission.batch
    return f"{batch.control_number:09d}" if batch and batch.control_number else ""
