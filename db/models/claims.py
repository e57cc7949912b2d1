"""Claims, their immutable versions, every submission of a version, and what acknowledged it."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Id, Json, Recorded, Tenant, known, words_of
from db.models.care import ChargeLine, Encounter
from db.models.coverage import Coverage, Payer
from domain.claim_form import ClaimForm
from domain.corrections import Instead
from domain.encounter import ClaimStage


class Claim(Tenant, Base):
    """A grouping of charge lines for one payer. `follows` is the claim whose remittance it
    carries.
    """

    __tablename__ = "claim"
    __table_args__ = (
        known("responsibility", "P", "S", "T"),
        known(
            "outcome",
            "paid",
            "partly_paid",
            "denied",
            "reversed",
            "awaits correction",
            "nothing_due",
            "void",
            "cancelled",
        ),
    )

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounter.id"), index=True)
    coverage_id: Mapped[int] = mapped_column(ForeignKey("coverage.id"))
    payer_id: Mapped[int] = mapped_column(ForeignKey("payer.id"), index=True)
    form: Mapped[ClaimForm] = mapped_column(words_of(ClaimForm), server_default="P")
    responsibility: Mapped[str]
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"))
    stage: Mapped[ClaimStage] = mapped_column(words_of(ClaimStage), index=True)
    outcome: Mapped[str | None]
    payer_claim_number: Mapped[str | None]
    file_by_on: Mapped[dt.date]
    opened_at: Mapped[dt.datetime]
    encounter: Mapped[Encounter] = relationship()
    coverage: Mapped[Coverage] = relationship()
    payer: Mapped[Payer] = relationship()
    lines: Mapped[list["ClaimLine"]] = relationship(order_by="ClaimLine.charge_line_id")
    versions: Mapped[list["ClaimVersion"]] = relationship(
        back_populates="claim", order_by="ClaimVersion.version"
    )

    @property
    def may_be_replaced(self) -> bool:
        """Whether its payer takes a replacement (7) or a void (8) on this form."""
        return self.payer.takes_replacement(self.form)

    @property
    def instead(self) -> Instead:
        """What its payer gets where it may not be replaced."""
        return self.payer.instead_of_replacement(self.form)


class ClaimLine(Base):
    __tablename__ = "claim_line"

    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    charge_line_id: Mapped[int] = mapped_column(
        ForeignKey("charge_line.id"), primary_key=True, index=True
    )
    expected_cents: Mapped[int | None]
    charge_line: Mapped[ChargeLine] = relationship()


class ClaimVersion(Base):
    """What one version says; never changed once submitted."""

    __tablename__ = "claim_version"
    __table_args__ = (
        UniqueConstraint("claim_id", "version"),
        CheckConstraint("frequency in ('1', '5', '7', '8')", name="frequency_is_known"),
        CheckConstraint(
            "frequency in ('1', '5') or payer_claim_number is not null",
            name="7_and_8_name_the_original",
        ),
    )

    id: Mapped[Id]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    version: Mapped[int]
    frequency: Mapped[str]
    payer_claim_number: Mapped[str | None]
    because: Mapped[str]
    # Which charge lines this version asks for: all of the claim, or only those still to be paid.
    charge_line_ids: Mapped[list[int]]
    content: Mapped[Json | None]
    made_at: Mapped[dt.datetime]
    claim: Mapped[Claim] = relationship(back_populates="versions")
    submissions: Mapped[list["Submission"]] = relationship(
        back_populates="claim_version", order_by="Submission.number"
    )


class Batch(Base):
    """One interchange (or one piece of mail) of one route: closed by count or age, sent once."""

    __tablename__ = "batch"
    __table_args__ = (UniqueConstraint("control_number"),)

    id: Mapped[Id]
    route: Mapped[str]
    kind: Mapped[str]
    opened_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    control_number: Mapped[int | None]
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    ta1_at: Mapped[dt.datetime | None]
    acknowledged_at: Mapped[dt.datetime | None]
    is_refused: Mapped[bool] = mapped_column(server_default="false")


class Submission(Base):
    """One sending of one version; the patient control number is its name for ever."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("claim_version_id", "number"),
        # A version that waits to be sent waits once; that its claim does is casework's (sending).
        known("ack_status", "received", "accepted", "rejected", "unwritable", "withdrawn"),
        Index(
            "uq_submission_unsent",
            "claim_version_id",
            unique=True,
            postgresql_where=text("sent_at is null and ack_status is null"),
        ),
    )

    id: Mapped[Id]
    claim_version_id: Mapped[int] = mapped_column(ForeignKey("claim_version.id"))
    number: Mapped[int]
    pcn: Mapped[str] = mapped_column(unique=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    channel: Mapped[str]
    queued_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    # The latest word of the clearinghouse or the payer; unwritable, withdrawn: it never left.
    ack_status: Mapped[str | None]
    accepted_at: Mapped[dt.datetime | None]
    payer_claim_number: Mapped[str | None] = mapped_column(index=True)
    claim_version: Mapped[ClaimVersion] = relationship(back_populates="submissions")
    batch: Mapped[Batch | None] = relationship()


class Ack(Base):
    """One word about one submission out of a TA1, 999 or 277CA, or read off a payer's portal; the
    accepting ones prove filing."""

    __tablename__ = "ack"

    id: Mapped[Id]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    raw_file_id: Mapped[int] = mapped_column(ForeignKey("raw_file.id"))
    kind: Mapped[str]
    source: Mapped[str]
    is_accepted: Mapped[bool]
    category: Mapped[str | None]
    status_code: Mapped[str | None]
    words: Mapped[str]
    payer_claim_number: Mapped[str | None]
    # The clearinghouse's own number (REF*D9): later answers may echo nothing else.
    clearinghouse_trace: Mapped[str | None] = mapped_column(index=True)
    # The day of the status itself (STC02), or that on which it was keyed into a portal.
    said_on: Mapped[dt.date | None]
    # What a portal gave for what was keyed there, and the paper that shows it.
    confirmation_no: Mapped[str | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    received_at: Mapped[dt.datetime]
    recorded_at: Mapped[Recorded]


class StatusInquiry(Base):
    """One 276 and its 277; TRN02 is `I` + id."""

    __tablename__ = "status_inquiry"

    id: Mapped[Id]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    attempt: Mapped[int]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    asked_at: Mapped[dt.datetime]
    answered_at: Mapped[dt.datetime | None]
    category: Mapped[str | None]
    status_code: Mapped[str | None]
    words: Mapped[str | None]

    __table_args__ = (UniqueConstraint("submission_id", "attempt"),)
