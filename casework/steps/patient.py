"""The end of an encounter: nothing owed by anybody, and nothing open that names it."""

import datetime as dt
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import ledger, subjects, tasks, waits
from casework.moment import Moment
from casework.waits import WaitKind
from db.models import Encounter, Task
from domain.encounter import Stage
from domain.ledger import Account, LedgerEntry, Leg
from domain.money import dollars
from domain.tasks import TaskStatus

# Statements, reminders and a plan of four instalments fit into this; then we look again.
LOOK_AGAIN_AFTER = dt.timedelta(days=120)


def settle(session: Session, encounter: Encounter, now: Moment) -> str:
    """Close at zero; otherwise wait for the patient, whose own workflow sends the statements."""
    _return_credit(session, encounter, now)
    owed = ledger.open_receivables(session, encounter.id)
    if not owed and (task := _open_task(session, encounter)):
        wait_for_task(session, encounter, task, now)
        return f"Nothing is owed, but a task names it: {task.title}"
    if not owed:
        encounter.stage = Stage.CLOSED
        encounter.ended_at = now.at
        wake_patient_balance(session, encounter, now)
        return "Closed: every charge line is at zero"
    if any(account is Account.AR_INSURANCE for _, account, _ in owed):
        encounter.stage = Stage.CLAIMS
        return "A payer owes again: back to its claims"
    wait_for_patient(session, encounter, sum(owed.values()), now)
    return f"The patient owes {dollars(sum(owed.values()))}"


def wait_for_patient(session: Session, encounter: Encounter, cents: int, now: Moment) -> None:
    waits.begin(
        session,
        subjects.encounter_key(encounter),
        WaitKind.MONEY,
        f"the patient's payment of {dollars(cents)}",
        until_at=now.at + LOOK_AGAIN_AFTER,
        then_what="the patient's account is looked at again",
        now=now,
    )
    wake_patient_balance(session, encounter, now)


def wait_for_task(session: Session, encounter: Encounter, task: Task, now: Moment) -> None:
    waits.begin(
        session,
        subjects.encounter_key(encounter),
        WaitKind.TASK,
        f"{task.queue.replace('_', ' ')}: {task.title}",
        until_at=max(now.end_of(task.due_on), now.at + dt.timedelta(days=1)),
        then_what=tasks.ESCALATED,
        now=now,
        task_id=task.id,
    )


def wake_patient_balance(session: Session, encounter: Encounter, now: Moment) -> None:
    key = subjects.patient_balance_key(encounter.guarantor)
    subjects.ensure(session, key, now)
    subjects.wake(session, key)


def _open_task(session: Session, encounter: Encounter) -> Task | None:
    """An obligation that names the encounter keeps it open, even at zero."""
    return session.scalar(
        select(Task)
        .where(Task.encounter_id == encounter.id, Task.status == TaskStatus.OPEN)
        .order_by(Task.due_on, Task.id)
        .limit(1)
    )


def _return_credit(session: Session, encounter: Encounter, now: Moment) -> None:
    """A line on which the patient has paid too much is no receivable: the credit is unapplied."""
    for (line_id, account, _), cents in ledger.open_receivables(session, encounter.id).items():
        if account is Account.AR_PATIENT and cents < 0:
            _post_credit(session, encounter, line_id, -cents, now)


def _post_credit(
    session: Session, encounter: Encounter, line_id: int | None, cents: int, now: Moment
) -> None:
    rev = subjects.lock(session, subjects.encounter_key(encounter)).rev
    owed = Leg(
        account=Account.AR_PATIENT,
        cents=cents,
        patient_id=encounter.patient_id,
        guarantor_id=encounter.guarantor_id,
        encounter_id=encounter.id,
        charge_line_id=line_id,
    )
    ledger.post(
        session,
        LedgerEntry(
            effect_key=f"credit:{encounter.id}:{line_id}:{rev}",
            source=f"encounter {encounter.encounter_no}",
            words="The patient's overpayment is kept as credit",
            service_on=encounter.service_on,
            deposit_on=None,
            posted_on=now.today,
            legs=(
                owed,
                replace(owed, account=Account.UNAPPLIED, cents=-cents, charge_line_id=None),
            ),
        ),
    )
