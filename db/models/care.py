"""Encounters, their documents, codes and charge lines. The charge line is the money's atom."""

import datetime as dt
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Id, Recorded, Tenant, words_of
from db.models.coverage import Payer
from db.models.people import Guarantor, Patient
from db.models.practice import Location, Provider
from domain.claim_form import ClaimForm
from domain.encounter import CodingStatus, EncounterClass, Stage


class Encounter(Tenant, Base):
    __tablename__ = "encounter"
    __table_args__ = (
        CheckConstraint(
            "(stage in ('closed', 'cancelled')) = (ended_at is not null)",
            name="ended_when_not_open",
        ),
    )

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    encounter_no: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    source_key: Mapped[str] = mapped_column(unique=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    guarantor_id: Mapped[int] = mapped_column(ForeignKey("guarantor.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    encounter_class: Mapped[EncounterClass] = mapped_column(words_of(EncounterClass))
    place_of_service: Mapped[str]
    service_on: Mapped[dt.date]
    discharged_on: Mapped[dt.date | None]
    # The hospital's name for the stay that this visit was part of; one patient's visits share it.
    stay_no: Mapped[str | None]
    stage: Mapped[Stage] = mapped_column(words_of(Stage), index=True)
    coding_status: Mapped[CodingStatus] = mapped_column(words_of(CodingStatus))
    has_charted_codes: Mapped[bool]
    registered_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    recorded_at: Mapped[Recorded]
    patient: Mapped[Patient] = relationship()
    guarantor: Mapped[Guarantor] = relationship()
    provider: Mapped[Provider] = relationship()
    location: Mapped[Location] = relationship()
    charge_lines: Mapped[list["ChargeLine"]] = relationship(
        back_populates="encounter", order_by="ChargeLine.form.desc(), ChargeLine.ordinal"
    )
    diagnoses: Mapped[list["Diagnosis"]] = relationship(order_by="Diagnosis.rank")

    @property
    def coded_lines(self) -> list["ChargeLine"]:
        """Those that a coder codes; a facility's lines follow from them."""
        return [line for line in self.charge_lines if line.form is ClaimForm.PROFESSIONAL]


class Document(Tenant, Base):
    """A note, a letter, a PDF: kept whole, found by its hash."""

    __tablename__ = "document"

    id: Mapped[Id]
    uuid: Mapped[UUID] = mapped_column(unique=True, server_default=func.gen_random_uuid())
    encounter_id: Mapped[int | None] = mapped_column(ForeignKey("encounter.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    mime: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    author: Mapped[str | None]
    signed_at: Mapped[dt.datetime | None]
    received_at: Mapped[dt.datetime]
    recorded_at: Mapped[Recorded]


class Diagnosis(Base):
    __tablename__ = "diagnosis"
    __table_args__ = (UniqueConstraint("encounter_id", "rank"),)

    id: Mapped[Id]
    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounter.id"))
    rank: Mapped[int]
    code: Mapped[str]
    span_start: Mapped[int | None]
    span_end: Mapped[int | None]


class CodingSession(Base):
    """Who coded an encounter, when, and what it held before: one row per answer."""

    __tablename__ = "coding_session"
    __table_args__ = (UniqueConstraint("encounter_id", "version"),)

    id: Mapped[Id]
    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounter.id"))
    version: Mapped[int]
    coder_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    coded_at: Mapped[dt.datetime]
    words: Mapped[str]


class ProviderQuery(Base):
    __tablename__ = "provider_query"

    id: Mapped[Id]
    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounter.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    question: Mapped[str]
    asked_at: Mapped[dt.datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[dt.datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))


class ChargeLine(Base):
    __tablename__ = "charge_line"
    __table_args__ = (
        UniqueConstraint("encounter_id", "form", "ordinal"),
        CheckConstraint(
            "(form = 'I') = (revenue_code is not null)", name="facility_has_revenue_code"
        ),
        CheckConstraint("form = 'I' or beside_id is null", name="facility_stands_beside"),
        CheckConstraint("units > 0", name="has_units"),
        CheckConstraint("charge_cents is null or charge_cents >= 0", name="charge_not_negative"),
        Index("ix_charge_line_encounter", "encounter_id"),
    )

    id: Mapped[Id]
    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounter.id"))
    # A facility's line has the ordinal of the coded line that it stands beside, if it does.
    form: Mapped[ClaimForm] = mapped_column(words_of(ClaimForm), server_default="P")
    ordinal: Mapped[int]
    beside_id: Mapped[int | None] = mapped_column(ForeignKey("charge_line.id"), unique=True)
    revenue_code: Mapped[str | None]
    # Empty where a facility's line is told by its revenue code alone.
    code: Mapped[str]
    modifiers: Mapped[list[str]]
    units: Mapped[int]
    pointers: Mapped[list[int]]
    service_on: Mapped[dt.date]
    charge_cents: Mapped[int | None]
    fee_schedule_id: Mapped[int | None] = mapped_column(ForeignKey("fee_schedule.id"))
    is_void: Mapped[bool] = mapped_column(server_default="false")
    # Whose receivable the unpaid insurance part of this line is now; null = nobody's yet, or the
    # patient's.
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"))
    encounter: Mapped[Encounter] = relationship(back_populates="charge_lines")
    payer: Mapped[Payer | None] = relationship()

    @property
    def price_code(self) -> str:
        """Under what it stands in fee schedules and contracts."""
        return self.code or self.revenue_code or ""
