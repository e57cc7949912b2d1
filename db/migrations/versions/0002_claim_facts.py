"""What an encounter's claims say beside codes and charges, the documents that go with them, charges
that came late, and what a payer that takes no replacement gets instead.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _facts()
    _attachments()
    _late_charges()
    _columns()
    op.execute(
        "GRANT SELECT, INSERT, UPDATE ON claim_facts, line_facts, attachment, late_charge"
        " TO claimflow_web, claimflow_worker"
    )
    op.execute("GRANT USAGE ON SEQUENCE attachment_id_seq TO claimflow_web, claimflow_worker")


def _facts() -> None:
    rows = postgresql.JSONB(astext_type=sa.Text())
    op.create_table(
        "claim_facts",
        sa.Column("encounter_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("facts", rows, nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_claim_facts_version_counts")),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_claim_facts_encounter_id")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["app_user.id"], name=op.f("fk_claim_facts_changed_by_id")
        ),
        sa.PrimaryKeyConstraint("encounter_id", name=op.f("pk_claim_facts")),
    )
    op.create_table(
        "line_facts",
        sa.Column("charge_line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("facts", rows, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["charge_line_id"], ["charge_line.id"], name=op.f("fk_line_facts_charge_line_id")
        ),
        sa.PrimaryKeyConstraint("charge_line_id", name=op.f("pk_line_facts")),
    )


def _attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("report_type", sa.Text(), nullable=False),
        sa.Column("added_by_id", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_attachment_encounter_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_attachment_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["app_user.id"], name=op.f("fk_attachment_added_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_encounter_id"), "attachment", ["encounter_id"])
    op.create_index(
        "uq_attachment_document",
        "attachment",
        ["document_id"],
        unique=True,
        postgresql_where=sa.text("removed_at is null"),
    )


def _late_charges() -> None:
    op.create_table(
        "late_charge",
        sa.Column("charge_line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("added_by_id", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("way in ('joins', 'alone')", name=op.f("ck_late_charge_latecharging")),
        sa.ForeignKeyConstraint(
            ["charge_line_id"], ["charge_line.id"], name=op.f("fk_late_charge_charge_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["app_user.id"], name=op.f("fk_late_charge_added_by_id")
        ),
        sa.PrimaryKeyConstraint("charge_line_id", name=op.f("pk_late_charge")),
    )


def _columns() -> None:
    rows = postgresql.JSONB(astext_type=sa.Text())
    op.add_column("billing_entity", sa.Column("pay_to", rows, nullable=True))
    op.add_column("location", sa.Column("clia_number", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_location_clia_number_has_its_shape"),
        "location",
        "clia_number ~ '^[0-9]{2}D[0-9]{7}$'",
    )
    for form in ("professional", "institutional"):
        column = f"{form}_instead"
        op.add_column(
            "payer",
            sa.Column(column, sa.String(length=40), server_default="new_claim", nullable=False),
        )
        op.create_check_constraint(
            op.f(f"ck_payer_{column}_is_known"), "payer", f"{column} in ('new_claim', 'reopening')"
        )
    op.drop_constraint("ck_appeal_case_kind_is_known", "appeal_case")
    op.create_check_constraint(
        op.f("ck_appeal_case_kind_is_known"),
        "appeal_case",
        "kind in ('appeal', 'records', 'dispute', 'reopening')",
    )
