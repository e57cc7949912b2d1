"""News of a subject: told in its journal, its nearest deadline kept, and its workflow woken."""

from sqlalchemy.orm import Session

from casework import stays, subjects, waits
from casework.moment import Moment
from db.models import Claim, Subject, User


def tell(
    session: Session, subject: Subject, step: str, words: str, now: Moment, by: User | None = None
) -> None:
    """What happened to a locked subject, after its waits were begun or ended."""
    subjects.record(session, subject, step, words, now, by)
    waits.set_due(session, subject)
    subjects.wake(session, subject.key)


def tell_claim(session: Session, claim: Claim, step: str, words: str, now: Moment) -> None:
    """The same of a claim: its encounter is the subject."""
    subject = subjects.lock(session, subjects.encounter_key(claim.encounter))
    tell(session, subject, step, words, now)
    stays.wake_others(session, claim)
