"""What was lost in the mail is posted once more, under the same numbers: a form, a letter or a
document. It is no second sending: its claim, and the payer's days to decide, stay as they are.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import audit, mail_papers, mail_pieces, subjects
from casework.moment import Moment
from casework.refusals import Refused, Stale
from db.models import Mailing, MailPaper, MailPiece, User

Posted = MailPiece | MailPaper


def print_again(session: Session, lost: Posted, because: str, by: User, now: Moment) -> Posted:
    """It joins the list of what waits to be posted. Raises `Stale` for whoever is second."""
    mail_pieces.require_poster(by)
    if not because.strip():
        raise Refused.of(field(lost), "Say why it is posted again.")
    subject = subjects.lock(session, subjects.encounter_key(lost.claim.encounter))
    session.refresh(lost, with_for_update={"of": type(lost)})
    _refuse_unneeded(session, lost)
    made = _copy(lost)
    made.queued_at, made.replaces_id = now.at, lost.id
    made.asked_by_id, made.because = by.id, because.strip()
    session.add(made)
    session.flush()
    words = f"{by.full_name} has {_spoken(lost)} posted again: {made.because}"
    subjects.record(session, subject, "printed again", words, now, by)
    kind = "mail piece" if isinstance(lost, MailPiece) else "mail paper"
    audit.record(session, by, "printed again", kind, str(lost.uuid))
    return made


def number_of(posted: Posted) -> str:
    """As it stands on the paper."""
    return posted.submission.pcn if isinstance(posted, MailPiece) else posted.reference


def field(posted: Posted) -> str:
    """Where a page asks why this one is posted again."""
    return f"because-{posted.uuid}"


def replaced(session: Session, mailings: Sequence[Mailing]) -> set[UUID]:
    """What of these mailings was printed again already."""
    pieces = [piece for mailing in mailings for piece in mailing.pieces]
    papers = [paper for mailing in mailings for paper in mailing.papers]
    of_pieces = select(MailPiece.replaces_id).where(MailPiece.replaces_id.in_(_ids(pieces)))
    of_papers = select(MailPaper.replaces_id).where(MailPaper.replaces_id.in_(_ids(papers)))
    forms, others = set(session.scalars(of_pieces)), set(session.scalars(of_papers))
    return {piece.uuid for piece in pieces if piece.id in forms} | {
        paper.uuid for paper in papers if paper.id in others
    }


def _ids(posted: Sequence[Posted]) -> list[int]:
    return [each.id for each in posted]


def _refuse_unneeded(session: Session, lost: Posted) -> None:
    if lost.mailing_id is None:
        raise Refused.of(field(lost), "It is not mailed yet: print it as it is.")
    again = _again(session, lost)
    if again is not None and again.asked_by_id is not None:
        who = session.get_one(User, again.asked_by_id).full_name
        words = f"{who} had {number_of(lost)} printed again first."
        raise Stale(words, who=who, at=again.queued_at)
    if isinstance(lost, MailPaper) and not mail_papers.wanted(session, [lost]):
        words = "It was decided, or its claim was withdrawn: it is not to be posted any more."
        raise Refused.of(field(lost), words)


def _again(session: Session, lost: Posted) -> Posted | None:
    if isinstance(lost, MailPiece):
        return session.scalar(select(MailPiece).where(MailPiece.replaces_id == lost.id))
    return session.scalar(select(MailPaper).where(MailPaper.replaces_id == lost.id))


def _copy(lost: Posted) -> Posted:
    if isinstance(lost, MailPiece):
        return MailPiece(
            submission_id=lost.submission_id,
            claim_id=lost.claim_id,
            form=lost.form,
            pages=lost.pages,
        )
    return MailPaper(
        claim_id=lost.claim_id,
        kind=lost.kind,
        reference=lost.reference,
        document_id=lost.document_id,
        enclosed_ids=lost.enclosed_ids,
    )


def _spoken(lost: Posted) -> str:
    return f"{'the form of ' if isinstance(lost, MailPiece) else ''}{number_of(lost)}"
