"""What a facility's claim says of an encounter beside codes and charges."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Json
from db.models.practice import Provider


class FacilityFacts(Base):
    """Only what a person has said; what is None or empty is derived (`casework.facility_facts`)."""

    __tablename__ = "facility_facts"
    __table_args__ = (
        CheckConstraint("admitted_hour between 0 and 23", name="admitted_hour_is_hour"),
        CheckConstraint("discharged_hour between 0 and 23", name="discharged_hour_is_hour"),
        CheckConstraint("to_on >= from_on", name="ends_after_it_begins"),
    )

    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounter.id"), primary_key=True)
    type_of_bill: Mapped[str | None]
    from_on: Mapped[dt.date | None]
    to_on: Mapped[dt.date | None]
    admitted_on: Mapped[dt.date | None]
    admitted_hour: Mapped[int | None]
    discharged_hour: Mapped[int | None]
    priority: Mapped[str | None]
    source: Mapped[str | None]
    patient_status: Mapped[str | None]
    admitting_diagnosis: Mapped[str | None]
    # What is charged without a coded service beside it, such as room and board: revenue code,
    # units, first day, and a procedure where it has one.
    charges: Mapped[list[str]] = mapped_column(server_default="[]")
    visit_reasons: Mapped[list[str]] = mapped_column(server_default="[]")
    # What was present on admission, by the diagnosis's code: Y, N, U or W.
    on_admission: Mapped[Json] = mapped_column(server_default="{}")
    # Rows as they are typed: code and day (procedures, occurrences), code, from and to (spans),
    # code and amount (value codes).
    procedures: Mapped[list[str]] = mapped_column(server_default="[]")
    occurrences: Mapped[list[str]] = mapped_column(server_default="[]")
    spans: Mapped[list[str]] = mapped_column(server_default="[]")
    value_codes: Mapped[list[str]] = mapped_column(server_default="[]")
    condition_codes: Mapped[list[str]] = mapped_column(server_default="[]")
    # What from outside brought it about, beside what the coder has coded: `W19.XXXA Y`.
    external_causes: Mapped[list[str]] = mapped_column(server_default="[]")
    treatment_codes: Mapped[list[str]] = mapped_column(server_default="[]")
    attending_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    operating_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    other_operating_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"))
    changed_at: Mapped[dt.datetime]
    attending: Mapped[Provider | None] = relationship(foreign_keys=[attending_id])
    operating: Mapped[Provider | None] = relationship(foreign_keys=[operating_id])
    other_operating: Mapped[Provider | None] = relationship(foreign_keys=[other_operating_id])
