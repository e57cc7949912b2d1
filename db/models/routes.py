"""Routes of the exchange: where files go and come from, how a route stands, and who may be reached
through it."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Id, Recorded, known
from db.models.coverage import Payer
from db.models.truth import Outbox


class Route(Base):
    """One partner's door. Its secret is no column: it lies in a private file of the home."""

    __tablename__ = "route"
    __table_args__ = (
        known("transport", "folder", "sftp"),
        known("signs_in_by", "key", "password"),
        known("usage", "T", "P"),
        CheckConstraint(
            "transport = 'folder' or (host <> '' and username <> '')", name="sftp_says_where"
        ),
        CheckConstraint(
            "(paused_at is null) = (paused_because is null)", name="pause_has_a_reason"
        ),
        CheckConstraint("sends_from_hour < sends_until_hour", name="hours_are_a_stretch"),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    transport: Mapped[str] = mapped_column(server_default="folder")
    host: Mapped[str] = mapped_column(server_default="")
    port: Mapped[int] = mapped_column(server_default="22")
    username: Mapped[str] = mapped_column(server_default="")
    signs_in_by: Mapped[str] = mapped_column(server_default="key")
    # The server's public key as `known_hosts` has it ("ssh-ed25519 AAAA…"); no other is believed.
    host_key: Mapped[str] = mapped_column(server_default="")
    # What answered instead, for a person to compare and confirm.
    offered_key: Mapped[str | None]
    upload_folder: Mapped[str] = mapped_column(server_default="inbound")
    download_folder: Mapped[str] = mapped_column(server_default="outbound")
    # Where a file goes at the server once it is ours; empty: it is deleted there.
    taken_folder: Mapped[str] = mapped_column(server_default="")
    sender_id: Mapped[str] = mapped_column(server_default="CLAIMFLOW")
    receiver_id: Mapped[str] = mapped_column(server_default="CLEARHOUSE")
    usage: Mapped[str] = mapped_column(server_default="T")
    batch_claims_max: Mapped[int] = mapped_column(server_default="50")
    batch_hours: Mapped[int] = mapped_column(server_default="4")
    # ISO days of the week on which it sends, and from which hour until which.
    sends_on: Mapped[str] = mapped_column(server_default="1234567")
    sends_from_hour: Mapped[int] = mapped_column(server_default="0")
    sends_until_hour: Mapped[int] = mapped_column(server_default="24")
    look_minutes: Mapped[int] = mapped_column(server_default="10")
    keep_days: Mapped[int] = mapped_column(server_default="365")
    paused_at: Mapped[dt.datetime | None]
    paused_because: Mapped[str | None]
    # An outage: why it fails, since when, how often, and when it is tried again.
    trouble: Mapped[str | None]
    trouble_since_at: Mapped[dt.datetime | None]
    failures: Mapped[int] = mapped_column(server_default="0")
    next_try_at: Mapped[dt.datetime | None]
    next_look_at: Mapped[dt.datetime | None]
    last_contact_at: Mapped[dt.datetime | None]
    recorded_at: Mapped[Recorded]


class Enrolment(Base):
    """Whether a payer takes this transaction set from us; without a row it needs no enrolment."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("payer_id", "transaction_set"),
        known("transaction_set", "837P", "837I", "835", "270", "276"),
        known("status", "not_enrolled", "pending", "test", "production"),
    )

    id: Mapped[Id]
    payer_id: Mapped[int] = mapped_column(ForeignKey("payer.id"))
    transaction_set: Mapped[str]
    status: Mapped[str]
    since_on: Mapped[dt.date]
    note: Mapped[str] = mapped_column(server_default="")
    payer: Mapped[Payer] = relationship()


class Resend(Base):
    """A person had a file sent once more under its own name and numbers, and why."""

    __tablename__ = "resend"

    id: Mapped[Id]
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), index=True)
    because: Mapped[str]
    insisted: Mapped[bool]
    by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[dt.datetime]
    recorded_at: Mapped[Recorded]
    outbox: Mapped[Outbox] = relationship()
