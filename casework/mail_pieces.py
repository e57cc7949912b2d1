"""Claim forms that are printed here and posted by a person: each waits on one list until somebody
says when it was mailed, once.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import (
    audit,
    form_cuts,
    mail_papers,
    news,
    paper_claims,
    printed_here,
    stays,
    subjects,
    submissions,
    tasks,
    waits,
)
from casework.moment import Moment
from casework.paper_forms import form_of, refused
from casework.refusals import Forbidden, Refused, Stale
from casework.waits import WaitKind
from db.models import Claim, Mailing, MailPaper, MailPiece, Submission, User
from domain.clock import business_date
from domain.encounter import ClaimStage
from domain.tasks import Role, TaskKind
from forms import paper
from forms.paper import PaperClaim

POST_WITHIN_BUSINESS_DAYS = 1


def queue(session: Session, claim: Claim, submission: Submission, now: Moment) -> MailPiece:
    """The form waits to be posted; its claim waits for that and for nothing else."""
    claim.stage = ClaimStage.READY
    form = form_to_post(claim, submission, now)
    piece = MailPiece(
        submission_id=submission.id,
        claim_id=claim.id,
        form=paper.form_name(form),
        pages=paper.page_count(form),
        queued_at=now.at,
    )
    session.add(piece)
    session.flush()
    waits.begin(
        session,
        subjects.encounter_key(claim.encounter),
        WaitKind.MESSAGE,
        f"the form for {claim.payer.name} to be printed and posted",
        until_at=now.end_of(now.business_days(POST_WITHIN_BUSINESS_DAYS)),
        then_what="a biller is asked why it is not posted",
        now=now,
        claim_id=claim.id,
    )
    return piece


def form_to_post(claim: Claim, submission: Submission, now: Moment) -> PaperClaim:
    """Of the day on which it was queued, so that every print of it is the same."""
    made_on = business_date(submission.queued_at, now.zone)
    return form_of(claim, submissions.content_of(submission), made_on=made_on)


def is_waiting(session: Session, claim: Claim, submission: Submission) -> bool:
    """Still to be posted here: not where its payer takes its claims another way by now."""
    if submission.sent_at is not None or submission.ack_status is not None:
        return False
    found = select(MailPiece.id).where(MailPiece.submission_id == submission.id).limit(1)
    is_queued = session.scalar(found) is not None
    return is_queued and printed_here.is_mail_of(session, claim)


def mark_mailed(
    session: Session,
    uuids: Sequence[UUID],
    *,
    mailed_on: dt.date,
    tracking: str,
    by: User,
    now: Moment,
) -> Mailing:
    """They were posted: all of them, or none where one of them was no longer to be. Raises `Stale`
    for whoever is second."""
    require_poster(by)
    pieces, papers = _locked(session, uuids)
    _require_waiting(pieces, now)
    if not _queued_on([*pieces, *papers], now) <= mailed_on <= now.today:
        words = "Give the day on which they were posted: today or before, and after they were made."
        raise Refused.of("mailed_on", words)
    mailing = Mailing(mailed_on=mailed_on, tracking=tracking or None, by_id=by.id, at=now.at)
    session.add(mailing)
    session.flush()
    for piece in pieces:
        piece.mailing_id = mailing.id
        _tell_mailed(session, piece, mailing, by, now)
    for each in papers:
        mail_papers.is_mailed(session, each, mailing, by, now)
    words = f"{len(pieces)} claim forms, {len(papers)} letters and documents"
    audit.record(session, by, "mailed", "mailing", str(mailing.uuid), words=words)
    return mailing


def require_poster(by: User) -> None:
    if by.role not in (Role.BILLER, Role.SUPERVISOR):
        raise Forbidden("Only a biller or a supervisor posts claims.")


def _locked(session: Session, uuids: Sequence[UUID]) -> tuple[list[MailPiece], Sequence[MailPaper]]:
    """Under the locks of their encounters, which come before the pieces' own."""
    chosen = select(MailPiece).where(MailPiece.uuid.in_(uuids)).order_by(MailPiece.id)
    found, papers = session.scalars(chosen).all(), mail_papers.chosen(session, uuids)
    if not uuids or len(found) + len(papers) != len(set(uuids)):
        raise Refused.of("pieces", "Choose what was posted.")
    claims = [*(piece.claim for piece in found), *(paper.claim for paper in papers)]
    for key in sorted({subjects.encounter_key(claim.encounter) for claim in claims}):
        subjects.lock(session, key)
    locked = chosen.with_for_update().execution_options(populate_existing=True)
    mail_papers.lock_waiting(session, papers)
    return list(session.scalars(locked).all()), papers


def _require_waiting(pieces: Sequence[MailPiece], now: Moment) -> None:
    for piece in pieces:
        if (mailing := piece.mailing) is not None:
            who, on = mailing.by.full_name, mailing.mailed_on
            words = f"{who} marked {piece.submission.pcn} as mailed first, on {on}."
            raise Stale(words, who=who, at=mailing.at)
        submission = piece.submission
        if piece.replaces_id is None and submission.ack_status is not None:
            words = f"{submission.pcn} is {submission.ack_status}: it is not to be posted any more."
            raise Refused.of("pieces", words)
        if words := refused(form_cuts.of(piece.claim, submission, now)):
            raise Refused.of("pieces", f"{submission.pcn} cannot have been printed: {words}")


def _queued_on(pieces: Sequence[MailPiece | MailPaper], now: Moment) -> dt.date:
    return max(business_date(piece.queued_at, now.zone) for piece in pieces)


def _tell_mailed(
    session: Session, piece: MailPiece, mailing: Mailing, by: User, now: Moment
) -> None:
    claim, number = piece.claim, f", number {mailing.tracking}" if mailing.tracking else ""
    subject = subjects.lock(session, subjects.encounter_key(claim.encounter))
    again = " again" if piece.replaces_id else ""
    words = (
        f"{by.full_name} posted {piece.submission.pcn} to {claim.payer.name}{again} on "
        f"{mailing.mailed_on}{number}"
    )
    if piece.replaces_id is not None:
        subjects.record(session, subject, "mailed", words, now, by)
        return
    tasks.withdraw_of_claim(session, claim.id, TaskKind.FOLLOW_UP, "The claim is posted.", now)
    waits.withdrawn(session, subject.key, now, claim_id=claim.id)
    form = form_to_post(claim, piece.submission, now)
    paper_claims.is_mailed(session, claim, piece.submission, form, now)
    news.tell(session, subject, "mailed", words, now, by)
    stays.wake_others(session, claim)
