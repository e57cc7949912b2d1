"""Denials, the appeals that answer them, and the write-offs that end them."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Id, known, words_of
from db.models.care import ChargeLine
from db.models.claims import Claim
from domain.denials import DenialRoute, DenialStatus, WriteOffReason


class Denial(Base):
    """One refused amount on one remittance line (an underpayment is CO-45 beyond the contract)."""

    __tablename__ = "denial"
    __table_args__ = (
        UniqueConstraint("remit_line_id", "charge_line_id", "group_code", "carc"),
        CheckConstraint("amount_cents > 0", name="amount_is_positive"),
    )

    id: Mapped[Id]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    charge_line_id: Mapped[int] = mapped_column(ForeignKey("charge_line.id"), index=True)
    remit_line_id: Mapped[int] = mapped_column(ForeignKey("remit_line.id"))
    group_code: Mapped[str]
    carc: Mapped[str]
    rarcs: Mapped[list[str]]
    amount_cents: Mapped[int]
    is_underpayment: Mapped[bool] = mapped_column(server_default="false")
    status: Mapped[DenialStatus] = mapped_column(words_of(DenialStatus))
    route: Mapped[DenialRoute | None] = mapped_column(words_of(DenialRoute))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    denied_at: Mapped[dt.datetime]
    resolved_at: Mapped[dt.datetime | None]
    claim: Mapped[Claim] = relationship()
    charge_line: Mapped[ChargeLine] = relationship()


class AppealCase(Base):
    """One letter to a payer (appeal, records or dispute) at one level; its reference is
    `M` + id.
    """

    __tablename__ = "appeal_case"
    __table_args__ = (
        UniqueConstraint("claim_id", "kind", "level", "round"),
        known("kind", "appeal", "records", "dispute", "reopening"),
        known("status", "drafted", "sent", "won", "lost", "withdrawn"),
    )

    id: Mapped[Id]
    reference: Mapped[str | None] = mapped_column(unique=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    kind: Mapped[str]
    level: Mapped[int]
    round: Mapped[int]
    # withdrawn: the payer answered anew, or a biller stopped it, before it was signed
    status: Mapped[str]
    argument: Mapped[str]
    basis_on: Mapped[dt.date]
    due_on: Mapped[dt.date]
    answer_due_on: Mapped[dt.date | None]
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    sent_at: Mapped[dt.datetime | None]
    decided_at: Mapped[dt.datetime | None]
    # The date of the payer's letter: from it the next level's window counts.
    decided_on: Mapped[dt.date | None]
    claim: Mapped[Claim] = relationship()
    denials: Mapped[list["AppealCaseDenial"]] = relationship()


class AppealCaseDenial(Base):
    __tablename__ = "appeal_case_denial"

    appeal_case_id: Mapped[int] = mapped_column(ForeignKey("appeal_case.id"), primary_key=True)
    denial_id: Mapped[int] = mapped_column(ForeignKey("denial.id"), primary_key=True, index=True)
    denial: Mapped[Denial] = relationship()


class WriteOffRequest(Base):
    """A write-off above the limit; posts only when somebody else has approved it."""

    __tablename__ = "write_off_request"
    __table_args__ = (
        CheckConstraint(
            "approved_by_id is null or approved_by_id <> asked_by_id", name="approved_by_another"
        ),
        known("side", "insurance", "patient"),
        known("status", "asked", "refused", "posted", "withdrawn"),
        CheckConstraint("amount_cents > 0", name="amount_is_positive"),
    )

    id: Mapped[Id]
    denial_id: Mapped[int | None] = mapped_column(ForeignKey("denial.id"), unique=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"))
    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounter.id"), index=True)
    charge_line_id: Mapped[int | None] = mapped_column(ForeignKey("charge_line.id"))
    side: Mapped[str]
    reason: Mapped[WriteOffReason] = mapped_column(words_of(WriteOffReason))
    amount_cents: Mapped[int]
    note: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[dt.datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    status: Mapped[str]
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
