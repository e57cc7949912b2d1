"""What a payer agreed to pay: dated contracts and their terms per code."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id, Recorded, Tenant, words_of
from domain.claim_form import ClaimForm


class Contract(Tenant, Base):
    __tablename__ = "contract"

    id: Mapped[Id]
    payer_id: Mapped[int] = mapped_column(ForeignKey("payer.id"), index=True)
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date | None]
    recorded_at: Mapped[Recorded]


class ContractTerm(Base):
    __tablename__ = "contract_term"

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    form: Mapped[ClaimForm] = mapped_column(
        words_of(ClaimForm), primary_key=True, server_default="P"
    )
    # The procedure, or the revenue code of a facility's line without one.
    code: Mapped[str] = mapped_column(primary_key=True)
    allowed_cents: Mapped[int]
