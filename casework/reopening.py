"""An encounter comes back to an earlier stage: money moves on it again, or is asked about."""

from sqlalchemy.orm import Session

from casework import subjects, waits
from casework.moment import Moment
from db.models import Encounter, Subject
from domain.encounter import Stage


def reopen(session: Session, encounter: Encounter, stage: Stage, now: Moment) -> Subject:
    """Its workflow is wanted again; whatever the encounter as a whole waited for is over."""
    encounter.stage = stage
    encounter.ended_at = None
    key = subjects.encounter_key(encounter)
    waits.withdrawn(session, key, now, claim_id=None)
    return subjects.ensure(session, key, now)
