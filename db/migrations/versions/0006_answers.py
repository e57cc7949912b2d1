"""Answers that come on paper or by a portal, and proof of filing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = "keyed_eob"
# The check of the first release, and the kind of task that is new.
KINDS = (
    "coding_review", "provider_query", "registration_fix", "missing_master_data", "edit_fix",
    "rejection", "follow_up", "denial", "underpayment", "appeal_review", "appeal_decision",
    "write_off_approval", "void_approval", "posting_exception", "patient_balance",
    "patient_credit", "returned_payment", "quarantined_file", "mail_to_sort", "portal_claim",
)  # fmt: skip


def upgrade() -> None:
    _let_portals_be_routes()
    _keep_what_a_portal_said()
    _lay_keyed_eobs()


def _let_portals_be_routes() -> None:
    # By its bare name: the convention of the metadata would put its prefix before it once more.
    op.drop_constraint(op.f("ck_payer_route_channel_is_known"), "payer_route", type_="check")
    op.create_check_constraint(
        op.f("ck_payer_route_channel_is_known"),
        "payer_route",
        "channel in ('edi', 'paper', 'portal')",
    )
    op.drop_constraint(op.f("ck_task_taskkind"), "task", type_="check")
    among = ", ".join(f"'{kind}'" for kind in KINDS)
    op.create_check_constraint(op.f("ck_task_taskkind"), "task", f"kind in ({among})")


def _keep_what_a_portal_said() -> None:
    op.add_column("ack", sa.Column("confirmation_no", sa.Text(), nullable=True))
    op.add_column("ack", sa.Column("said_on", sa.Date(), nullable=True))
    op.add_column("ack", sa.Column("document_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_ack_document_id"), "ack", "document", ["document_id"], ["id"])


def _lay_keyed_eobs() -> None:
    op.create_table(
        "keyed_eob",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("begun_by_id", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remittance_id", sa.BigInteger(), nullable=True),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "remittance_id is null or ended_at is not null",
            name=op.f("ck_keyed_eob_what_is_posted_has_ended"),
        ),
        sa.ForeignKeyConstraint(
            ["begun_by_id"], ["app_user.id"], name=op.f("fk_keyed_eob_begun_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["app_user.id"], name=op.f("fk_keyed_eob_saved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["remittance_id"], ["remittance.id"], name=op.f("fk_keyed_eob_remittance_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_keyed_eob_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_keyed_eob_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyed_eob")),
        sa.UniqueConstraint("uuid", name=op.f("uq_keyed_eob_uuid")),
        sa.UniqueConstraint("remittance_id", name=op.f("uq_keyed_eob_remittance_id")),
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {TABLES} TO claimflow_web, claimflow_worker")
    op.execute(f"GRANT USAGE ON SEQUENCE {TABLES}_id_seq TO claimflow_web, claimflow_worker")
