"""Which coverages count on a day, in the order in which their payers are asked to pay."""

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.models import Claim, ClaimLine, Coverage, Denial, Encounter, Payer, PayerRoute
from db.queries.claim_visits import bills
from domain.denials import PAYS_LATER, DenialRoute
from domain.encounter import CLAIM_CANCELLED


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
    """A payer that has said another pays before it stands behind all others."""
    later = _pay_later(session, encounter)
    covered = in_order(session, encounter.patient_id, encounter.service_on)
    return sorted(covered, key=lambda coverage: coverage.id in later)


def after(session: Session, claim: Claim) -> Coverage | None:
    """The coverage to which what this claim's payer leaves over goes next."""
    return next(iter(following(session, claim)), None)


def following(session: Session, claim: Claim) -> list[Coverage]:
    """Those whose payers are asked after this claim's, in their order."""
    later = _pay_later(session, claim.encounter)

    def place(coverage: Coverage) -> tuple[bool, int]:
        return coverage.id in later, coverage.rank

    return [
        coverage
        for coverage in of_encounter(session, claim.encounter)
        if place(coverage) > place(claim.coverage)
    ]


def others(session: Session, claim: Claim, charge_line_id: int) -> list[Coverage]:
    """The coverages whose payer no claim has asked for this line of the claim yet."""
    carrying = (
        select(Claim.coverage_id)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(ClaimLine.charge_line_id == charge_line_id)
        .where(Claim.outcome.is_distinct_from(CLAIM_CANCELLED))
    )
    asked = set(session.scalars(carrying))
    return [c for c in of_encounter(session, claim.encounter) if c.id not in asked]


def _pay_later(session: Session, encounter: Encounter) -> set[int]:
    """Coverages whose payer refused to be first, and from whom a person moved the bill on."""
    refused = (
        select(Claim.coverage_id)
        .join(Denial, Denial.claim_id == Claim.id)
        .where(bills(encounter.id))
        .where(Denial.carc.in_(PAYS_LATER), Denial.route == DenialRoute.NEXT_PAYER)
    )
    return set(session.scalars(refused))


def route(session: Session, payer: Payer, transaction_kind: str) -> PayerRoute | None:
    """How a payer takes this kind of transaction set; None when it does not take it."""
    return session.scalar(
        select(PayerRoute).where(
            PayerRoute.payer_id == payer.id, PayerRoute.transaction_kind == transaction_kind
        )
    )
