"""What waits to be posted, and what was: by the address that stands on the envelope, in control
numbers and pages, without a patient.
"""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from casework import holds, letterheads, mail_papers, withdrawals
from casework.addresses import mailing as address_of
from casework.moment import Moment
from db.models import Claim, Encounter, Mailing, MailPaper, MailPiece, Submission
from domain.correspondence import MailingAddress
from forms.mail_list import MailGroup, MailList, MailRow

WAITING_MAX = 500
Posted = TypeVar("Posted", MailPiece, MailPaper, MailPiece | MailPaper)
MAILED_MAX = 20
_WITH_CLAIM = (
    joinedload(MailPiece.submission),
    joinedload(MailPiece.claim).joinedload(Claim.payer),
    joinedload(MailPiece.claim).joinedload(Claim.encounter),
)


def waiting(session: Session, now: Moment, form: str | None = None) -> Sequence[MailPiece]:
    """By payer, the oldest first. What a person holds is not posted meanwhile."""
    of_form = [MailPiece.form == form] if form else []
    return session.scalars(
        select(MailPiece)
        .join(Submission, Submission.id == MailPiece.submission_id)
        .join(Claim, Claim.id == MailPiece.claim_id)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .where(MailPiece.mailing_id.is_(None), *of_form)
        .where(or_(MailPiece.replaces_id.is_not(None), and_(*withdrawals.is_unsent())))
        .where(~holds.stops_sending(now, Claim.payer_id, Claim.id))
        .options(*_WITH_CLAIM)
        .order_by(Claim.payer_id, MailPiece.id)
        .limit(WAITING_MAX)
    ).all()


def mailed(session: Session) -> Sequence[Mailing]:
    """The latest."""
    pieces, papers = selectinload(Mailing.pieces), selectinload(Mailing.papers)
    of_papers = papers.joinedload(MailPaper.claim)
    return session.scalars(
        select(Mailing)
        .options(joinedload(Mailing.by), *(pieces.options(each) for each in _WITH_CLAIM))
        .options(of_papers.joinedload(Claim.payer), of_papers.joinedload(Claim.encounter))
        .order_by(Mailing.mailed_on.desc(), Mailing.id.desc())
        .limit(MAILED_MAX)
    ).all()


def by_address(pieces: Sequence[Posted]) -> list[tuple[MailingAddress, list[Posted]]]:
    groups: dict[MailingAddress, list[Posted]] = {}
    for piece in pieces:
        payer = piece.claim.payer
        groups.setdefault(address_of(payer.name, payer.address), []).append(piece)
    return list(groups.items())


def sheet(
    session: Session,
    pieces: Sequence[MailPiece | MailPaper],
    now: Moment,
    mailing: Mailing | None = None,
) -> MailList:
    """What is printed of a list that waits, or of one that was mailed."""
    return MailList(
        practice=letterheads.of_practice(session),
        printed_on=now.today,
        mailed_on=mailing.mailed_on if mailing else None,
        mailed_by=mailing.by.full_name if mailing else "",
        tracking=(mailing.tracking or "") if mailing else "",
        groups=tuple(
            MailGroup(address=address, rows=tuple(_row(piece) for piece in of_it))
            for address, of_it in by_address(pieces)
        ),
    )


def _row(piece: MailPiece | MailPaper) -> MailRow:
    if isinstance(piece, MailPaper):
        return MailRow(
            pcn=piece.reference,
            form=mail_papers.named(piece),
            pages=None,
            is_again=piece.replaces_id is not None,
        )
    return MailRow(
        pcn=piece.submission.pcn,
        form=piece.form,
        pages=piece.pages,
        is_again=piece.replaces_id is not None,
    )
