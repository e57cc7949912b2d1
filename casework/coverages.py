"""Which coverages count on a day, in the order in which their payers are asked to pay."""

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.models import Claim, Coverage, Encounter, Payer, PayerRoute


def in_order(session: Session, patient_id: int, on: dt.date) -> list[Coverage]:
    """The patient's coverages in force on a day: first the one that pays first."""
    return list(
        session.scalars(
            select(Coverage)
            .where(Coverage.patient_id == patient_id, Coverage.ended_because.is_(None))
            .where(Coverage.valid_from <= on)
            .where(or_(Coverage.valid_to.is_(None), Coverage.valid_to >= on))
            .order_by(Coverage.rank, Coverage.id)
        )
    )


def of_encounter(session: Session, encounter: Encounter) -> list[Coverage]:
    return in_order(session, encounter.patient_id, encounter.service_on)


def after(session: Session, claim: Claim) -> Coverage | None:
    """The coverage to which what this claim's payer leaves over goes next."""
    following = [
        coverage
        for coverage in of_encounter(session, claim.encounter)
        if coverage.rank > claim.coverage.rank
    ]
    return following[0] if following else None


def others(session: Session, claim: Claim) -> list[Coverage]:
    """The coverages whose payer has not had a claim for this encounter yet."""
    asked = set(
        session.scalars(select(Claim.coverage_id).where(Claim.encounter_id == claim.encounter_id))
    )
    return [c for c in of_encounter(session, claim.encounter) if c.id not in asked]


def route(session: Session, payer: Payer, transaction_kind: str) -> PayerRoute | None:
    """How a payer takes this kind of transaction set; None when it does not take it."""
    return session.scalar(
        select(PayerRoute).where(
            PayerRoute.payer_id == payer.id, PayerRoute.transaction_kind == transaction_kind
        )
    )
