"""Claim forms that a person posts, and when they did."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _mailings()
    _pieces()
    for table in ("mailing", "mail_piece"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO claimflow_web, claimflow_worker")
        op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO claimflow_web, claimflow_worker")


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False)


def _uuid() -> sa.Column[object]:
    return sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)


def _recorded() -> sa.Column[object]:
    return sa.Column(
        "recorded_at",
        sa.DateTime(timezone=True),
        server_default=sa.text("clock_timestamp()"),
        nullable=False,
    )


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _mailings() -> None:
    op.create_table(
        "mailing",
        _id(),
        _uuid(),
        sa.Column("mailed_on", sa.Date(), nullable=False),
        sa.Column("tracking", sa.Text(), nullable=True),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _recorded(),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("tracking <> ''", name=op.f("ck_mailing_tracking_is_none_or_some")),
        _key("mailing", "by_id", "app_user"),
        _key("mailing", "practice_id", "practice"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
        sa.UniqueConstraint("uuid", name=op.f("uq_mailing_uuid")),
    )


def _pieces() -> None:
    op.create_table(
        "mail_piece",
        _id(),
        _uuid(),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("pages", sa.BigInteger(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailing_id", sa.BigInteger(), nullable=True),
        sa.Column("replaces_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("because", sa.Text(), nullable=True),
        _recorded(),
        sa.CheckConstraint(
            "form in ('CMS-1500', 'UB-04')", name=op.f("ck_mail_piece_form_is_known")
        ),
        sa.CheckConstraint("pages > 0", name=op.f("ck_mail_piece_pages_are_counted")),
        sa.CheckConstraint(
            "(replaces_id is null) = (because is null)"
            " and (replaces_id is null) = (asked_by_id is null)",
            name=op.f("ck_mail_piece_reprint_is_a_persons_act"),
        ),
        _key("mail_piece", "submission_id", "submission"),
        _key("mail_piece", "claim_id", "claim"),
        _key("mail_piece", "mailing_id", "mailing"),
        _key("mail_piece", "replaces_id", "mail_piece"),
        _key("mail_piece", "asked_by_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_piece")),
        sa.UniqueConstraint("uuid", name=op.f("uq_mail_piece_uuid")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_mail_piece_replaces_id")),
    )
    op.create_index(op.f("ix_mail_piece_claim_id"), "mail_piece", ["claim_id"])
    op.create_index(op.f("ix_mail_piece_mailing_id"), "mail_piece", ["mailing_id"])
    op.create_index(
        "uq_mail_piece_first",
        "mail_piece",
        ["submission_id"],
        unique=True,
        postgresql_where=sa.text("replaces_id is null"),
    )
