"""Printers, and how far each must be corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _printers()
    op.execute("GRANT SELECT, INSERT, UPDATE ON printer TO claimflow_web, claimflow_worker")
    op.execute("GRANT USAGE ON SEQUENCE printer_id_seq TO claimflow_web, claimflow_worker")


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False)


def _recorded() -> sa.Column[object]:
    return sa.Column(
        "recorded_at",
        sa.DateTime(timezone=True),
        server_default=sa.text("clock_timestamp()"),
        nullable=False,
    )


def _practice() -> sa.Column[int]:
    return sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False)


def _printers() -> None:
    op.create_table(
        "printer",
        _id(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("right_hundredths", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("down_hundredths", sa.BigInteger(), server_default="0", nullable=False),
        _recorded(),
        _practice(),
        sa.CheckConstraint(
            "abs(right_hundredths) <= 100 and abs(down_hundredths) <= 100",
            name=op.f("ck_printer_offset_is_small"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_printer_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printer")),
        sa.UniqueConstraint("name", name=op.f("uq_printer_name")),
    )
