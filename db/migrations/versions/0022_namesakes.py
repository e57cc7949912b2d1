"""Another payment may have the name of one that came before, when a person says that it is one."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NAME = ["originator", "trace_number", "paid_on", "paid_cents"]


def upgrade() -> None:
    op.add_column(
        "remittance", sa.Column("namesake", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.drop_index("uq_remittance_standing", "remittance")
    op.create_index(
        "uq_remittance_standing",
        "remittance",
        [*NAME, "namesake"],
        unique=True,
        postgresql_where=sa.text("undone_at is null"),
    )
