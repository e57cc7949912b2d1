"""A middle name and what follows a name: who is meant where father and son are patients."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("patient", "subscriber"):
        op.add_column(table, sa.Column("middle_name", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("name_suffix", sa.Text(), nullable=True))
