"""Connections to PostgreSQL: each one acts under the role of its process, never as the owner."""

from typing import Any, Literal

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

DatabaseRole = Literal["claimflow_web", "claimflow_worker"]


def connect(url: str, role: DatabaseRole, *, pool_size: int = 8) -> Engine:
    """An engine whose connections `SET ROLE` first; parameters never reach a log."""
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=4,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 10, "application_name": role},
    )

    @event.listens_for(engine, "connect")
    def take_role(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}; SET timezone TO 'UTC'")
        connection.commit()

    return engine


def sessions(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, expire_on_commit=False)
