"""A patient's coverage as a chart or a person tells it: what is known is not doubled, and a payer
that we do not know is settled by the front desk.
"""

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework.charted_patients import address_of, fill_name
from db.models import Coverage, Patient, Payer, Plan, Subscriber
from domain.intake import ChartedCoverage

UNKNOWN_PAYER_NO = "UNKNOWN"


def add(
    session: Session, patient: Patient, charted: ChartedCoverage, service_on: dt.date
) -> Coverage:
    """The patient's coverage as charted; one that is known is made to reach to the visit."""
    plan = _plan(session, charted)
    from_on = charted.from_on or service_on.replace(month=1, day=1)
    known = _known_coverage(session, patient, plan, charted, from_on)
    if known is not None:
        _widen(known, from_on, charted.to_on, service_on)
        known.second_because = charted.second_because or known.second_because
        if charted.subscriber and known.subscriber:
            fill_name(known.subscriber, charted.subscriber)
        return known
    made = Coverage(
        patient_id=patient.id,
        plan_id=plan.id,
        rank=charted.order,
        member_id=charted.member_id,
        group_number=charted.group_number,
        relationship_to_subscriber=charted.relationship,
        subscriber_id=_subscriber(session, patient, charted),
        valid_from=from_on,
        valid_to=charted.to_on,
        second_because=charted.second_because,
    )
    session.add(made)
    session.flush()
    return made


def _known_coverage(
    session: Session, patient: Patient, plan: Plan, charted: ChartedCoverage, from_on: dt.date
) -> Coverage | None:
    """A renewal after a gap, or for the next year, is a coverage of its own."""
    return session.scalar(
        select(Coverage)
        .where(
            Coverage.patient_id == patient.id,
            Coverage.plan_id == plan.id,
            Coverage.member_id == charted.member_id,
            Coverage.ended_because.is_(None),
        )
        .where(Coverage.valid_from <= (charted.to_on or dt.date.max))
        .where(or_(Coverage.valid_to.is_(None), Coverage.valid_to >= from_on))
        .order_by(Coverage.id)
        .limit(1)
    )


def _widen(known: Coverage, from_on: dt.date, to_on: dt.date | None, service_on: dt.date) -> None:
    """The same coverage is charted with other dates: it reaches at least to this visit."""
    if service_on < known.valid_from:
        known.valid_from = from_on
    if known.valid_to is not None and service_on > known.valid_to:
        known.valid_to = to_on


def _plan(session: Session, charted: ChartedCoverage) -> Plan:
    """The payer's plan; a payer that we do not know is settled by the front desk."""
    payer = session.scalar(select(Payer).where(Payer.payer_no == (charted.payer_id or "")))
    if payer is None:
        payer = session.scalars(select(Payer).where(Payer.payer_no == UNKNOWN_PAYER_NO)).one()
    name = charted.payer_name if payer.payer_no == UNKNOWN_PAYER_NO else payer.name
    plan = session.scalar(select(Plan).where(Plan.payer_id == payer.id, Plan.name == name))
    if plan is None:
        plan = Plan(payer_id=payer.id, name=name)
        session.add(plan)
        session.flush()
    return plan


def _subscriber(session: Session, patient: Patient, charted: ChartedCoverage) -> int | None:
    if charted.subscriber is None or charted.relationship == "self":
        return None
    person = Subscriber(
        last_name=charted.subscriber.last,
        first_name=charted.subscriber.first,
        middle_name=charted.subscriber.middle,
        name_suffix=charted.subscriber.suffix,
        birth_on=charted.subscriber.birth_on or patient.birth_on,
        gender=charted.subscriber.gender,
        address=address_of(charted.subscriber.address)
        if charted.subscriber.address
        else dict(patient.address),
    )
    session.add(person)
    session.flush()
    return person.id
