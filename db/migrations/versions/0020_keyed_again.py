"""What is keyed again says of which undone posting it is, so that it is keyed again once."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("keyed_eob", sa.Column("again_of_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_keyed_eob_again_of_id"), "keyed_eob", "remittance", ["again_of_id"], ["id"]
    )
    op.create_index(op.f("ix_keyed_eob_again_of_id"), "keyed_eob", ["again_of_id"])
