"""What is left of a remittance is found without reading what was posted, and tried part by part."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OF_A_REMITTANCE = ["remittance_id", "ordinal"]


def upgrade() -> None:
    op.create_index(
        "ix_remit_claim_fresh",
        "remit_claim",
        OF_A_REMITTANCE,
        postgresql_where=sa.text("posting is null"),
    )
    op.create_index(
        "ix_remit_claim_set_aside",
        "remit_claim",
        OF_A_REMITTANCE,
        postgresql_where=sa.text("posting in ('deferred', 'exception')"),
    )
    op.add_column(
        "remittance", sa.Column("tried_to", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column(
        "remittance",
        sa.Column("round_moved", sa.Boolean(), server_default="false", nullable=False),
    )
    _lay_room_made()


def _lay_room_made() -> None:
    op.create_table(
        "room_made",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("remittance_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "made_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["remittance_id"], ["remittance.id"], name=op.f("fk_room_made_remittance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_made")),
    )
    op.create_index(op.f("ix_room_made_remittance_id"), "room_made", ["remittance_id"])
    op.execute("GRANT SELECT, INSERT ON room_made TO claimflow_web, claimflow_worker")
    op.execute("GRANT DELETE ON room_made TO claimflow_worker")
    op.execute("GRANT USAGE ON SEQUENCE room_made_id_seq TO claimflow_web, claimflow_worker")
