"""The discharge that ends a hospital stay, as somebody at a desk learns of it."""

import datetime as dt

from sqlalchemy.orm import Session

from casework import audit, news, stays, subjects
from casework.moment import Moment
from casework.refusals import Forbidden, Refused
from db.models import Encounter, User
from domain.tasks import Role

MAY_RECORD = (Role.FRONT_DESK, Role.BILLER, Role.SUPERVISOR)


def is_awaited(session: Session, encounter: Encounter) -> bool:
    """Whether it is an open visit of a stay of which nobody knows the end."""
    is_of_stay = encounter.stay_no is not None and encounter.stage.is_open
    return is_of_stay and stays.span(session, encounter)[1] is None


def record(session: Session, encounter: Encounter, on: dt.date, *, by: User, now: Moment) -> None:
    """After it no visit is waited for whose chart is not here. Raises `Refused` or `Forbidden`."""
    if by.role not in MAY_RECORD:
        raise Forbidden("Only the front desk, a biller or a supervisor records a discharge.")
    subject = subjects.lock(session, subjects.encounter_key(encounter))
    session.refresh(encounter)
    if not is_awaited(session, encounter):
        raise Refused.of("discharged_on", "Nothing waits for a discharge here any more.")
    last_on = stays.last_service_on(session, encounter)
    if not last_on <= on <= now.today:
        words = f"The discharge lies between the stay's last visit on {last_on} and today."
        raise Refused.of("discharged_on", words)
    encounter.discharged_on = on
    words = f"{by.full_name} recorded the discharge of {on}"
    news.tell(session, subject, "discharged", words, now, by)
    stays.wake_stay(session, encounter)
    audit.record(session, by, "recorded a discharge", "encounter", encounter.encounter_no)
