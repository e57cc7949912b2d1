"""Why another payer comes before a patient's Medicare."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("coverage", sa.Column("second_because", sa.String(length=40), nullable=True))
    op.create_check_constraint(
        op.f("ck_coverage_secondbecause"),
        "coverage",
        "second_because in ('12', '13', '14', '15', '16', '41', '42', '43', '47')",
    )
