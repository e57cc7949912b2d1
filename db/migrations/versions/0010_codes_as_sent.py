"""Codes of an 835 that nobody knew: as the payer sent them, beside what a person read them as."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("remit_claim", sa.Column("status_sent", sa.Text(), nullable=True))
    op.add_column("remit_adjustment", sa.Column("group_sent", sa.Text(), nullable=True))
