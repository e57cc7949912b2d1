"""Tasks about what stands between us and a partner."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KIND = "exchange_problem"


def upgrade() -> None:
    """Whatever kinds the database knows by now, and this one."""
    definition = op.get_bind().scalar(
        sa.text(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck_task_taskkind'"
        )
    )
    known = re.findall(r"'([a-z0-9_]+)'", definition)
    among = ", ".join(f"'{kind}'" for kind in dict.fromkeys([*known, KIND]))
    op.drop_constraint(op.f("ck_task_taskkind"), "task", type_="check")
    op.create_check_constraint(op.f("ck_task_taskkind"), "task", f"kind in ({among})")
