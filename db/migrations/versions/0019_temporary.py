"""The bytes of a large file pass through a temporary table, also where PUBLIC may make none."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        DO $$ BEGIN
            EXECUTE format(
                'GRANT TEMPORARY ON DATABASE %I TO claimflow_web, claimflow_worker',
                current_database());
        END $$
    """)
