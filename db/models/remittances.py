"""Remittances as received, line by line with segment numbers; what was posted points back here."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Id, Json, Recorded, Tenant, known
from domain.keyed_eob import is_keyed


class Remittance(Tenant, Base):
    """One 835 transaction set, judged whole. Unique by what the payer calls it (DESIGN 11), while
    it stands: one that was keyed from paper and undone makes room for the same check."""

    __tablename__ = "remittance"
    __table_args__ = (
        Index(
            "uq_remittance_standing",
            "originator",
            "trace_number",
            "paid_on",
            "paid_cents",
            "namesake",
            unique=True,
            postgresql_where=text("undone_at is null"),
        ),
        CheckConstraint(
            "(undone_at is null) = (undone_by_id is null) and "
            "(undone_at is null) = (undone_because is null)",
            name="undone_by_somebody_for_a_reason",
        ),
    )

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    raw_file_id: Mapped[int] = mapped_column(ForeignKey("raw_file.id"))
    payer_id: Mapped[int] = mapped_column(ForeignKey("payer.id"), index=True)
    originator: Mapped[str]
    trace_number: Mapped[str]
    paid_on: Mapped[dt.date]
    paid_cents: Mapped[int]
    # How many came before it that have the same name and say something else.
    namesake: Mapped[int] = mapped_column(server_default="0")
    method: Mapped[str]
    received_at: Mapped[dt.datetime]
    posted_at: Mapped[dt.datetime | None]
    # Answers that were set aside are tried in rounds, part by part: how far this round has come,
    # and whether anything found its place in it. Zero: no round is under way.
    tried_to: Mapped[int] = mapped_column(server_default="0")
    round_moved: Mapped[bool] = mapped_column(server_default="false")
    bank_matched_at: Mapped[dt.datetime | None]
    # Of an EOB keyed wrongly: when a person had it taken back, and why. What takes it back is a
    # remittance of our own, its exact negative, that names it.
    undone_at: Mapped[dt.datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    undone_because: Mapped[str | None]
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("remittance.id"), unique=True)
    recorded_at: Mapped[Recorded]
    claims: Mapped[list["RemitClaim"]] = relationship(order_by="RemitClaim.ordinal")

    @property
    def is_keyed(self) -> bool:
        """Typed by a person from paper, not read from a file."""
        return is_keyed(self.originator)


class RemitClaim(Base):
    __tablename__ = "remit_claim"
    __table_args__ = (
        UniqueConstraint("remittance_id", "ordinal"),
        known("posting", "posted", "deferred", "exception", "dismissed"),
        Index(
            "ix_remit_claim_fresh",
            "remittance_id",
            "ordinal",
            postgresql_where=text("posting is null"),
        ),
        Index(
            "ix_remit_claim_set_aside",
            "remittance_id",
            "ordinal",
            postgresql_where=text("posting in ('deferred', 'exception')"),
        ),
    )

    id: Mapped[Id]
    remittance_id: Mapped[int] = mapped_column(ForeignKey("remittance.id"))
    ordinal: Mapped[int]
    segment: Mapped[int]
    pcn: Mapped[str] = mapped_column(index=True)
    status: Mapped[str]
    # What the payer sent (CLP02), where nobody knew that code and a person said how to read it.
    status_sent: Mapped[str | None]
    charge_cents: Mapped[int]
    paid_cents: Mapped[int]
    patient_responsibility_cents: Mapped[int]
    payer_claim_number: Mapped[str] = mapped_column(index=True)
    remarks: Mapped[list[str]]
    crossover_to: Mapped[str | None]
    original_reference: Mapped[str | None]
    member_id: Mapped[str | None]
    service_on: Mapped[dt.date | None]
    # The answer that this one (CLP02 = 22) takes back; an answer is taken back once.
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("remit_claim.id"), unique=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), index=True)
    # deferred: what it refers to may still come; exception: a person must settle it;
    # dismissed: nothing of it is posted to a claim; null: not looked at yet
    posting: Mapped[str | None]
    posted_at: Mapped[dt.datetime | None]
    lines: Mapped[list["RemitLine"]] = relationship(order_by="RemitLine.ordinal")
    remittance: Mapped[Remittance] = relationship(back_populates="claims")


class RoomMade(Base):
    """An answer elsewhere made room for one of this remittance that was set aside: appended without
    a lock, removed by the step that tries them all again."""

    __tablename__ = "room_made"

    id: Mapped[Id]
    remittance_id: Mapped[int] = mapped_column(ForeignKey("remittance.id"), index=True)
    made_at: Mapped[Recorded]


class RemitLine(Base):
    """One SVC of a claim; a claim adjudicated without lines gets one row with ordinal 0."""

    __tablename__ = "remit_line"
    __table_args__ = (UniqueConstraint("remit_claim_id", "ordinal"),)

    id: Mapped[Id]
    remit_claim_id: Mapped[int] = mapped_column(ForeignKey("remit_claim.id"))
    ordinal: Mapped[int]
    segment: Mapped[int]
    code: Mapped[str]
    modifiers: Mapped[list[str]]
    charge_cents: Mapped[int]
    paid_cents: Mapped[int]
    units: Mapped[int]
    service_on: Mapped[dt.date | None]
    line_control: Mapped[str | None]
    charge_line_id: Mapped[int | None] = mapped_column(ForeignKey("charge_line.id"), index=True)
    remarks: Mapped[list[str]]
    adjustments: Mapped[list["RemitAdjustment"]] = relationship(order_by="RemitAdjustment.ordinal")
    remit_claim: Mapped[RemitClaim] = relationship(back_populates="lines")


class RemitAdjustment(Base):
    __tablename__ = "remit_adjustment"
    __table_args__ = (UniqueConstraint("remit_line_id", "ordinal"),)

    id: Mapped[Id]
    remit_line_id: Mapped[int] = mapped_column(ForeignKey("remit_line.id"))
    ordinal: Mapped[int]
    segment: Mapped[int]
    group_code: Mapped[str]
    # What the payer sent (CAS01), where nobody knew that code and a person said how to read it.
    group_sent: Mapped[str | None]
    carc: Mapped[str]
    cents: Mapped[int]


class RemitProviderAdjustment(Base):
    """One (code, reference, amount) of a PLB: money that belongs to no claim of this remittance."""

    __tablename__ = "remit_provider_adjustment"
    __table_args__ = (UniqueConstraint("remittance_id", "ordinal"),)

    id: Mapped[Id]
    remittance_id: Mapped[int] = mapped_column(ForeignKey("remittance.id"))
    ordinal: Mapped[int]
    segment: Mapped[int]
    code: Mapped[str]
    reference: Mapped[str]
    cents: Mapped[int]


class KeyedEob(Tenant, Base):
    """A remittance on paper that a person keys: as typed until it is posted, when it becomes a
    remittance like any other, or is thrown away."""

    __tablename__ = "keyed_eob"
    __table_args__ = (
        CheckConstraint(
            "remittance_id is null or ended_at is not null", name="what_is_posted_has_ended"
        ),
    )

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    content: Mapped[Json]
    # Of two people who save at once the second is told.
    version: Mapped[int] = mapped_column(server_default="1")
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    begun_at: Mapped[dt.datetime]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    saved_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    remittance_id: Mapped[int | None] = mapped_column(ForeignKey("remittance.id"), unique=True)
    # The posting that was undone, where its check is keyed again.
    again_of_id: Mapped[int | None] = mapped_column(ForeignKey("remittance.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
