"""Answers that come on paper or by a portal, and proof of filing."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
