"""The ledger (append-only, balanced by the database) and what people pay, are billed and
get back.
"""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Id, Recorded, Tenant, known, words_of
from domain.ledger import Account


class Entry(Tenant, Base):
    """One balanced fact. Four dates, its source, and an effect key that can be used once."""

    __tablename__ = "entry"

    id: Mapped[Id]
    effect_key: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    words: Mapped[str]
    service_on: Mapped[dt.date | None]
    deposit_on: Mapped[dt.date | None]
    posted_on: Mapped[dt.date]
    period: Mapped[str]
    remit_line_id: Mapped[int | None] = mapped_column(ForeignKey("remit_line.id"), index=True)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), unique=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    transaction_id: Mapped[int] = mapped_column(server_default=text("txid_current()"))
    recorded_at: Mapped[Recorded]
    postings: Mapped[list["Posting"]] = relationship(order_by="Posting.id")


class Posting(Base):
    """One leg: debit positive, credit negative."""

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("cents <> 0", name="moves_something"),
        CheckConstraint(
            "(account = 'writeoff') = (reason is not null)", name="write_off_has_a_reason"
        ),
        Index("ix_posting_charge_line_account", "charge_line_id", "account"),
        Index("ix_posting_guarantor_account", "guarantor_id", "account"),
    )

    id: Mapped[Id]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    account: Mapped[Account] = mapped_column(words_of(Account), index=True)
    cents: Mapped[int]
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    guarantor_id: Mapped[int | None] = mapped_column(ForeignKey("guarantor.id"))
    encounter_id: Mapped[int | None] = mapped_column(ForeignKey("encounter.id"), index=True)
    charge_line_id: Mapped[int | None] = mapped_column(ForeignKey("charge_line.id"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"))
    reason: Mapped[str | None]
    payer_reference: Mapped[str | None]
    entry: Mapped[Entry] = relationship(back_populates="postings")


class Receipt(Tenant, Base):
    """Money a patient handed over, once; the source key says where it came from."""

    __tablename__ = "receipt"

    id: Mapped[Id]
    guarantor_id: Mapped[int] = mapped_column(ForeignKey("guarantor.id"), index=True)
    encounter_id: Mapped[int | None] = mapped_column(ForeignKey("encounter.id"))
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statement.id"))
    kind: Mapped[str]
    cents: Mapped[int]
    check_no: Mapped[str | None]
    source_key: Mapped[str] = mapped_column(unique=True)
    received_on: Mapped[dt.date]
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("receipt.id"))
    recorded_at: Mapped[Recorded]


class Refund(Tenant, Base):
    __tablename__ = "refund"
    __table_args__ = (CheckConstraint("cents > 0", name="cents_are_positive"),)

    id: Mapped[Id]
    guarantor_id: Mapped[int] = mapped_column(ForeignKey("guarantor.id"), index=True)
    encounter_id: Mapped[int | None] = mapped_column(ForeignKey("encounter.id"))
    cents: Mapped[int]
    reason: Mapped[str]
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"), unique=True)
    refunded_on: Mapped[dt.date]


class Statement(Tenant, Base):
    """What a guarantor was asked to pay, once per cycle."""

    __tablename__ = "statement"
    __table_args__ = (UniqueConstraint("guarantor_id", "run", "cycle"),)

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    statement_no: Mapped[str] = mapped_column(unique=True)
    guarantor_id: Mapped[int] = mapped_column(ForeignKey("guarantor.id"), index=True)
    # A run is one stretch of owing; cycles count the statements within it.
    run: Mapped[int]
    cycle: Mapped[int]
    kind: Mapped[str]
    amount_cents: Mapped[int]
    issued_on: Mapped[dt.date]
    due_on: Mapped[dt.date]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    lines: Mapped[list["StatementLine"]] = relationship()


class StatementLine(Base):
    __tablename__ = "statement_line"

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounter.id"), primary_key=True)
    cents: Mapped[int]


class PaymentPlan(Tenant, Base):
    __tablename__ = "payment_plan"
    __table_args__ = (known("status", "kept", "done", "broken"),)

    id: Mapped[Id]
    guarantor_id: Mapped[int] = mapped_column(ForeignKey("guarantor.id"), index=True)
    agreed_on: Mapped[dt.date]
    status: Mapped[str]
    grace_days: Mapped[int]
    instalments: Mapped[list["PlanInstalment"]] = relationship(order_by="PlanInstalment.due_on")


class PlanInstalment(Base):
    __tablename__ = "plan_instalment"

    plan_id: Mapped[int] = mapped_column(ForeignKey("payment_plan.id"), primary_key=True)
    due_on: Mapped[dt.date] = mapped_column(primary_key=True)
    cents: Mapped[int]


class BankLine(Tenant, Base):
    """A line of the bank's file: matched to a remittance, never money by itself."""

    __tablename__ = "bank_line"

    id: Mapped[Id]
    booked_on: Mapped[dt.date]
    trace: Mapped[str]
    payer_tin: Mapped[str]
    amount_cents: Mapped[int]
    words: Mapped[str]
    source_key: Mapped[str] = mapped_column(unique=True)
    remittance_id: Mapped[int | None] = mapped_column(ForeignKey("remittance.id"), unique=True)
