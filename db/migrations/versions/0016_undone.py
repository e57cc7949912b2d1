"""An EOB that was keyed wrongly is taken back by a remittance of our own, and keyed again."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("remittance", sa.Column("undone_at", sa.DateTime(timezone=True)))
    op.add_column("remittance", sa.Column("undone_by_id", sa.BigInteger()))
    op.add_column("remittance", sa.Column("undone_because", sa.Text()))
    op.add_column("remittance", sa.Column("undoes_id", sa.BigInteger()))
    for column, table in (("undone_by_id", "app_user"), ("undoes_id", "remittance")):
        name = op.f(f"fk_remittance_{column}")
        op.create_foreign_key(name, "remittance", table, [column], ["id"])
    op.create_unique_constraint(op.f("uq_remittance_undoes_id"), "remittance", ["undoes_id"])
    op.create_check_constraint(
        op.f("ck_remittance_undone_by_somebody_for_a_reason"),
        "remittance",
        "(undone_at is null) = (undone_by_id is null) and "
        "(undone_at is null) = (undone_because is null)",
    )
    # The same check is keyed again where the first posting of it is undone.
    op.drop_constraint(
        op.f("uq_remittance_originator_trace_number_paid_on_paid_cents"), "remittance"
    )
    op.create_index(
        "uq_remittance_standing",
        "remittance",
        ["originator", "trace_number", "paid_on", "paid_cents"],
        unique=True,
        postgresql_where=sa.text("undone_at is null"),
    )
