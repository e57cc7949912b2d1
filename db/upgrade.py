"""Brings a database to the newest schema; safe to repeat, and only one process at a time
does it.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number will do as long as every claimflow uses the same one.
_UPGRADE_LOCK = 7_204_119
_OLDEST_SERVER = 160000


class TooOld(Exception):
    """The server is older than we support."""


def upgrade(url: str, *, to: str = "head") -> None:
    """Run every migration that is missing. Raises `TooOld` for a server before PostgreSQL 16."""
    engine = create_engine(url, hide_parameters=True)
    with engine.begin() as connection:
        version = int(connection.scalar(text("SHOW server_version_num")) or 0)
        if version < _OLDEST_SERVER:
            raise TooOld(f"PostgreSQL {version // 10000} is too old: claimflow needs 16 or later.")
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, to)
    engine.dispose()
