"""What a facility's claim says further of a stay: who operated too, causes from outside, treatments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    rows = postgresql.JSONB(astext_type=sa.Text())
    for name in ("external_causes", "treatment_codes"):
        column = sa.Column(name, rows, server_default="[]", nullable=False)
        op.add_column("facility_facts", column)
    column = sa.Column("other_operating_id", sa.BigInteger(), nullable=True)
    op.add_column("facility_facts", column)
    op.create_foreign_key(
        op.f("fk_facility_facts_other_operating_id"),
        "facility_facts",
        "provider",
        ["other_operating_id"],
        ["id"],
    )
