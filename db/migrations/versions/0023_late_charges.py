"""A facility's late charges go on a bill of their own (frequency 5) where the payer takes one."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "payer",
        sa.Column("takes_late_charges", sa.Boolean(), server_default="true", nullable=False),
    )
    # Medicare takes them on an adjusted bill; and nothing is known of a payer that nobody knows.
    op.execute(
        "update payer set takes_late_charges = false"
        " where filing_code in ('MA', 'MB') or payer_no = 'UNKNOWN'"
    )
    _require("frequency_is_known", "frequency in ('1', '5', '7', '8')")
    _require(
        "7_and_8_name_the_original", "frequency in ('1', '5') or payer_claim_number is not null"
    )


def _require(name: str, rule: str) -> None:
    op.drop_constraint(op.f(f"ck_claim_version_{name}"), "claim_version", type_="check")
    op.create_check_constraint(op.f(f"ck_claim_version_{name}"), "claim_version", rule)
