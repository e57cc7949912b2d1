"""A late charge from the form to the ledger, and to a claim of its own where that is wanted now."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import late_charges
from casework.late_charges import FacilityLate, Late
from casework.moment import Moment
from casework.steps import charges, claim_making
from db.models import ChargeLine, Encounter, User
from domain.corrections import LateCharging


def add(
    session: Session, encounter: Encounter, late: Late | FacilityLate, *, by: User, now: Moment
) -> ChargeLine:
    line = late_charges.add(session, encounter, late, by=by, now=now)
    charges.post_charges(session, encounter, now)
    if late.way is LateCharging.ALONE:
        beside = session.scalars(select(ChargeLine.id).where(ChargeLine.beside_id == line.id))
        claim_making.bill_late(session, encounter, {line.id, *beside}, now)
    return line
