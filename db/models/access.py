"""Users, their sessions, attempts to log in, and the append-only audit of reads and changes."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Id, Json, Recorded, Tenant, known, words_of
from domain.tasks import Role


class User(Tenant, Base):
    __tablename__ = "app_user"

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    username: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    role: Mapped[Role] = mapped_column(words_of(Role))
    password_hash: Mapped[str]
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    is_active: Mapped[bool] = mapped_column(server_default="true")
    preferences: Mapped[Json] = mapped_column(server_default="{}")
    __table_args__ = (
        CheckConstraint("role <> 'provider' or provider_id is not null", name="provider_is_named"),
    )


class UserSession(Base):
    """A login; only the hash of the cookie is kept."""

    __tablename__ = "user_session"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    data: Mapped[Json] = mapped_column(server_default="{}")
    created_at: Mapped[Recorded]
    seen_at: Mapped[dt.datetime] = mapped_column(server_default=func.clock_timestamp())
    expires_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    user: Mapped[User | None] = relationship()


class LoginAttempt(Base):
    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_recent", "username", "at"),)

    id: Mapped[Id]
    username: Mapped[str]
    address: Mapped[str]
    succeeded: Mapped[bool]
    at: Mapped[Recorded]


class AuditEvent(Base):
    """Who read or changed what; can be neither updated nor deleted by the application."""

    __tablename__ = "audit_event"
    __table_args__ = (known("outcome", "done", "allowed", "refused"),)

    id: Mapped[Id]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    role: Mapped[str | None]
    action: Mapped[str]
    object_kind: Mapped[str]
    object_key: Mapped[str]
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"), index=True)
    outcome: Mapped[str]
    words: Mapped[str]
    recorded_at: Mapped[Recorded]
