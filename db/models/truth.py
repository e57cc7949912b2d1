"""What makes the system resume: subjects with revisions, their journal, waits, wakes and files."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id, Recorded, known


class Subject(Base):
    """Anything with a workflow: `encounter:E…`, `batch:<route>`, `remittance:<id>`, `patient-
    balance:G…`.
    """

    __tablename__ = "subject"

    key: Mapped[str] = mapped_column(primary_key=True)
    rev: Mapped[int] = mapped_column(server_default="0")
    is_open: Mapped[bool]
    moved_at: Mapped[dt.datetime]
    # The nearest deadline of its open waits (business time); what the overdue sweep reads.
    due_at: Mapped[dt.datetime | None]
    recorded_at: Mapped[Recorded]


class Journal(Base):
    """Everything that happened to a subject, once per revision; the timeline people read."""

    __tablename__ = "journal"

    subject: Mapped[str] = mapped_column(ForeignKey("subject.key"), primary_key=True)
    rev: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str]
    words: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[dt.datetime]
    recorded_at: Mapped[Recorded]


class Wait(Base):
    """What a subject (or one claim of it) waits for, since when, until when, and what
    happens then.
    """

    __tablename__ = "wait"
    __table_args__ = (
        Index("ix_wait_open_subject", "subject", postgresql_where=text("ended_at is null")),
        CheckConstraint("until_at > since_at", name="ends_after_it_begins"),
        known("kind", "task", "message", "timer", "batch", "money", "stay"),
        known("ended_by", "answered", "overdue", "withdrawn"),
        CheckConstraint("(ended_at is null) = (ended_by is null)", name="ends_for_a_reason"),
    )

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(ForeignKey("subject.key"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"), index=True)
    kind: Mapped[str]
    what: Mapped[str]
    then_what: Mapped[str]
    since_at: Mapped[dt.datetime]
    until_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[str | None]


class Hold(Base):
    """A stop with a scope, a reason and dates; every step respects it."""

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(encounter_id, claim_id, payer_id, guarantor_id) = 1", name="has_one_scope"
        ),
        Index("ix_hold_open", "encounter_id", postgresql_where=text("released_at is null")),
    )

    id: Mapped[Id]
    encounter_id: Mapped[int | None] = mapped_column(ForeignKey("encounter.id"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"))
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"))
    guarantor_id: Mapped[int | None] = mapped_column(ForeignKey("guarantor.id"))
    reason: Mapped[str]
    held_from_at: Mapped[dt.datetime]
    held_until_at: Mapped[dt.datetime]
    held_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    released_at: Mapped[dt.datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))


class Wake(Base):
    """News for a subject's workflow: appended without a lock, coalesced and removed by the
    relay.
    """

    __tablename__ = "wake"

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(index=True)
    wanted_at: Mapped[Recorded]


class Outbox(Base):
    """Bytes to be sent under a name that is used once; a retry sends these very bytes."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("route", "name"),
        known("state", "waiting", "prepared", "done", "refused"),
        CheckConstraint("state <> 'prepared' or part is not null", name="prepared_names_its_part"),
        CheckConstraint(
            "(state = 'refused') = (refused_because is not null)", name="refused_for_a_reason"
        ),
        Index("ix_outbox_waiting", "id", postgresql_where=text("state <> 'done'")),
    )

    id: Mapped[Id]
    route: Mapped[str]
    name: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[str] = mapped_column(server_default="waiting")
    # The temporary file that will be renamed: that of the one sender whose `prepared` counted.
    part: Mapped[str | None]
    # Why it may not leave the house as it is: no byte of it was sent.
    refused_because: Mapped[str | None]
    asked_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    recorded_at: Mapped[Recorded]


class RawFile(Base):
    """A file as it came, once by its hash; `judgement` says what was done with it."""

    __tablename__ = "raw_file"
    __table_args__ = (known("judgement", "taken", "repeated", "quarantined"),)

    id: Mapped[Id]
    sha256: Mapped[str] = mapped_column(unique=True)
    route: Mapped[str]
    name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    kinds: Mapped[str]
    judgement: Mapped[str]
    words: Mapped[str]
    received_at: Mapped[dt.datetime]
    recorded_at: Mapped[Recorded]


class ClockSegment(Base):
    """One stretch of business time (DESIGN 7); the last row rules."""

    __tablename__ = "clock_segment"

    id: Mapped[Id]
    real_start: Mapped[float]
    business_start: Mapped[dt.datetime]
    speed: Mapped[float]
    is_running: Mapped[bool]


class Engine(Base):
    """Which Temporal cluster last knew our workflows; another id means they must be adopted."""

    __tablename__ = "engine"

    id: Mapped[int] = mapped_column(primary_key=True, server_default="1")
    cluster_id: Mapped[str]
    noticed_at: Mapped[Recorded]


class Incident(Base):
    """A step that keeps failing, in words: what the supervisor's stuck list shows."""

    __tablename__ = "incident"

    subject: Mapped[str] = mapped_column(ForeignKey("subject.key"), primary_key=True)
    step: Mapped[str]
    words: Mapped[str]
    failures: Mapped[int]
    first_at: Mapped[Recorded]
    last_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
    retried_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
