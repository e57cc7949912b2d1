"""The tables of the first release."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1]


def upgrade() -> None:
    """Tables, then the guards (triggers, sequences), then the rights of each role."""
    _create_tables()
    op.execute((_SQL / "guards.sql").read_text())
    op.execute((_SQL / "roles.sql").read_text())


def _create_tables() -> None:
    op.create_table(
        "clock_segment",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("real_start", sa.Double(), nullable=False),
        sa.Column("business_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("speed", sa.Double(), nullable=False),
        sa.Column("is_running", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_segment")),
    )
    op.create_table(
        "engine",
        sa.Column("id", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("cluster_id", sa.Text(), nullable=False),
        sa.Column(
            "noticed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine")),
    )
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    op.create_index("ix_login_attempt_recent", "login_attempt", ["username", "at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("part", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state <> 'prepared' or part is not null",
            name=op.f("ck_outbox_prepared_names_its_part"),
        ),
        sa.CheckConstraint(
            "state in ('waiting', 'prepared', 'done')", name=op.f("ck_outbox_state_is_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("route", "name", name=op.f("uq_outbox_route_name")),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state <> 'done'"),
    )
    op.create_table(
        "practice",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), server_default="America/Chicago", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
    )
    op.create_table(
        "raw_file",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("judgement", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "judgement in ('taken', 'repeated', 'quarantined')",
            name=op.f("ck_raw_file_judgement_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raw_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_raw_file_sha256")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "subject",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("rev", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_subject")),
    )
    op.create_table(
        "wake",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column(
            "wanted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wake")),
    )
    op.create_index(op.f("ix_wake_subject"), "wake", ["subject"], unique=False)
    op.create_table(
        "batch",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("control_number", sa.BigInteger(), nullable=True),
        sa.Column("outbox_id", sa.BigInteger(), nullable=True),
        sa.Column("ta1_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_refused", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_batch_outbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("control_number", name=op.f("uq_batch_control_number")),
    )
    op.create_table(
        "billing_entity",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("npi", sa.Text(), nullable=False),
        sa.Column("tax_id", sa.Text(), nullable=False),
        sa.Column("taxonomy", sa.Text(), nullable=False),
        sa.Column("address", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_billing_entity_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_entity")),
        sa.UniqueConstraint("npi", name=op.f("uq_billing_entity_npi")),
    )
    op.create_table(
        "fee_schedule",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_fee_schedule_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_schedule")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_fee_schedule_name_version")),
    )
    op.create_table(
        "guarantor",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("account_no", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("address", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_guarantor_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantor")),
        sa.UniqueConstraint("account_no", name=op.f("uq_guarantor_account_no")),
    )
    op.create_table(
        "org_unit",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_org_unit_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org_unit")),
    )
    op.create_table(
        "patient",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("mrn", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=False),
        sa.Column("gender", sa.Text(), nullable=False),
        sa.Column("address", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("merged_into_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["patient.id"], name=op.f("fk_patient_merged_into_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_patient_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("mrn", name=op.f("uq_patient_mrn")),
    )
    op.create_table(
        "payer",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("payer_no", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("filing_code", sa.Text(), nullable=False),
        sa.Column("takes_frequency_7", sa.Boolean(), nullable=False),
        sa.Column("takes_stays_whole", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("appeal_levels", sa.BigInteger(), nullable=False),
        sa.Column("appeal_days", sa.BigInteger(), nullable=False),
        sa.Column("decision_days", sa.BigInteger(), nullable=False),
        sa.Column("timely_days", sa.BigInteger(), nullable=False),
        sa.Column("hears_timely_filing", sa.Boolean(), nullable=False),
        sa.Column("usual_days", sa.BigInteger(), nullable=False),
        sa.Column("is_payment_in_full", sa.Boolean(), nullable=False),
        sa.Column("crosses_over_to_id", sa.BigInteger(), nullable=True),
        sa.Column("address", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["crosses_over_to_id"], ["payer.id"], name=op.f("fk_payer_crosses_over_to_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_payer_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer")),
        sa.UniqueConstraint("payer_no", name=op.f("uq_payer_payer_no")),
    )
    op.create_table(
        "provider",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("npi", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("taxonomy", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_provider_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("npi", name=op.f("uq_provider_npi")),
    )
    op.create_table(
        "subscriber",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=False),
        sa.Column("gender", sa.Text(), nullable=False),
        sa.Column("address", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_subscriber_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber")),
    )
    op.create_table(
        "app_user",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "coder",
                "biller",
                "supervisor",
                "provider",
                "front_desk",
                "administrator",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column(
            "preferences", postgresql.JSONB(astext_type=Text()), server_default="{}", nullable=False
        ),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "role <> 'provider' or provider_id is not null",
            name=op.f("ck_app_user_provider_is_named"),
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_app_user_practice_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_app_user_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("username", name=op.f("uq_app_user_username")),
        sa.UniqueConstraint("uuid", name=op.f("uq_app_user_uuid")),
    )
    op.create_table(
        "contract",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("payer_id", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_contract_payer_id")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_contract_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
    )
    op.create_index(op.f("ix_contract_payer_id"), "contract", ["payer_id"], unique=False)
    op.create_table(
        "fee_schedule_item",
        sa.Column("fee_schedule_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("price_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("price_cents > 0", name=op.f("ck_fee_schedule_item_price_is_positive")),
        sa.ForeignKeyConstraint(
            ["fee_schedule_id"],
            ["fee_schedule.id"],
            name=op.f("fk_fee_schedule_item_fee_schedule_id"),
        ),
        sa.PrimaryKeyConstraint("fee_schedule_id", "code", name=op.f("pk_fee_schedule_item")),
    )
    op.create_table(
        "guarantorship",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("guarantor_id", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_guarantorship_guarantor_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_guarantorship_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantorship")),
    )
    op.create_index(
        op.f("ix_guarantorship_guarantor_id"), "guarantorship", ["guarantor_id"], unique=False
    )
    op.create_index(
        op.f("ix_guarantorship_patient_id"), "guarantorship", ["patient_id"], unique=False
    )
    op.create_table(
        "location",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("org_unit_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("npi", sa.Text(), nullable=True),
        sa.Column("place_of_service", sa.Text(), nullable=False),
        sa.Column("address", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_unit_id"], ["org_unit.id"], name=op.f("fk_location_org_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_location_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
    )
    op.create_table(
        "payer_alias",
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_payer_alias_payer_id")),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_payer_alias")),
    )
    op.create_index(op.f("ix_payer_alias_payer_id"), "payer_alias", ["payer_id"], unique=False)
    op.create_table(
        "payer_route",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("payer_id", sa.BigInteger(), nullable=False),
        sa.Column("transaction_kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "channel in ('edi', 'paper')", name=op.f("ck_payer_route_channel_is_known")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_payer_route_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer_route")),
        sa.UniqueConstraint(
            "payer_id", "transaction_kind", name=op.f("uq_payer_route_payer_id_transaction_kind")
        ),
    )
    op.create_table(
        "payment_plan",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("guarantor_id", sa.BigInteger(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("grace_days", sa.BigInteger(), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "status in ('kept', 'done', 'broken')", name=op.f("ck_payment_plan_status_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_payment_plan_guarantor_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_payment_plan_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_plan")),
    )
    op.create_index(
        op.f("ix_payment_plan_guarantor_id"), "payment_plan", ["guarantor_id"], unique=False
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("payer_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_plan_payer_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_plan_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index(op.f("ix_plan_payer_id"), "plan", ["payer_id"], unique=False)
    op.create_table(
        "remittance",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("raw_file_id", sa.BigInteger(), nullable=False),
        sa.Column("payer_id", sa.BigInteger(), nullable=False),
        sa.Column("originator", sa.Text(), nullable=False),
        sa.Column("trace_number", sa.Text(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bank_matched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_remittance_payer_id")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_remittance_practice_id")
        ),
        sa.ForeignKeyConstraint(
            ["raw_file_id"], ["raw_file.id"], name=op.f("fk_remittance_raw_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remittance")),
        sa.UniqueConstraint(
            "originator",
            "trace_number",
            "paid_on",
            "paid_cents",
            name=op.f("uq_remittance_originator_trace_number_paid_on_paid_cents"),
        ),
        sa.UniqueConstraint("uuid", name=op.f("uq_remittance_uuid")),
    )
    op.create_index(op.f("ix_remittance_payer_id"), "remittance", ["payer_id"], unique=False)
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "outcome in ('done', 'allowed', 'refused')",
            name=op.f("ck_audit_event_outcome_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_audit_event_patient_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_audit_event_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_patient_id"), "audit_event", ["patient_id"], unique=False)
    op.create_table(
        "bank_line",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("payer_tin", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("remittance_id", sa.BigInteger(), nullable=True),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_bank_line_practice_id")
        ),
        sa.ForeignKeyConstraint(
            ["remittance_id"], ["remittance.id"], name=op.f("fk_bank_line_remittance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line")),
        sa.UniqueConstraint("remittance_id", name=op.f("uq_bank_line_remittance_id")),
        sa.UniqueConstraint("source_key", name=op.f("uq_bank_line_source_key")),
    )
    op.create_table(
        "contract_term",
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("allowed_cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_term_contract_id")
        ),
        sa.PrimaryKeyConstraint("contract_id", "code", name=op.f("pk_contract_term")),
    )
    op.create_table(
        "coverage",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("group_number", sa.Text(), nullable=True),
        sa.Column("relationship_to_subscriber", sa.Text(), nullable=False),
        sa.Column("subscriber_id", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_coverage_patient_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_coverage_plan_id")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_coverage_practice_id")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_coverage_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage")),
    )
    op.create_index(op.f("ix_coverage_patient_id"), "coverage", ["patient_id"], unique=False)
    op.create_table(
        "encounter",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("encounter_no", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("guarantor_id", sa.BigInteger(), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "encounter_class",
            sa.Enum(
                "AMB",
                "EMER",
                "IMP",
                name="encounterclass",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("place_of_service", sa.Text(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("discharged_on", sa.Date(), nullable=True),
        sa.Column("stay_no", sa.Text(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "registered",
                "eligibility",
                "coding",
                "charges",
                "claims",
                "patient",
                "closed",
                "cancelled",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "coding_status",
            sa.Enum(
                "uncoded",
                "queried",
                "coded",
                name="codingstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("has_charted_codes", sa.Boolean(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(stage in ('closed', 'cancelled')) = (ended_at is not null)",
            name=op.f("ck_encounter_ended_when_not_open"),
        ),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_encounter_guarantor_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_encounter_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_encounter_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_encounter_practice_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_encounter_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_encounter")),
        sa.UniqueConstraint("encounter_no", name=op.f("uq_encounter_encounter_no")),
        sa.UniqueConstraint("source_key", name=op.f("uq_encounter_source_key")),
        sa.UniqueConstraint("uuid", name=op.f("uq_encounter_uuid")),
    )
    op.create_index(op.f("ix_encounter_guarantor_id"), "encounter", ["guarantor_id"], unique=False)
    op.create_index(op.f("ix_encounter_patient_id"), "encounter", ["patient_id"], unique=False)
    op.create_index(op.f("ix_encounter_stage"), "encounter", ["stage"], unique=False)
    op.create_table(
        "incident",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column(
            "first_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column(
            "last_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("retried_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["retried_by_id"], ["app_user.id"], name=op.f("fk_incident_retried_by_id")
        ),
        sa.ForeignKeyConstraint(["subject"], ["subject.key"], name=op.f("fk_incident_subject")),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_incident")),
    )
    op.create_table(
        "journal",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["by_id"], ["app_user.id"], name=op.f("fk_journal_by_id")),
        sa.ForeignKeyConstraint(["subject"], ["subject.key"], name=op.f("fk_journal_subject")),
        sa.PrimaryKeyConstraint("subject", "rev", name=op.f("pk_journal")),
    )
    op.create_table(
        "plan_instalment",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["payment_plan.id"], name=op.f("fk_plan_instalment_plan_id")
        ),
        sa.PrimaryKeyConstraint("plan_id", "due_on", name=op.f("pk_plan_instalment")),
    )
    op.create_table(
        "remit_provider_adjustment",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("remittance_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("segment", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["remittance_id"],
            ["remittance.id"],
            name=op.f("fk_remit_provider_adjustment_remittance_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remit_provider_adjustment")),
        sa.UniqueConstraint(
            "remittance_id",
            "ordinal",
            name=op.f("uq_remit_provider_adjustment_remittance_id_ordinal"),
        ),
    )
    op.create_table(
        "user_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "data", postgresql.JSONB(astext_type=Text()), server_default="{}", nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_user_session")),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "charge_line",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("modifiers", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("pointers", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("charge_cents", sa.BigInteger(), nullable=True),
        sa.Column("fee_schedule_id", sa.BigInteger(), nullable=True),
        sa.Column("is_void", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("payer_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "charge_cents is null or charge_cents >= 0",
            name=op.f("ck_charge_line_charge_not_negative"),
        ),
        sa.CheckConstraint("units > 0", name=op.f("ck_charge_line_has_units")),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_charge_line_encounter_id")
        ),
        sa.ForeignKeyConstraint(
            ["fee_schedule_id"], ["fee_schedule.id"], name=op.f("fk_charge_line_fee_schedule_id")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_charge_line_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_line")),
        sa.UniqueConstraint(
            "encounter_id", "ordinal", name=op.f("uq_charge_line_encounter_id_ordinal")
        ),
    )
    op.create_index("ix_charge_line_encounter", "charge_line", ["encounter_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("coverage_id", sa.BigInteger(), nullable=False),
        sa.Column("payer_id", sa.BigInteger(), nullable=False),
        sa.Column("responsibility", sa.Text(), nullable=False),
        sa.Column("follows_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "edits",
                "ready",
                "submitted",
                "rejected",
                "accepted",
                "adjudicated",
                "denied",
                "appealed",
                "crossed_over",
                "settled",
                name="claimstage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("payer_claim_number", sa.Text(), nullable=True),
        sa.Column("file_by_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "outcome in ('paid', 'partly_paid', 'denied', 'reversed', 'awaits correction', 'nothing_due', 'void', 'cancelled')",
            name=op.f("ck_claim_outcome_is_known"),
        ),
        sa.CheckConstraint(
            "responsibility in ('P', 'S', 'T')", name=op.f("ck_claim_responsibility_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["coverage_id"], ["coverage.id"], name=op.f("fk_claim_coverage_id")
        ),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_claim_encounter_id")
        ),
        sa.ForeignKeyConstraint(["follows_id"], ["claim.id"], name=op.f("fk_claim_follows_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_claim_payer_id")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_claim_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("uuid", name=op.f("uq_claim_uuid")),
    )
    op.create_index(op.f("ix_claim_encounter_id"), "claim", ["encounter_id"], unique=False)
    op.create_index(op.f("ix_claim_payer_id"), "claim", ["payer_id"], unique=False)
    op.create_index(op.f("ix_claim_stage"), "claim", ["stage"], unique=False)
    op.create_table(
        "coding_session",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("coder_id", sa.BigInteger(), nullable=True),
        sa.Column("coded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coder_id"], ["app_user.id"], name=op.f("fk_coding_session_coder_id")
        ),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_coding_session_encounter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding_session")),
        sa.UniqueConstraint(
            "encounter_id", "version", name=op.f("uq_coding_session_encounter_id_version")
        ),
    )
    op.create_table(
        "diagnosis",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("span_start", sa.BigInteger(), nullable=True),
        sa.Column("span_end", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_diagnosis_encounter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis")),
        sa.UniqueConstraint("encounter_id", "rank", name=op.f("uq_diagnosis_encounter_id_rank")),
    )
    op.create_table(
        "eligibility_check",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("coverage_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("raw_file_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_eligibility_check_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["coverage_id"], ["coverage.id"], name=op.f("fk_eligibility_check_coverage_id")
        ),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_eligibility_check_encounter_id")
        ),
        sa.ForeignKeyConstraint(
            ["raw_file_id"], ["raw_file.id"], name=op.f("fk_eligibility_check_raw_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_check")),
        sa.UniqueConstraint(
            "encounter_id",
            "coverage_id",
            "attempt",
            name=op.f("uq_eligibility_check_encounter_id_coverage_id_attempt"),
        ),
    )
    op.create_index(
        op.f("ix_eligibility_check_batch_id"), "eligibility_check", ["batch_id"], unique=False
    )
    op.create_index(
        op.f("ix_eligibility_check_encounter_id"),
        "eligibility_check",
        ["encounter_id"],
        unique=False,
    )
    op.create_table(
        "provider_query",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["app_user.id"], name=op.f("fk_provider_query_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["app_user.id"], name=op.f("fk_provider_query_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_provider_query_encounter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_query")),
    )
    op.create_index(
        op.f("ix_provider_query_encounter_id"), "provider_query", ["encounter_id"], unique=False
    )
    op.create_table(
        "claim_line",
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("charge_line_id", sa.BigInteger(), nullable=False),
        sa.Column("expected_cents", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["charge_line_id"], ["charge_line.id"], name=op.f("fk_claim_line_charge_line_id")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_line_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "charge_line_id", name=op.f("pk_claim_line")),
    )
    op.create_index(
        op.f("ix_claim_line_charge_line_id"), "claim_line", ["charge_line_id"], unique=False
    )
    op.create_table(
        "claim_version",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("payer_claim_number", sa.Text(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("charge_line_ids", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=Text()), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "frequency = '1' or payer_claim_number is not null",
            name=op.f("ck_claim_version_7_and_8_name_the_original"),
        ),
        sa.CheckConstraint(
            "frequency in ('1', '7', '8')", name=op.f("ck_claim_version_frequency_is_known")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_version_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_version")),
        sa.UniqueConstraint("claim_id", "version", name=op.f("uq_claim_version_claim_id_version")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=True),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_document_claim_id")),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_document_encounter_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_document_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("uuid", name=op.f("uq_document_uuid")),
    )
    op.create_index(op.f("ix_document_claim_id"), "document", ["claim_id"], unique=False)
    op.create_index(op.f("ix_document_encounter_id"), "document", ["encounter_id"], unique=False)
    op.create_table(
        "hold",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=True),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("payer_id", sa.BigInteger(), nullable=True),
        sa.Column("guarantor_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("held_from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_by_id", sa.BigInteger(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(encounter_id, claim_id, payer_id, guarantor_id) = 1",
            name=op.f("ck_hold_has_one_scope"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_hold_claim_id")),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_hold_encounter_id")
        ),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_hold_guarantor_id")
        ),
        sa.ForeignKeyConstraint(["held_by_id"], ["app_user.id"], name=op.f("fk_hold_held_by_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_hold_payer_id")),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["app_user.id"], name=op.f("fk_hold_released_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index(
        "ix_hold_open",
        "hold",
        ["encounter_id"],
        unique=False,
        postgresql_where=sa.text("released_at is null"),
    )
    op.create_table(
        "statement",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("statement_no", sa.Text(), nullable=False),
        sa.Column("guarantor_id", sa.BigInteger(), nullable=False),
        sa.Column("run", sa.BigInteger(), nullable=False),
        sa.Column("cycle", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("outbox_id", sa.BigInteger(), nullable=True),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_statement_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_statement_guarantor_id")
        ),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_statement_outbox_id")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_statement_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint(
            "guarantor_id", "run", "cycle", name=op.f("uq_statement_guarantor_id_run_cycle")
        ),
        sa.UniqueConstraint("statement_no", name=op.f("uq_statement_statement_no")),
        sa.UniqueConstraint("uuid", name=op.f("uq_statement_uuid")),
    )
    op.create_index(op.f("ix_statement_guarantor_id"), "statement", ["guarantor_id"], unique=False)
    op.create_table(
        "submission",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("claim_version_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("pcn", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ack_status", sa.Text(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payer_claim_number", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "ack_status in ('received', 'accepted', 'rejected', 'unwritable', 'withdrawn')",
            name=op.f("ck_submission_ack_status_is_known"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_submission_batch_id")),
        sa.ForeignKeyConstraint(
            ["claim_version_id"], ["claim_version.id"], name=op.f("fk_submission_claim_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint(
            "claim_version_id", "number", name=op.f("uq_submission_claim_version_id_number")
        ),
        sa.UniqueConstraint("pcn", name=op.f("uq_submission_pcn")),
    )
    op.create_index(op.f("ix_submission_batch_id"), "submission", ["batch_id"], unique=False)
    op.create_index(
        "uq_submission_unsent",
        "submission",
        ["claim_version_id"],
        unique=True,
        postgresql_where=sa.text("sent_at is null and ack_status is null"),
    )
    op.create_table(
        "ack",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("raw_file_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("status_code", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("payer_claim_number", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["raw_file_id"], ["raw_file.id"], name=op.f("fk_ack_raw_file_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_ack_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ack")),
    )
    op.create_index(op.f("ix_ack_submission_id"), "ack", ["submission_id"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("guarantor_id", sa.BigInteger(), nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=True),
        sa.Column("statement_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("check_no", sa.Text(), nullable=True),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("returned_by_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_receipt_encounter_id")
        ),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_receipt_guarantor_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_receipt_practice_id")
        ),
        sa.ForeignKeyConstraint(
            ["returned_by_id"], ["receipt.id"], name=op.f("fk_receipt_returned_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_receipt_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("source_key", name=op.f("uq_receipt_source_key")),
    )
    op.create_index(op.f("ix_receipt_guarantor_id"), "receipt", ["guarantor_id"], unique=False)
    op.create_table(
        "remit_claim",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("remittance_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("segment", sa.BigInteger(), nullable=False),
        sa.Column("pcn", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("charge_cents", sa.BigInteger(), nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.Column("patient_responsibility_cents", sa.BigInteger(), nullable=False),
        sa.Column("payer_claim_number", sa.Text(), nullable=False),
        sa.Column("remarks", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("crossover_to", sa.Text(), nullable=True),
        sa.Column("original_reference", sa.Text(), nullable=True),
        sa.Column("member_id", sa.Text(), nullable=True),
        sa.Column("service_on", sa.Date(), nullable=True),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column("submission_id", sa.BigInteger(), nullable=True),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("posting", sa.Text(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "posting in ('posted', 'deferred', 'exception', 'dismissed')",
            name=op.f("ck_remit_claim_posting_is_known"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_remit_claim_claim_id")),
        sa.ForeignKeyConstraint(
            ["remittance_id"], ["remittance.id"], name=op.f("fk_remit_claim_remittance_id")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["remit_claim.id"], name=op.f("fk_remit_claim_reverses_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_remit_claim_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remit_claim")),
        sa.UniqueConstraint(
            "remittance_id", "ordinal", name=op.f("uq_remit_claim_remittance_id_ordinal")
        ),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_remit_claim_reverses_id")),
    )
    op.create_index(op.f("ix_remit_claim_claim_id"), "remit_claim", ["claim_id"], unique=False)
    op.create_index(
        op.f("ix_remit_claim_payer_claim_number"),
        "remit_claim",
        ["payer_claim_number"],
        unique=False,
    )
    op.create_index(op.f("ix_remit_claim_pcn"), "remit_claim", ["pcn"], unique=False)
    op.create_index(
        op.f("ix_remit_claim_submission_id"), "remit_claim", ["submission_id"], unique=False
    )
    op.create_table(
        "statement_line",
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_statement_line_encounter_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_statement_line_statement_id")
        ),
        sa.PrimaryKeyConstraint("statement_id", "encounter_id", name=op.f("pk_statement_line")),
    )
    op.create_table(
        "status_inquiry",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("status_code", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_status_inquiry_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_status_inquiry_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_inquiry")),
        sa.UniqueConstraint(
            "submission_id", "attempt", name=op.f("uq_status_inquiry_submission_id_attempt")
        ),
    )
    op.create_index(
        op.f("ix_status_inquiry_batch_id"), "status_inquiry", ["batch_id"], unique=False
    )
    op.create_index(
        op.f("ix_status_inquiry_submission_id"), "status_inquiry", ["submission_id"], unique=False
    )
    op.create_table(
        "remit_line",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("remit_claim_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("segment", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("modifiers", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("charge_cents", sa.BigInteger(), nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=True),
        sa.Column("line_control", sa.Text(), nullable=True),
        sa.Column("charge_line_id", sa.BigInteger(), nullable=True),
        sa.Column("remarks", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["charge_line_id"], ["charge_line.id"], name=op.f("fk_remit_line_charge_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["remit_claim_id"], ["remit_claim.id"], name=op.f("fk_remit_line_remit_claim_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remit_line")),
        sa.UniqueConstraint(
            "remit_claim_id", "ordinal", name=op.f("uq_remit_line_remit_claim_id_ordinal")
        ),
    )
    op.create_index(
        op.f("ix_remit_line_charge_line_id"), "remit_line", ["charge_line_id"], unique=False
    )
    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "coding_review",
                "provider_query",
                "registration_fix",
                "missing_master_data",
                "edit_fix",
                "rejection",
                "follow_up",
                "denial",
                "underpayment",
                "appeal_review",
                "appeal_decision",
                "write_off_approval",
                "void_approval",
                "posting_exception",
                "patient_balance",
                "patient_credit",
                "returned_payment",
                "quarantined_file",
                "mail_to_sort",
                name="taskkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column(
            "queue",
            sa.Enum(
                "coder",
                "biller",
                "supervisor",
                "provider",
                "front_desk",
                "administrator",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "answered",
                "withdrawn",
                name="taskstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=True),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("payer_id", sa.BigInteger(), nullable=True),
        sa.Column("guarantor_id", sa.BigInteger(), nullable=True),
        sa.Column("remit_claim_id", sa.BigInteger(), nullable=True),
        sa.Column("raw_file_id", sa.BigInteger(), nullable=True),
        sa.Column("provider_id", sa.BigInteger(), nullable=True),
        sa.Column("waits_on_id", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("snoozed_because", sa.Text(), nullable=True),
        sa.Column("is_escalated", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("assignee_id", sa.BigInteger(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=Text()), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(status = 'answered') = (answered_at is not null)",
            name=op.f("ck_task_answered_has_a_time"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["app_user.id"], name=op.f("fk_task_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["assignee_id"], ["app_user.id"], name=op.f("fk_task_assignee_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_task_claim_id")),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_task_encounter_id")
        ),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_task_guarantor_id")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_task_payer_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_task_practice_id")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_task_provider_id")),
        sa.ForeignKeyConstraint(["raw_file_id"], ["raw_file.id"], name=op.f("fk_task_raw_file_id")),
        sa.ForeignKeyConstraint(
            ["remit_claim_id"], ["remit_claim.id"], name=op.f("fk_task_remit_claim_id")
        ),
        sa.ForeignKeyConstraint(["waits_on_id"], ["task.id"], name=op.f("fk_task_waits_on_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("subject", "kind", "cause", name=op.f("uq_task_subject_kind_cause")),
        sa.UniqueConstraint("uuid", name=op.f("uq_task_uuid")),
    )
    op.create_index(op.f("ix_task_claim_id"), "task", ["claim_id"], unique=False)
    op.create_index(op.f("ix_task_encounter_id"), "task", ["encounter_id"], unique=False)
    op.create_index(op.f("ix_task_guarantor_id"), "task", ["guarantor_id"], unique=False)
    op.create_index(
        "ix_task_open_assignee",
        "task",
        ["assignee_id", "due_on"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_task_open_kind",
        "task",
        ["kind", "due_on", sa.literal_column("amount_cents desc"), "id"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_task_open_queue",
        "task",
        ["queue", "due_on", sa.literal_column("amount_cents desc"), "id"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_task_subject_open",
        "task",
        ["subject"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "appeal_case",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("argument", sa.Text(), nullable=False),
        sa.Column("basis_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("task_id", sa.BigInteger(), nullable=True),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("outbox_id", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind in ('appeal', 'records', 'dispute')", name=op.f("ck_appeal_case_kind_is_known")
        ),
        sa.CheckConstraint(
            "status in ('drafted', 'sent', 'won', 'lost', 'withdrawn')",
            name=op.f("ck_appeal_case_status_is_known"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_appeal_case_claim_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_appeal_case_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_appeal_case_outbox_id")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_appeal_case_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_case")),
        sa.UniqueConstraint(
            "claim_id",
            "kind",
            "level",
            "round",
            name=op.f("uq_appeal_case_claim_id_kind_level_round"),
        ),
        sa.UniqueConstraint("reference", name=op.f("uq_appeal_case_reference")),
    )
    op.create_index(op.f("ix_appeal_case_claim_id"), "appeal_case", ["claim_id"], unique=False)
    op.create_table(
        "denial",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("charge_line_id", sa.BigInteger(), nullable=False),
        sa.Column("remit_line_id", sa.BigInteger(), nullable=False),
        sa.Column("group_code", sa.Text(), nullable=False),
        sa.Column("carc", sa.Text(), nullable=False),
        sa.Column("rarcs", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("is_underpayment", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "decided",
                "resolved",
                name="denialstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "route",
            sa.Enum(
                "correct",
                "recode",
                "fix_registration",
                "send_records",
                "appeal",
                "next_payer",
                "patient",
                "write_off",
                name="denialroute",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("task_id", sa.BigInteger(), nullable=True),
        sa.Column("denied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_denial_amount_is_positive")),
        sa.ForeignKeyConstraint(
            ["charge_line_id"], ["charge_line.id"], name=op.f("fk_denial_charge_line_id")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_denial_claim_id")),
        sa.ForeignKeyConstraint(
            ["remit_line_id"], ["remit_line.id"], name=op.f("fk_denial_remit_line_id")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_denial_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_denial")),
        sa.UniqueConstraint(
            "remit_line_id",
            "charge_line_id",
            "group_code",
            "carc",
            name=op.f("uq_denial_remit_line_id_charge_line_id_group_code_carc"),
        ),
    )
    op.create_index(op.f("ix_denial_charge_line_id"), "denial", ["charge_line_id"], unique=False)
    op.create_index(op.f("ix_denial_claim_id"), "denial", ["claim_id"], unique=False)
    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("effect_key", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=True),
        sa.Column("deposit_on", sa.Date(), nullable=True),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("remit_line_id", sa.BigInteger(), nullable=True),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "transaction_id",
            sa.BigInteger(),
            server_default=sa.text("txid_current()"),
            nullable=False,
        ),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["app_user.id"], name=op.f("fk_entry_by_id")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_entry_practice_id")
        ),
        sa.ForeignKeyConstraint(
            ["remit_line_id"], ["remit_line.id"], name=op.f("fk_entry_remit_line_id")
        ),
        sa.ForeignKeyConstraint(["reverses_id"], ["entry.id"], name=op.f("fk_entry_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("effect_key", name=op.f("uq_entry_effect_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_entry_reverses_id")),
    )
    op.create_index(op.f("ix_entry_remit_line_id"), "entry", ["remit_line_id"], unique=False)
    op.create_table(
        "refund",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("guarantor_id", sa.BigInteger(), nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=True),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=True),
        sa.Column("refunded_on", sa.Date(), nullable=False),
        sa.Column("practice_id", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_refund_cents_are_positive")),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_refund_encounter_id")
        ),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_refund_guarantor_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practice.id"], name=op.f("fk_refund_practice_id")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_refund_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("task_id", name=op.f("uq_refund_task_id")),
    )
    op.create_index(op.f("ix_refund_guarantor_id"), "refund", ["guarantor_id"], unique=False)
    op.create_table(
        "remit_adjustment",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("remit_line_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("segment", sa.BigInteger(), nullable=False),
        sa.Column("group_code", sa.Text(), nullable=False),
        sa.Column("carc", sa.Text(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["remit_line_id"], ["remit_line.id"], name=op.f("fk_remit_adjustment_remit_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remit_adjustment")),
        sa.UniqueConstraint(
            "remit_line_id", "ordinal", name=op.f("uq_remit_adjustment_remit_line_id_ordinal")
        ),
    )
    op.create_table(
        "task_log",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_log_task_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_task_log_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_log")),
    )
    op.create_index(op.f("ix_task_log_task_id"), "task_log", ["task_id"], unique=False)
    op.create_table(
        "wait",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("task_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("then_what", sa.Text(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "ended_by in ('answered', 'overdue', 'withdrawn')",
            name=op.f("ck_wait_ended_by_is_known"),
        ),
        sa.CheckConstraint(
            "kind in ('task', 'message', 'timer', 'batch', 'money', 'stay')",
            name=op.f("ck_wait_kind_is_known"),
        ),
        sa.CheckConstraint(
            "(ended_at is null) = (ended_by is null)", name=op.f("ck_wait_ends_for_a_reason")
        ),
        sa.CheckConstraint("until_at > since_at", name=op.f("ck_wait_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_wait_claim_id")),
        sa.ForeignKeyConstraint(["subject"], ["subject.key"], name=op.f("fk_wait_subject")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_wait_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wait")),
    )
    op.create_index(
        "ix_wait_open_subject",
        "wait",
        ["subject"],
        unique=False,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index(op.f("ix_wait_task_id"), "wait", ["task_id"], unique=False)
    op.create_table(
        "appeal_case_denial",
        sa.Column("appeal_case_id", sa.BigInteger(), nullable=False),
        sa.Column("denial_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appeal_case_id"],
            ["appeal_case.id"],
            name=op.f("fk_appeal_case_denial_appeal_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["denial_id"], ["denial.id"], name=op.f("fk_appeal_case_denial_denial_id")
        ),
        sa.PrimaryKeyConstraint("appeal_case_id", "denial_id", name=op.f("pk_appeal_case_denial")),
    )
    op.create_index(
        op.f("ix_appeal_case_denial_denial_id"), "appeal_case_denial", ["denial_id"], unique=False
    )
    op.create_table(
        "posting",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "account",
            sa.Enum(
                "revenue:charges",
                "revenue:capitation",
                "ar:insurance",
                "ar:patient",
                "ar:fees",
                "cash:bank",
                "cash:patient",
                "clearing",
                "adj:contractual",
                "adj:sequestration",
                "adj:capitation",
                "adj:bundled",
                "writeoff",
                "liability:unapplied",
                "liability:payer_offset",
                "liability:suspense",
                "income:interest",
                "income:nsf_fee",
                name="account",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("payer_id", sa.BigInteger(), nullable=True),
        sa.Column("patient_id", sa.BigInteger(), nullable=True),
        sa.Column("guarantor_id", sa.BigInteger(), nullable=True),
        sa.Column("encounter_id", sa.BigInteger(), nullable=True),
        sa.Column("charge_line_id", sa.BigInteger(), nullable=True),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("payer_reference", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(account = 'writeoff') = (reason is not null)",
            name=op.f("ck_posting_write_off_has_a_reason"),
        ),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_posting_moves_something")),
        sa.ForeignKeyConstraint(
            ["charge_line_id"], ["charge_line.id"], name=op.f("fk_posting_charge_line_id")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_posting_claim_id")),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_posting_encounter_id")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_posting_entry_id")),
        sa.ForeignKeyConstraint(
            ["guarantor_id"], ["guarantor.id"], name=op.f("fk_posting_guarantor_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_posting_patient_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payer.id"], name=op.f("fk_posting_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
    )
    op.create_index(op.f("ix_posting_account"), "posting", ["account"], unique=False)
    op.create_index(
        "ix_posting_charge_line_account", "posting", ["charge_line_id", "account"], unique=False
    )
    op.create_index(op.f("ix_posting_encounter_id"), "posting", ["encounter_id"], unique=False)
    op.create_index(op.f("ix_posting_entry_id"), "posting", ["entry_id"], unique=False)
    op.create_index(
        "ix_posting_guarantor_account", "posting", ["guarantor_id", "account"], unique=False
    )
    op.create_table(
        "write_off_request",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("denial_id", sa.BigInteger(), nullable=True),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("charge_line_id", sa.BigInteger(), nullable=True),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "medical_necessity",
                "no_authorization",
                "timely_filing",
                "bundled",
                "eligibility",
                "billing_error",
                "underpaid",
                "small_balance",
                "hardship",
                "bad_debt",
                "other",
                name="writeoffreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "side in ('insurance', 'patient')", name=op.f("ck_write_off_request_side_is_known")
        ),
        sa.CheckConstraint(
            "status in ('asked', 'refused', 'posted', 'withdrawn')",
            name=op.f("ck_write_off_request_status_is_known"),
        ),
        sa.CheckConstraint(
            "amount_cents > 0", name=op.f("ck_write_off_request_amount_is_positive")
        ),
        sa.CheckConstraint(
            "approved_by_id is null or approved_by_id <> asked_by_id",
            name=op.f("ck_write_off_request_approved_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["app_user.id"], name=op.f("fk_write_off_request_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["app_user.id"], name=op.f("fk_write_off_request_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["charge_line_id"], ["charge_line.id"], name=op.f("fk_write_off_request_charge_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_write_off_request_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["denial_id"], ["denial.id"], name=op.f("fk_write_off_request_denial_id")
        ),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_write_off_request_encounter_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_write_off_request_task_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_write_off_request")),
        sa.UniqueConstraint("denial_id", name=op.f("uq_write_off_request_denial_id")),
    )
    op.create_index(
        op.f("ix_write_off_request_encounter_id"),
        "write_off_request",
        ["encounter_id"],
        unique=False,
    )
