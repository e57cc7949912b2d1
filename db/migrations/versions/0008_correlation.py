"""The clearinghouse's own number of a claim: a payer's later answer may echo nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ack", sa.Column("clearinghouse_trace", sa.Text(), nullable=True))
    op.create_index(op.f("ix_ack_clearinghouse_trace"), "ack", ["clearinghouse_trace"])
    op.create_index(op.f("ix_submission_payer_claim_number"), "submission", ["payer_claim_number"])
