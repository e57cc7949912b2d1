"""Payers, plans and coverages: who may be asked to pay, through which channel, and for whom."""

import datetime as dt
from typing import assert_never

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Id, Json, Recorded, Tenant, known, words_of
from db.models.people import Subscriber
from domain.claim_form import ClaimForm
from domain.corrections import Instead
from domain.medicare import SecondBecause


class Payer(Tenant, Base):
    __tablename__ = "payer"
    __table_args__ = (
        known("professional_instead", *Instead),
        known("institutional_instead", *Instead),
    )

    id: Mapped[Id]
    payer_no: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    filing_code: Mapped[str]
    # The rule about frequency 7 and 8 is one for each form: part B of Medicare takes no replacement
    # of a professional claim, part A takes one of a facility's.
    takes_frequency_7: Mapped[bool]
    takes_institutional_7: Mapped[bool] = mapped_column(server_default="true")
    # Whether a facility's late charges go to it on a bill of their own (frequency 5).
    takes_late_charges: Mapped[bool] = mapped_column(server_default="true")
    # What it gets where it takes none, by form.
    professional_instead: Mapped[str] = mapped_column(String(40), server_default=Instead.NEW_CLAIM)
    institutional_instead: Mapped[str] = mapped_column(String(40), server_default=Instead.NEW_CLAIM)
    # Wants the visits of one hospital stay on one claim.
    takes_stays_whole: Mapped[bool] = mapped_column(server_default="false")
    appeal_levels: Mapped[int]
    appeal_days: Mapped[int]
    decision_days: Mapped[int]
    timely_days: Mapped[int]
    hears_timely_filing: Mapped[bool]
    usual_days: Mapped[int]
    is_payment_in_full: Mapped[bool]
    crosses_over_to_id: Mapped[int | None] = mapped_column(ForeignKey("payer.id"))
    address: Mapped[Json]

    def instead_of_replacement(self, form: ClaimForm) -> Instead:
        """What it gets on this form where it takes no replacement."""
        match form:
            case ClaimForm.PROFESSIONAL:
                return Instead(self.professional_instead)
            case ClaimForm.INSTITUTIONAL:
                return Instead(self.institutional_instead)
            case _:
                assert_never(form)

    def late_charges_join(self, form: ClaimForm) -> bool:
        """Whether late charges on this form reach it on a replacement alone."""
        is_facilitys = form is ClaimForm.INSTITUTIONAL
        return is_facilitys and not self.takes_late_charges and self.takes_institutional_7

    def takes_replacement(self, form: ClaimForm) -> bool:
        match form:
            case ClaimForm.PROFESSIONAL:
                return self.takes_frequency_7
            case ClaimForm.INSTITUTIONAL:
                return self.takes_institutional_7
            case _:
                assert_never(form)


class PayerAlias(Base):
    """The other names a payer goes by: remitter ids (TRN03), group sender ids, printed names."""

    __tablename__ = "payer_alias"

    alias: Mapped[str] = mapped_column(primary_key=True)
    payer_id: Mapped[int] = mapped_column(ForeignKey("payer.id"), index=True)


class PayerRoute(Base):
    __tablename__ = "payer_route"
    __table_args__ = (
        UniqueConstraint("payer_id", "transaction_kind"),
        CheckConstraint("channel in ('edi', 'paper', 'portal')", name="channel_is_known"),
    )

    id: Mapped[Id]
    payer_id: Mapped[int] = mapped_column(ForeignKey("payer.id"))
    transaction_kind: Mapped[str]
    channel: Mapped[str]
    route: Mapped[str]


class Plan(Tenant, Base):
    __tablename__ = "plan"

    id: Mapped[Id]
    payer_id: Mapped[int] = mapped_column(ForeignKey("payer.id"), index=True)
    name: Mapped[str]
    payer: Mapped[Payer] = relationship()


class Coverage(Tenant, Base):
    __tablename__ = "coverage"

    id: Mapped[Id]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    rank: Mapped[int]
    member_id: Mapped[str]
    group_number: Mapped[str | None]
    relationship_to_subscriber: Mapped[str]
    subscriber_id: Mapped[int | None] = mapped_column(ForeignKey("subscriber.id"))
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
    recorded_at: Mapped[Recorded]
    ended_because: Mapped[str | None]
    # Of Medicare alone: why another payer comes before it.
    second_because: Mapped[SecondBecause | None] = mapped_column(words_of(SecondBecause))
    plan: Mapped[Plan] = relationship()
    subscriber: Mapped[Subscriber | None] = relationship()


class EligibilityCheck(Base):
    """One 270 and what came of it; TRN02 is `E` + id."""

    __tablename__ = "eligibility_check"

    id: Mapped[Id]
    encounter_id: Mapped[int] = mapped_column(ForeignKey("encounter.id"), index=True)
    coverage_id: Mapped[int] = mapped_column(ForeignKey("coverage.id"))
    attempt: Mapped[int]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    asked_at: Mapped[dt.datetime]
    answered_at: Mapped[dt.datetime | None]
    outcome: Mapped[str | None]
    words: Mapped[str | None]
    raw_file_id: Mapped[int | None] = mapped_column(ForeignKey("raw_file.id"))
    coverage: Mapped[Coverage] = relationship()

    __table_args__ = (UniqueConstraint("encounter_id", "coverage_id", "attempt"),)
