"""The subjects that money of a guarantor touches: locked in one order, and told what happened."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import ledger, news, subjects, waits
from casework.moment import Moment
from casework.reopening import reopen
from casework.waits import WaitKind
from db.models import Encounter, Guarantor, Subject, User
from domain.encounter import Stage
from domain.ledger import Account


def guarantor_of(session: Session, key: str) -> Guarantor:
    account_no = key.partition(":")[2]
    return session.scalars(select(Guarantor).where(Guarantor.account_no == account_no)).one()


def lock_account(
    session: Session, guarantor: Guarantor, now: Moment, *, also: Iterable[Encounter] = ()
) -> Subject:
    """Lock the encounters that its money may touch, then the account: the order of the keys."""
    lock_encounters(session, [*may_be_touched(session, guarantor), *also])
    return subjects.ensure(session, subjects.patient_balance_key(guarantor), now)


def may_be_touched(session: Session, guarantor: Guarantor) -> Sequence[Encounter]:
    """All that are not over, and not only those with the patient now: another may come to be with
    the patient while we wait for these, and to lock it then would be against the order.
    """
    return session.scalars(
        select(Encounter)
        .where(Encounter.guarantor_id == guarantor.id)
        .where(Encounter.stage.not_in([Stage.CLOSED, Stage.CANCELLED]))
        .order_by(Encounter.encounter_no)
    ).all()


def lock_encounters(session: Session, encounters: Iterable[Encounter]) -> None:
    for encounter in sorted(set(encounters), key=lambda encounter: encounter.encounter_no):
        subjects.lock(session, subjects.encounter_key(encounter))
        session.refresh(encounter)


def tell_account(
    session: Session, subject: Subject, step: str, words: str, now: Moment, by: User | None = None
) -> None:
    """A fact about the account: in its journal, and news for its workflow."""
    subjects.record(session, subject, step, words, now, by)
    subjects.wake(session, subject.key)


def tell_encounter(
    session: Session, encounter: Encounter, words: str, now: Moment, by: User | None = None
) -> None:
    """Money moved on an encounter that waits for the patient: its own step looks at it."""
    if encounter.stage is not Stage.PATIENT:
        return
    key = subjects.encounter_key(encounter)
    subject = subjects.lock(session, key)
    waits.answered(session, key, now, claim_id=None, kind=WaitKind.MONEY)
    news.tell(session, subject, "patient money", words, now, by)


def reopen_encounter(session: Session, encounter: Encounter, words: str, now: Moment) -> None:
    """A closed encounter on which the patient owes again; an open one is just told."""
    if encounter.stage is Stage.CLOSED:
        reopen(session, encounter, Stage.PATIENT, now)
    tell_encounter(session, encounter, words, now)


def look_again(session: Session, guarantor: Guarantor, now: Moment) -> bool:
    """Wake the account if it has anything to look at; an account at zero costs nothing."""
    if not has_money_open(session, guarantor):
        return False
    key = subjects.patient_balance_key(guarantor)
    subjects.ensure(session, key, now)
    subjects.wake(session, key)
    return True


def has_money_open(session: Session, guarantor: Guarantor) -> bool:
    """Whether a fee, a credit or a patient's part of an encounter is not at zero."""
    own = (Account.AR_FEES, Account.UNAPPLIED)
    if any(ledger.balance(session, account, guarantor_id=guarantor.id) for account in own):
        return True
    encounters = session.scalars(select(Encounter.id).where(Encounter.guarantor_id == guarantor.id))
    return any(
        ledger.balance(session, Account.AR_PATIENT, encounter_id=encounter_id)
        for encounter_id in encounters
    )
