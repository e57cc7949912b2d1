"""A letter or document that was lost in the mail is posted again, and says what it replaces."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("replaces_id", "asked_by_id"):
        op.add_column("mail_paper", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("mail_paper", sa.Column("because", sa.Text(), nullable=True))
    for name, target in (("replaces_id", "mail_paper"), ("asked_by_id", "app_user")):
        op.create_foreign_key(op.f(f"fk_mail_paper_{name}"), "mail_paper", target, [name], ["id"])
    op.create_unique_constraint(op.f("uq_mail_paper_replaces_id"), "mail_paper", ["replaces_id"])
    op.create_check_constraint(
        op.f("ck_mail_paper_reprint_is_a_persons_act"),
        "mail_paper",
        "(replaces_id is null) = (because is null)"
        " and (replaces_id is null) = (asked_by_id is null)",
    )
    op.drop_constraint(op.f("uq_mail_paper_claim_id_reference"), "mail_paper")
    op.create_index(
        "uq_mail_paper_first",
        "mail_paper",
        ["claim_id", "reference"],
        unique=True,
        postgresql_where=sa.text("replaces_id is null"),
    )
