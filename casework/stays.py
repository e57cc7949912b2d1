"""The visits of one hospital stay, which some payers want on one claim: whom a claim bills.

The visit with the lowest number leads: it makes the claim, and whatever the payer says of that is
the leader's work. A leader locks the visits after it, and no visit locks one before it, so that
the order of keys is kept.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from casework import subjects
from db.models import Claim, Encounter
from db.queries.claim_visits import is_billed_by
from domain.encounter import EncounterClass, Stage

# The step that tells a visit that the claim it stood on was unmade, because another was cancelled.
UNBUNDLED = "unbundled"


def visits(session: Session, claim: Claim) -> Sequence[Encounter]:
    """The encounters that a claim bills, in the order of their numbers: the leader first."""
    if claim.encounter.stay_no is None:
        return [claim.encounter]
    billed = select(Encounter).where(is_billed_by(claim.id))
    return session.scalars(billed.order_by(Encounter.encounter_no)).all()


def others(session: Session, claim: Claim) -> list[Encounter]:
    """The encounters that a claim bills beside the one that leads it."""
    return [each for each in visits(session, claim) if each.id != claim.encounter_id]


def lock_others(session: Session, claim: Claim) -> list[Encounter]:
    """The same, locked. The caller holds the leader's lock."""
    locked = others(session, claim)
    for encounter in locked:
        subjects.lock(session, subjects.encounter_key(encounter))
        session.refresh(encounter)
    return locked


def wake_others(session: Session, claim: Claim) -> None:
    for encounter in others(session, claim):
        subjects.wake(session, subjects.encounter_key(encounter))


def wake_stay(session: Session, encounter: Encounter) -> None:
    """The other open visits of the stay may wait for what this one has just done."""
    if encounter.stay_no is None:
        return
    others_of_it = select(Encounter).where(*open_of_stay(encounter))
    for other in session.scalars(others_of_it):
        subjects.wake(session, subjects.encounter_key(other))


def last_service_on(session: Session, encounter: Encounter) -> dt.date:
    """The day of the latest visit of its stay."""
    return max(each.service_on for each in _whole(session, encounter))


def span(session: Session, encounter: Encounter) -> tuple[dt.date | None, dt.date | None]:
    """When the stay began and ended, by all its visits that we know; outside a hospital never."""
    if encounter.encounter_class is not EncounterClass.INPATIENT:
        return None, None
    whole = _whole(session, encounter)
    ends = [each.discharged_on for each in whole if each.discharged_on]
    return min(each.service_on for each in whole), max(ends, default=None)


def _whole(session: Session, encounter: Encounter) -> Sequence[Encounter]:
    """The encounter and every visit of its stay that took place."""
    if encounter.stay_no is None:
        return [encounter]
    took_place = Encounter.stage != Stage.CANCELLED
    return session.scalars(select(Encounter).where(*_of_stay(encounter), took_place)).all() or [
        encounter
    ]


def open_of_stay(encounter: Encounter) -> tuple[ColumnElement[bool], ...]:
    """The other visits that are neither closed nor cancelled."""
    return (
        *_of_stay(encounter),
        Encounter.id != encounter.id,
        Encounter.stage.not_in([Stage.CLOSED, Stage.CANCELLED]),
    )


def _of_stay(encounter: Encounter) -> tuple[ColumnElement[bool], ...]:
    return (
        Encounter.patient_id == encounter.patient_id,
        Encounter.stay_no == encounter.stay_no,
        Encounter.encounter_class == EncounterClass.INPATIENT,
    )
