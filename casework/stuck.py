"""What a supervisor does with a subject that stands still."""

from sqlalchemy.orm import Session

from casework import audit, subjects
from casework.moment import Moment
from casework.refusals import Forbidden
from db.models import Incident, User
from domain.tasks import Role


def retry(session: Session, subject: str, by: User, now: Moment, because: str = "") -> None:
    """Have its workflow look again now. What it has done already it does not do twice."""
    if by.role is not Role.SUPERVISOR:
        raise Forbidden("Only a supervisor asks for another try.")
    incident = session.get(Incident, subject)
    if incident is not None:
        incident.retried_by_id = by.id
    why = f": {because.strip()}" if because.strip() else ""
    subjects.tell(session, subject, "retry", f"{by.full_name} asked to look again{why}", now, by)
    audit.record(session, by, "retried", "subject", subject)
