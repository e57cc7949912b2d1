"""Subjects: what has a workflow. Whoever changes one holds its lock and writes the next revision.

(subject, rev) is the effect key of everything: a step that finds another revision than the one it
was asked for does nothing, and the world is read anew.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from casework.bulk import pieces
from casework.moment import Moment
from db.models import Encounter, Guarantor, Journal, Remittance, Subject, User, Wake

ENCOUNTER = "encounter:"
PATIENT_BALANCE = "patient-balance:"


def encounter_key(encounter: Encounter) -> str:
    return f"{ENCOUNTER}{encounter.encounter_no}"


def patient_balance_key(guarantor: Guarantor) -> str:
    return f"{PATIENT_BALANCE}{guarantor.account_no}"


def batch_key(route: str) -> str:
    return f"batch:{route}"


def remittance_key(remittance: Remittance) -> str:
    return f"remittance:{remittance.id}"


def lock(session: Session, key: str) -> Subject:
    """The subject's row, locked until commit. Lock subjects before tasks, in the order of keys."""
    return session.execute(
        select(Subject)
        .where(Subject.key == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()


def lock_all(session: Session, keys: Iterable[str]) -> dict[str, Subject]:
    """Many at once, in the order of keys in which each alone is locked everywhere else."""
    found: dict[str, Subject] = {}
    for some in pieces(sorted(set(keys))):
        rows = session.scalars(
            select(Subject)
            .where(Subject.key.in_(some))
            # The order of Python's `sorted`, whatever the database's own is.
            .order_by(Subject.key.collate("C"))
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()
        assert len(rows) == len(some), "a subject is made before anything is said of it"
        found |= {row.key: row for row in rows}
    return found


def ensure(session: Session, key: str, now: Moment) -> Subject:
    """The locked subject, made if it is new, opened again if it had ended."""
    session.execute(
        insert(Subject)
        .values(key=key, is_open=True, moved_at=now.at)
        .on_conflict_do_nothing(index_elements=["key"])
    )
    subject = lock(session, key)
    subject.is_open = True
    return subject


def touch(session: Session, key: str, now: Moment, *, is_open: bool) -> None:
    """Make the subject if it is new, without locking one that is there: to wake it afterwards.

    Looking first matters: an insert that meets another's uncommitted row waits for that
    transaction, and two steps that wait so for each other are a deadlock.
    """
    if session.scalar(select(Subject.key).where(Subject.key == key)) is not None:
        return
    session.execute(
        insert(Subject)
        .values(key=key, is_open=is_open, moved_at=now.at)
        .on_conflict_do_nothing(index_elements=["key"])
    )


def record(
    session: Session, subject: Subject, step: str, words: str, now: Moment, by: User | None = None
) -> None:
    """Write the next revision: what happened, in a sentence that a person reads."""
    record_all(session, step, [(subject, words)], now, by)


def record_all(
    session: Session,
    step: str,
    said: Iterable[tuple[Subject, str]],
    now: Moment,
    by: User | None = None,
) -> None:
    """The same step of many subjects, or of one several times."""
    for subject, words in said:
        subject.rev += 1
        subject.moved_at = now.at
        session.add(
            Journal(
                subject=subject.key,
                rev=subject.rev,
                step=step,
                words=words,
                by_id=by.id if by else None,
                at=now.at,
            )
        )
    session.flush()


def wake(session: Session, key: str) -> None:
    """News for the subject's workflow, in the transaction that makes the news."""
    session.execute(insert(Wake).values(subject=key))


def wake_all(session: Session, keys: Iterable[str]) -> None:
    for some in pieces(keys):
        session.execute(insert(Wake), [{"subject": key} for key in some])


def tell(
    session: Session, key: str, step: str, words: str, now: Moment, by: User | None = None
) -> None:
    """A fact from outside the workflow: lock, record, wake."""
    record(session, lock(session, key), step, words, now, by)
    wake(session, key)
