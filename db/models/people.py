"""Patients, and who answers for their bills. Three different parties, never merged into one."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Id, Json, Recorded, Tenant


class Guarantor(Tenant, Base):
    __tablename__ = "guarantor"

    id: Mapped[Id]
    account_no: Mapped[str] = mapped_column(unique=True)
    last_name: Mapped[str]
    first_name: Mapped[str]
    address: Mapped[Json]


class Patient(Tenant, Base):
    __tablename__ = "patient"

    id: Mapped[Id]
    mrn: Mapped[str] = mapped_column(unique=True)
    last_name: Mapped[str]
    first_name: Mapped[str]
    middle_name: Mapped[str | None]
    name_suffix: Mapped[str | None]
    birth_on: Mapped[dt.date]
    gender: Mapped[str]
    address: Mapped[Json]
    phone: Mapped[str | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    recorded_at: Mapped[Recorded]

    @property
    def full_name(self) -> str:
        """As a letter names the patient."""
        parts = (self.first_name, self.middle_name, self.last_name, self.name_suffix)
        return " ".join(part for part in parts if part)


class Guarantorship(Base):
    __tablename__ = "guarantorship"

    id: Mapped[Id]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    guarantor_id: Mapped[int] = mapped_column(ForeignKey("guarantor.id"), index=True)
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
    reason: Mapped[str]
    guarantor: Mapped[Guarantor] = relationship()


class Subscriber(Tenant, Base):
    """Whose plan a coverage is, when that is not the patient."""

    __tablename__ = "subscriber"

    id: Mapped[Id]
    last_name: Mapped[str]
    first_name: Mapped[str]
    middle_name: Mapped[str | None]
    name_suffix: Mapped[str | None]
    birth_on: Mapped[dt.date]
    gender: Mapped[str]
    address: Mapped[Json]
