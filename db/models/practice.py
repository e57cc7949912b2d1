"""The practice itself: who bills, where, through whom, and at what price."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id, Json, Recorded, Tenant


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
    __tablename__ = "location"

    id: Mapped[Id]
    org_unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"))
    name: Mapped[str]
    npi: Mapped[str | None]
    place_of_service: Mapped[str]
    address: Mapped[Json]


class BillingEntity(Tenant, Base):
    __tablename__ = "billing_entity"

    id: Mapped[Id]
    name: Mapped[str]
    npi: Mapped[str] = mapped_column(unique=True)
    tax_id: Mapped[str]
    taxonomy: Mapped[str]
    address: Mapped[Json]
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
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
    recorded_at: Mapped[Recorded]


class FeeScheduleItem(Base):
    __tablename__ = "fee_schedule_item"
    __table_args__ = (CheckConstraint("price_cents > 0", name="price_is_positive"),)

    fee_schedule_id: Mapped[int] = mapped_column(ForeignKey("fee_schedule.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str]
    price_cents: Mapped[int]
