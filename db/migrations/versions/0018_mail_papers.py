"""Letters, and documents beside a claim, that a person posts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_paper",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "enclosed_ids",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailing_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind in ('letter', 'attachment')", name=op.f("ck_mail_paper_kind_is_known")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_mail_paper_claim_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_mail_paper_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailing.id"], name=op.f("fk_mail_paper_mailing_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_paper")),
        sa.UniqueConstraint("uuid", name=op.f("uq_mail_paper_uuid")),
        sa.UniqueConstraint("claim_id", "reference", name=op.f("uq_mail_paper_claim_id_reference")),
    )
    op.create_index(op.f("ix_mail_paper_mailing_id"), "mail_paper", ["mailing_id"])
    op.execute("GRANT SELECT, INSERT, UPDATE ON mail_paper TO claimflow_web, claimflow_worker")
    op.execute("GRANT USAGE ON SEQUENCE mail_paper_id_seq TO claimflow_web, claimflow_worker")
