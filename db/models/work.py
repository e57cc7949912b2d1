"""Tasks: what a person must decide, with the money at stake, the date, and an append-only log."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Id, Json, Recorded, Tenant, words_of
from db.models.care import Encounter
from db.models.claims import Claim
from domain.tasks import Role, TaskKind, TaskStatus


class Task(Tenant, Base):
    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("subject", "kind", "cause"),
        CheckConstraint(
            "(status = 'answered') = (answered_at is not null)", name="answered_has_a_time"
        ),
        Index(
            "ix_task_open_queue",
            "queue",
            "due_on",
            text("amount_cents desc"),
            "id",
            postgresql_where=text("status = 'open'"),
        ),
        Index(
            "ix_task_open_kind",
            "kind",
            "due_on",
            text("amount_cents desc"),
            "id",
            postgresql_where=text("status = 'open'"),
        ),
        Index(
            "ix_task_open_assignee",
            "assignee_id",
            "due_on",
            postgresql_where=text("status = 'open'"),
        ),
        Index("ix_task_subject_open", "subject", postgresql_where=text("status = 'open'")),
    )

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    subject: Mapped[str]
    kind: Mapped[TaskKind] = mapped_column(words_of(TaskKind))
    cause: Mapped[str]
    queue: Mapped[Role] = mapped_column(words_of(Role))
    status: Mapped[TaskStatus] = mapped_column(words_of(TaskStatus))
    title: Mapped[str]
    reason: Mapped[str]
    # Ids and figures the form needs; what the payer said and what we recommend. No free text of a
    # chart.
    details: Mapped[Json]
    amount_cents: Mapped[int]
    encounter_id: Mapped[int | None] = mapped_column(ForeignKey("encounter.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), index=True)
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"))
    guarantor_id: Mapped[int | None] = mapped_column(ForeignKey("guarantor.id"), index=True)
    remit_claim_id: Mapped[int | None] = mapped_column(ForeignKey("remit_claim.id"))
    raw_file_id: Mapped[int | None] = mapped_column(ForeignKey("raw_file.id"))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    waits_on_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    opened_at: Mapped[dt.datetime]
    due_on: Mapped[dt.date]
    follow_up_on: Mapped[dt.date | None]
    snoozed_because: Mapped[str | None]
    is_escalated: Mapped[bool] = mapped_column(server_default="false")
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    leased_until: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")
    answer: Mapped[Json | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    answered_at: Mapped[dt.datetime | None]
    recorded_at: Mapped[Recorded]
    encounter: Mapped[Encounter | None] = relationship()
    claim: Mapped[Claim | None] = relationship()


class TaskLog(Base):
    __tablename__ = "task_log"

    id: Mapped[Id]
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    action: Mapped[str]
    words: Mapped[str]
    at: Mapped[dt.datetime]
    recorded_at: Mapped[Recorded]
