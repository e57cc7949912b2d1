"""Routes of the exchange: where they lead, how they stand, and which payers take what."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_tables()
    _let_a_file_be_refused()
    _keep_what_the_settings_said()
    _give_rights()


def _create_tables() -> None:
    op.create_table(
        "route",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("transport", sa.Text(), server_default="folder", nullable=False),
        sa.Column("host", sa.Text(), server_default="", nullable=False),
        sa.Column("port", sa.BigInteger(), server_default="22", nullable=False),
        sa.Column("username", sa.Text(), server_default="", nullable=False),
        sa.Column("signs_in_by", sa.Text(), server_default="key", nullable=False),
        sa.Column("host_key", sa.Text(), server_default="", nullable=False),
        sa.Column("offered_key", sa.Text(), nullable=True),
        sa.Column("upload_folder", sa.Text(), server_default="inbound", nullable=False),
        sa.Column("download_folder", sa.Text(), server_default="outbound", nullable=False),
        sa.Column("taken_folder", sa.Text(), server_default="", nullable=False),
        sa.Column("sender_id", sa.Text(), server_default="CLAIMFLOW", nullable=False),
        sa.Column("receiver_id", sa.Text(), server_default="CLEARHOUSE", nullable=False),
        sa.Column("usage", sa.Text(), server_default="T", nullable=False),
        sa.Column("batch_claims_max", sa.BigInteger(), server_default="50", nullable=False),
        sa.Column("batch_hours", sa.BigInteger(), server_default="4", nullable=False),
        sa.Column("sends_on", sa.Text(), server_default="1234567", nullable=False),
        sa.Column("sends_from_hour", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sends_until_hour", sa.BigInteger(), server_default="24", nullable=False),
        sa.Column("look_minutes", sa.BigInteger(), server_default="10", nullable=False),
        sa.Column("keep_days", sa.BigInteger(), server_default="365", nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_because", sa.Text(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("trouble_since_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "signs_in_by in ('key', 'password')", name=op.f("ck_route_signs_in_by_is_known")
        ),
        sa.CheckConstraint(
            "transport = 'folder' or (host <> '' and username <> '')",
            name=op.f("ck_route_sftp_says_where"),
        ),
        sa.CheckConstraint(
            "transport in ('folder', 'sftp')", name=op.f("ck_route_transport_is_known")
        ),
        sa.CheckConstraint("usage in ('T', 'P')", name=op.f("ck_route_usage_is_known")),
        sa.CheckConstraint(
            "(paused_at is null) = (paused_because is null)",
            name=op.f("ck_route_pause_has_a_reason"),
        ),
        sa.CheckConstraint(
            "sends_from_hour < sends_until_hour", name=op.f("ck_route_hours_are_a_stretch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route")),
        sa.UniqueConstraint("name", name=op.f("uq_route_name")),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("payer_id", sa.BigInteger(), nullable=False),
        sa.Column("transaction_set", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "status in ('not_enrolled', 'pending', 'test', 'production')",
            name=op.f("ck_enrolment_status_is_known"),
        ),
        sa.CheckConstraint(
            "transaction_set in ('837P', '837I', '835', '270', '276')",
            name=op.f("ck_enrolment_transaction_set_is_known"),
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_enrolment_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint(
            "payer_id", "transaction_set", name=op.f("uq_enrolment_payer_id_transaction_set")
        ),
    )
    op.create_table(
        "resend",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("insisted", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["app_user.id"], name=op.f("fk_resend_by_id")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_resend_outbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resend")),
    )
    op.create_index(op.f("ix_resend_outbox_id"), "resend", ["outbox_id"], unique=False)


def _let_a_file_be_refused() -> None:
    op.add_column("outbox", sa.Column("refused_because", sa.Text(), nullable=True))
    op.drop_constraint(op.f("ck_outbox_state_is_known"), "outbox", type_="check")
    op.create_check_constraint(
        op.f("ck_outbox_state_is_known"),
        "outbox",
        "state in ('waiting', 'prepared', 'done', 'refused')",
    )
    op.create_check_constraint(
        op.f("ck_outbox_refused_for_a_reason"),
        "outbox",
        "(state = 'refused') = (refused_because is not null)",
    )


def _keep_what_the_settings_said() -> None:
    """A practice that is there keeps its one route, with what its settings said of it."""
    op.execute(
        """
        INSERT INTO route (name, sender_id, receiver_id, usage, batch_claims_max)
        SELECT DISTINCT p.route,
            coalesce((SELECT value->>'value' FROM setting WHERE name = 'sender_id'), 'CLAIMFLOW'),
            coalesce((SELECT value->>'value' FROM setting WHERE name = 'receiver_id'), 'CLEARHOUSE'),
            coalesce((SELECT value->>'value' FROM setting WHERE name = 'interchange_usage'), 'T'),
            coalesce((SELECT (value->>'value')::int FROM setting WHERE name = 'batch_claims_max'), 50)
        FROM payer_route p WHERE p.channel = 'edi'
        """
    )
    op.execute(
        """
        DELETE FROM setting
        WHERE name IN ('sender_id', 'receiver_id', 'interchange_usage', 'batch_claims_max')
        """
    )


def _give_rights() -> None:
    op.execute(
        """
        GRANT SELECT, INSERT, UPDATE ON route, enrolment TO claimflow_web, claimflow_worker;
        GRANT SELECT, INSERT ON resend TO claimflow_web, claimflow_worker;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO claimflow_web, claimflow_worker;
        """
    )
