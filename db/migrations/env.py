"""Alembic's way in; `db.upgrade` gives it a connection of the owner."""

from alembic import context

import db.models  # noqa: F401  (fills the metadata)
from db.base import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
