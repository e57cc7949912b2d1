"""Letters, and documents that go beside a claim, to payers whose mail is posted here: each waits on
the list of what is to be posted, once and again if it was lost, and its mailing is the proof.
"""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from casework import appeal_waits, holds, news, subjects, tasks, waits, withdrawals
from casework.moment import Moment
from casework.refusals import Stale
from db.models import (
    AppealCase,
    Claim,
    ClaimVersion,
    Document,
    Encounter,
    Mailing,
    MailPaper,
    Submission,
    User,
)
from domain.encounter import CLAIM_CANCELLED
from domain.tasks import TaskKind

WAITING_MAX = 500
LETTER: Literal["letter"] = "letter"
ATTACHMENT: Literal["attachment"] = "attachment"
Kind = Literal["letter", "attachment"]


def queue(
    session: Session,
    claim: Claim,
    kind: Kind,
    reference: str,
    paper: Document,
    enclosed: Sequence[Document],
    now: Moment,
) -> None:
    """Once to each payer: what still waits when it is queued again gets the newer paper on top."""
    session.flush()
    known = find(session, claim, reference)
    if known is None:
        known = MailPaper(claim_id=claim.id, kind=kind, reference=reference, queued_at=now.at)
        session.add(known)
    elif known.mailing_id is not None:
        return
    known.document_id = paper.id
    known.enclosed_ids = [document.id for document in enclosed]
    session.flush()


def find(session: Session, claim: Claim, reference: str) -> MailPaper | None:
    """The first of its number; what is posted again after a loss is another."""
    return session.scalar(
        select(MailPaper).where(
            MailPaper.claim_id == claim.id,
            MailPaper.reference == reference,
            MailPaper.replaces_id.is_(None),
        )
    )


def waiting(session: Session, now: Moment) -> Sequence[MailPaper]:
    """By payer, the oldest first. What a person holds is not posted meanwhile."""
    return session.scalars(
        select(MailPaper)
        .join(Claim, Claim.id == MailPaper.claim_id)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .where(MailPaper.mailing_id.is_(None), _is_wanted())
        .where(~holds.stops_sending(now, Claim.payer_id, Claim.id))
        .options(
            joinedload(MailPaper.document),
            joinedload(MailPaper.claim).joinedload(Claim.payer),
            joinedload(MailPaper.claim).joinedload(Claim.encounter),
        )
        .order_by(Claim.payer_id, MailPaper.id)
        .limit(WAITING_MAX)
    ).all()


def wanted(session: Session, papers: Sequence[MailPaper]) -> set[UUID]:
    """Those that their payers still have to get."""
    ids = [paper.id for paper in papers]
    found = select(MailPaper.uuid).join(Claim, Claim.id == MailPaper.claim_id)
    return set(session.scalars(found.where(MailPaper.id.in_(ids), _is_wanted())))


def _is_wanted() -> ColumnElement[bool]:
    """Not for a claim that was cancelled, nor a letter that was decided."""
    is_sent = exists().where(
        AppealCase.reference == MailPaper.reference, AppealCase.status == "sent"
    )
    is_letter = MailPaper.kind == LETTER
    return and_(
        or_(and_(is_letter, is_sent), and_(~is_letter, _is_claim_sent())),
        Claim.outcome.is_distinct_from(CLAIM_CANCELLED),
    )


def _is_claim_sent() -> ColumnElement[bool]:
    """Whether the claim goes, or went: no document follows a claim that stays here."""
    latest = (
        select(Submission.ack_status)
        .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
        .where(ClaimVersion.claim_id == Claim.id)
        .order_by(Submission.id.desc())
        .limit(1)
        .correlate(Claim)
    )
    return latest.scalar_subquery().is_distinct_from(withdrawals.WITHDRAWN)


def named(paper: MailPaper) -> str:
    """In a list: what it is, and how many documents go with it."""
    others = len(paper.enclosed_ids)
    if paper.kind == ATTACHMENT:
        return "Document under its cover sheet"
    return f"Letter, {others} enclosed" if others else "Letter"


def enclosed(session: Session, papers: Sequence[MailPaper]) -> dict[int, Document]:
    """The documents that are posted with them, by number."""
    ids = {each for paper in papers for each in paper.enclosed_ids}
    found = session.scalars(select(Document).where(Document.id.in_(ids)))
    return {document.id: document for document in found}


def chosen(session: Session, uuids: Sequence[UUID]) -> Sequence[MailPaper]:
    return session.scalars(
        select(MailPaper).where(MailPaper.uuid.in_(uuids)).order_by(MailPaper.id)
    ).all()


def lock_waiting(session: Session, papers: Sequence[MailPaper]) -> None:
    """Under the locks of their encounters. Raises `Stale` for whoever is second."""
    ids = [paper.id for paper in papers]
    locked = select(MailPaper).where(MailPaper.id.in_(ids)).order_by(MailPaper.id).with_for_update()
    for paper in session.scalars(locked.execution_options(populate_existing=True)):
        if (mailing := paper.mailing) is not None:
            who, on = mailing.by.full_name, mailing.mailed_on
            words = f"{who} marked {paper.reference} as mailed first, on {on}."
            raise Stale(words, who=who, at=mailing.at)


def is_mailed(session: Session, paper: MailPaper, mailing: Mailing, by: User, now: Moment) -> None:
    paper.mailing_id = mailing.id
    claim, number = paper.claim, f", number {mailing.tracking}" if mailing.tracking else ""
    subject = subjects.lock(session, subjects.encounter_key(claim.encounter))
    again = " again" if paper.replaces_id else ""
    words = (
        f"{by.full_name} posted {paper.reference} to {claim.payer.name}{again} on "
        f"{mailing.mailed_on}{number}"
    )
    case = None if again else _case(session, paper)
    if case is None:
        subjects.record(session, subject, "mailed", words, now, by)
        return
    tasks.withdraw_of_claim(session, claim.id, TaskKind.FOLLOW_UP, "The letter is posted.", now)
    waits.withdrawn(session, subject.key, now, claim_id=claim.id)
    appeal_waits.await_decision(session, case, now, left_on=mailing.mailed_on)
    news.tell(session, subject, "mailed", words, now, by)


def _case(session: Session, paper: MailPaper) -> AppealCase | None:
    """The letter's, while the payer's decision is to come: its days run from the first mailing."""
    return session.scalar(
        select(AppealCase).where(
            AppealCase.reference == paper.reference, AppealCase.status == "sent"
        )
    )
