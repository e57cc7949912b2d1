"""What a claim says beside codes and charges: facts of the encounter and of its lines, documents
that go with its claims, and charges that came after a claim was sent."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Id, Json, words_of
from db.models.care import ChargeLine, Document
from domain.corrections import LateCharging


class EncounterFacts(Base):
    """`domain.claim_facts.ClaimFacts` of one encounter; each change is the next version."""

    __tablename__ = "claim_facts"
    __table_args__ = (CheckConstraint("version > 0", name="version_counts"),)

    encounter_id: Mapped[int] = mapped_column(
        ForeignKey("encounter.id"), primary_key=True, autoincrement=False
    )
    version: Mapped[int]
    facts: Mapped[Json]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    changed_at: Mapped[dt.datetime]


class ChargeLineFacts(Base):
    """`domain.claim_facts.LineFacts` of one charge line."""

    __tablename__ = "line_facts"

    charge_line_id: Mapped[int] = mapped_column(
        ForeignKey("charge_line.id"), primary_key=True, autoincrement=False
    )
    facts: Mapped[Json]
    changed_at: Mapped[dt.datetime]


class Attachment(Base):
    """A document that goes with the encounter's claims; its control number is `A` + id."""

    __tablename__ = "attachment"
    __table_args__ = (
        Index(
            "uq_attachment_document",
            "document_id",
            unique=True,
            postgresql_where=text("removed_at is null"),
        ),
    )

    id: Mapped[Id]
    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounter.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    report_type: Mapped[str]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    added_at: Mapped[dt.datetime]
    removed_at: Mapped[dt.datetime | None]
    document: Mapped[Document] = relationship()


class LateCharge(Base):
    """A charge line that was added when a claim of its encounter had gone out already."""

    __tablename__ = "late_charge"

    charge_line_id: Mapped[int] = mapped_column(
        ForeignKey("charge_line.id"), primary_key=True, autoincrement=False
    )
    way: Mapped[LateCharging] = mapped_column(words_of(LateCharging))
    because: Mapped[str]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    added_at: Mapped[dt.datetime]
    charge_line: Mapped[ChargeLine] = relationship()
