"""A late charge from the form to the ledger, and to the claim that asks for it now, if one can."""

from sqlalchemy.orm import Session

from casework import late_charges, late_joining
from casework.late_charges import Late
from casework.late_facility_charges import FacilityLate
from casework.moment import Moment
from casework.steps import charges, claim_making
from db.models import ChargeLine, Encounter, User
from domain.corrections import LateCharging


def add(
    session: Session, encounter: Encounter, late: Late | FacilityLate, *, by: User, now: Moment
) -> tuple[ChargeLine, ...]:
    """The line, and the facility's beside it. What no claim can ask for now waits for its payer's
    decision: then the billing plan asks."""
    lines = late_charges.add(session, encounter, late, by=by, now=now)
    charges.post_charges(session, encounter, now)
    late_joining.into_unsent(session, encounter, lines)
    late_joining.join(session, encounter, now)
    if late.way is LateCharging.ALONE:
        claim_making.bill_late(session, encounter, {line.id for line in lines}, now)
    return lines
