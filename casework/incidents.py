"""A step that keeps failing becomes an incident in words: what the supervisor's stuck list
shows.
"""

import structlog
from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from casework import subjects
from casework.moment import Moment, moment
from db.models import Incident
from domain.steps import StepRequest

log = structlog.get_logger()


def open_or_count(
    sessions: sessionmaker[Session], request: StepRequest, failure: Exception
) -> None:
    """Keep what failed and how often. Never raises: the failure itself matters more."""
    step = str(request.step or "look")
    log.warning("step failed", subject=request.subject, step=step, error=_kind(failure))
    try:
        with sessions.begin() as session:
            session.execute(
                insert(Incident)
                .values(subject=request.subject, step=step, words=_words(failure, step), failures=1)
                .on_conflict_do_update(
                    index_elements=["subject"],
                    set_={
                        "step": step,
                        "words": _words(failure, step),
                        "failures": Incident.failures + 1,
                        "last_at": func.clock_timestamp(),
                    },
                )
            )
    except SQLAlchemyError:
        log.warning("incident not kept", subject=request.subject)


def begin_outage(sessions: sessionmaker[Session], part: str, words: str) -> None:
    """Something that everything needs does not answer: shown once, until `end_outage`."""
    with sessions.begin() as session:
        say(session, part, words, moment(session))


def say(session: Session, part: str, words: str, now: Moment) -> None:
    """In the caller's transaction: begin an outage, or say of the present one what is true now."""
    key = outage_key(part)
    subjects.touch(session, key, now, is_open=False)
    session.execute(
        insert(Incident)
        .values(subject=key, step=part, words=words, failures=1)
        .on_conflict_do_update(index_elements=["subject"], set_={"words": words})
    )


def end(session: Session, part: str) -> None:
    session.execute(delete(Incident).where(Incident.subject == outage_key(part)))


def end_outage(sessions: sessionmaker[Session], part: str) -> None:
    close(sessions, outage_key(part))


def outage_key(part: str) -> str:
    return f"system:{part}"


def close(sessions: sessionmaker[Session], subject: str) -> None:
    with sessions.begin() as session:
        session.execute(delete(Incident).where(Incident.subject == subject))


def _kind(failure: Exception) -> str:
    """The kind alone; of a database's refusal the database's own, such as `DeadlockDetected`."""
    said = failure.orig if isinstance(failure, DBAPIError) and failure.orig else failure
    return type(said).__name__


def _words(failure: Exception, step: str) -> str:
    """What a supervisor reads. The message itself may hold patient data, so only its type
    is told.
    """
    if isinstance(failure, OperationalError):
        return f"The database did not answer while “{step}” was taken; it is tried again."
    return f"The step “{step}” fails ({_kind(failure)}); it is tried again every 30 seconds."
