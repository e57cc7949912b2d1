"""From when until when a facility bills for a location."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("facility_from", "facility_to"):
        op.add_column("location", sa.Column(name, sa.Date(), nullable=True))
    op.create_check_constraint(
        op.f("ck_location_facility_days_are_of_a_facility"),
        "location",
        "facility_id is not null or (facility_from is null and facility_to is null)",
    )
    op.create_check_constraint(
        op.f("ck_location_facility_ends_after_it_begins"),
        "location",
        "facility_to >= facility_from",
    )
