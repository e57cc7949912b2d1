"""Claims of a facility: who bills for a department of a hospital, at which prices, by which form a
charge line and its claims go out, and what an encounter's facility claim says of the stay.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _forms()
    _places()
    _facts()


def _forms() -> None:
    """Everything there was before is professional."""
    for table in ("charge_line", "claim", "fee_schedule", "contract_term"):
        column = sa.Column("form", sa.String(length=40), server_default="P", nullable=False)
        op.add_column(table, column)
        op.create_check_constraint(op.f(f"ck_{table}_claimform"), table, "form in ('P', 'I')")
    op.add_column("charge_line", sa.Column("revenue_code", sa.Text(), nullable=True))
    op.add_column("charge_line", sa.Column("beside_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_charge_line_beside_id"), "charge_line", "charge_line", ["beside_id"], ["id"]
    )
    op.create_unique_constraint(op.f("uq_charge_line_beside_id"), "charge_line", ["beside_id"])
    op.create_check_constraint(
        op.f("ck_charge_line_facility_has_revenue_code"),
        "charge_line",
        "(form = 'I') = (revenue_code is not null)",
    )
    op.create_check_constraint(
        op.f("ck_charge_line_facility_stands_beside"),
        "charge_line",
        "form = 'I' or beside_id is null",
    )
    op.drop_constraint("uq_charge_line_encounter_id_ordinal", "charge_line")
    op.create_unique_constraint(
        op.f("uq_charge_line_encounter_id_form_ordinal"),
        "charge_line",
        ["encounter_id", "form", "ordinal"],
    )
    op.add_column("fee_schedule_item", sa.Column("revenue_code", sa.Text(), nullable=True))
    op.drop_constraint("pk_contract_term", "contract_term")
    op.create_primary_key("pk_contract_term", "contract_term", ["contract_id", "form", "code"])
    op.add_column(
        "payer",
        sa.Column("takes_institutional_7", sa.Boolean(), server_default="true", nullable=False),
    )


def _places() -> None:
    op.add_column("location", sa.Column("facility_id", sa.BigInteger(), nullable=True))
    op.add_column("location", sa.Column("type_of_bill", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_location_facility_id"), "location", "billing_entity", ["facility_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_location_provider_based_has_type_of_bill"),
        "location",
        "(facility_id is null) = (type_of_bill is null)",
    )
    op.create_check_constraint(
        op.f("ck_location_type_of_bill_is_two_digits"), "location", "type_of_bill ~ '^[1-9][1-9]$'"
    )


def _facts() -> None:
    rows = postgresql.JSONB(astext_type=sa.Text())

    def codes(name: str) -> sa.Column[object]:
        return sa.Column(name, rows, server_default="[]", nullable=False)

    op.create_table(
        "facility_facts",
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("type_of_bill", sa.Text(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("admitted_on", sa.Date(), nullable=True),
        sa.Column("admitted_hour", sa.BigInteger(), nullable=True),
        sa.Column("discharged_hour", sa.BigInteger(), nullable=True),
        sa.Column("priority", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("patient_status", sa.Text(), nullable=True),
        sa.Column("admitting_diagnosis", sa.Text(), nullable=True),
        codes("charges"),
        codes("visit_reasons"),
        sa.Column("on_admission", rows, server_default="{}", nullable=False),
        codes("procedures"),
        codes("occurrences"),
        codes("spans"),
        codes("value_codes"),
        codes("condition_codes"),
        sa.Column("attending_id", sa.BigInteger(), nullable=True),
        sa.Column("operating_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "admitted_hour between 0 and 23", name=op.f("ck_facility_facts_admitted_hour_is_hour")
        ),
        sa.CheckConstraint(
            "discharged_hour between 0 and 23",
            name=op.f("ck_facility_facts_discharged_hour_is_hour"),
        ),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_facility_facts_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["attending_id"], ["provider.id"], name=op.f("fk_facility_facts_attending_id")
        ),
        sa.ForeignKeyConstraint(
            ["encounter_id"], ["encounter.id"], name=op.f("fk_facility_facts_encounter_id")
        ),
        sa.ForeignKeyConstraint(
            ["operating_id"], ["provider.id"], name=op.f("fk_facility_facts_operating_id")
        ),
        sa.PrimaryKeyConstraint("encounter_id", name=op.f("pk_facility_facts")),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON facility_facts TO claimflow_web, claimflow_worker")
