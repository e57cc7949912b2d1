"""The practice itself: who bills, where, through whom, and at what price."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Id, Json, Recorded, Tenant, words_of
from domain.claim_form import ClaimForm


class Practice(Base):
    __tablename__ = "practice"

    id: Mapped[Id]
    name: Mapped[str]
    time_zone: Mapped[str] = mapped_column(server_default="America/Chicago")


class Setting(Base):
    """A practice's choice, changed by an administrator and read by the steps."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Json]


class OrgUnit(Tenant, Base):
    __tablename__ = "org_unit"

    id: Mapped[Id]
    name: Mapped[str]


class Location(Tenant, Base):
    """Where patients are seen. A provider-based one is a department of a hospital: a facility bills
    for it beside the practice, on a form of its own.
    """

    __tablename__ = "location"
    __table_args__ = (
        CheckConstraint(
            "(facility_id is null) = (type_of_bill is null)",
            name="provider_based_has_type_of_bill",
        ),
        CheckConstraint("type_of_bill ~ '^[1-9][1-9]$'", name="type_of_bill_is_two_digits"),
        CheckConstraint(
            "facility_id is not null or (facility_from is null and facility_to is null)",
            name="facility_days_are_of_a_facility",
        ),
        CheckConstraint("facility_to >= facility_from", name="facility_ends_after_it_begins"),
        CheckConstraint("clia_number ~ '^[0-9]{2}D[0-9]{7}$'", name="clia_number_has_its_shape"),
    )

    id: Mapped[Id]
    org_unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"))
    name: Mapped[str]
    npi: Mapped[str | None]
    place_of_service: Mapped[str]
    address: Mapped[Json]
    # Who bills for the place itself, and the first two digits of its type of bill.
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("billing_entity.id"))
    type_of_bill: Mapped[str | None]
    # For visits of these days, where it was not always so or will not be.
    facility_from: Mapped[dt.date | None]
    facility_to: Mapped[dt.date | None]
    facility: Mapped["BillingEntity | None"] = relationship()
    # Of its laboratory, where it has one: on the line of every laboratory test done here.
    clia_number: Mapped[str | None]


class BillingEntity(Tenant, Base):
    __tablename__ = "billing_entity"

    id: Mapped[Id]
    name: Mapped[str]
    npi: Mapped[str] = mapped_column(unique=True)
    tax_id: Mapped[str]
    taxonomy: Mapped[str]
    address: Mapped[Json]
    # Where payers send money, when that is another place than the street: a post box.
    pay_to: Mapped[Json | None]
    contact_name: Mapped[str]
    phone: Mapped[str]


class Provider(Tenant, Base):
    __tablename__ = "provider"

    id: Mapped[Id]
    npi: Mapped[str] = mapped_column(unique=True)
    last_name: Mapped[str]
    first_name: Mapped[str]
    taxonomy: Mapped[str]
    title: Mapped[str]


class FeeSchedule(Tenant, Base):
    """A version of our prices; the one in force on the date of service prices a charge line."""

    __tablename__ = "fee_schedule"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[Id]
    name: Mapped[str]
    version: Mapped[int]
    form: Mapped[ClaimForm] = mapped_column(words_of(ClaimForm), server_default="P")
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
    recorded_at: Mapped[Recorded]


class FeeScheduleItem(Base):
    """The price of a procedure; in a facility's schedule also of a revenue code without one."""

    __tablename__ = "fee_schedule_item"
    __table_args__ = (CheckConstraint("price_cents > 0", name="price_is_positive"),)

    fee_schedule_id: Mapped[int] = mapped_column(ForeignKey("fee_schedule.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str]
    price_cents: Mapped[int]
    # A facility's items alone.
    revenue_code: Mapped[str | None]
