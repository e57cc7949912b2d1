"""What is printed here: the printers that print on preprinted forms, and the claim forms that a
person posts."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Id, Recorded, Tenant, known
from db.models.access import User
from db.models.care import Document
from db.models.claims import Claim, Submission

OFFSET_MAX = 100


class Printer(Tenant, Base):
    """How far a printer must be corrected to meet the boxes of preprinted forms, in hundredths of
    an inch."""

    __tablename__ = "printer"
    __table_args__ = (
        CheckConstraint(
            f"abs(right_hundredths) <= {OFFSET_MAX} and abs(down_hundredths) <= {OFFSET_MAX}",
            name="offset_is_small",
        ),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    right_hundredths: Mapped[int] = mapped_column(server_default="0")
    down_hundredths: Mapped[int] = mapped_column(server_default="0")
    recorded_at: Mapped[Recorded]


class Mailing(Tenant, Base):
    """What one person posted in one go: its date, and the carrier's number if there is one, prove
    the mailing of every piece in it."""

    __tablename__ = "mailing"
    __table_args__ = (CheckConstraint("tracking <> ''", name="tracking_is_none_or_some"),)

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    mailed_on: Mapped[dt.date]
    tracking: Mapped[str | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[dt.datetime]
    recorded_at: Mapped[Recorded]
    by: Mapped[User] = relationship()
    pieces: Mapped[list["MailPiece"]] = relationship(
        back_populates="mailing", order_by="MailPiece.id"
    )
    papers: Mapped[list["MailPaper"]] = relationship(
        back_populates="mailing", order_by="MailPaper.id"
    )


def _reprint_is_a_persons_act() -> CheckConstraint:
    return CheckConstraint(
        "(replaces_id is null) = (because is null)"
        " and (replaces_id is null) = (asked_by_id is null)",
        name="reprint_is_a_persons_act",
    )


class MailPiece(Base):
    """The form of one submission that a person posts; what was lost in the mail is printed again,
    and names the piece that it replaces."""

    __tablename__ = "mail_piece"
    __table_args__ = (
        known("form", "CMS-1500", "UB-04"),
        CheckConstraint("pages > 0", name="pages_are_counted"),
        _reprint_is_a_persons_act(),
        Index(
            "uq_mail_piece_first",
            "submission_id",
            unique=True,
            postgresql_where=text("replaces_id is null"),
        ),
    )

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    form: Mapped[str]
    pages: Mapped[int]
    queued_at: Mapped[dt.datetime]
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailing.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("mail_piece.id"), unique=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    because: Mapped[str | None]
    recorded_at: Mapped[Recorded]
    mailing: Mapped[Mailing | None] = relationship(back_populates="pieces")
    submission: Mapped[Submission] = relationship()
    claim: Mapped[Claim] = relationship()


class MailPaper(Base):
    """A letter, or a document beside a claim under its cover sheet, that a person posts: what lies
    on top, and what is enclosed. What was lost in the mail is posted again as another paper."""

    __tablename__ = "mail_paper"
    __table_args__ = (
        known("kind", "letter", "attachment"),
        _reprint_is_a_persons_act(),
        Index(
            "uq_mail_paper_first",
            "claim_id",
            "reference",
            unique=True,
            postgresql_where=text("replaces_id is null"),
        ),
    )

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    kind: Mapped[str]
    # As it stands on the paper: of the letter, or of the document on the claim (PWK06).
    reference: Mapped[str]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    enclosed_ids: Mapped[list[int]] = mapped_column(server_default="[]")
    queued_at: Mapped[dt.datetime]
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailing.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("mail_paper.id"), unique=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    because: Mapped[str | None]
    recorded_at: Mapped[Recorded]
    mailing: Mapped[Mailing | None] = relationship(back_populates="papers")
    document: Mapped[Document] = relationship()
    claim: Mapped[Claim] = relationship()
