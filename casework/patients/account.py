"""A guarantor's account as the rules see it, read afresh: no observation is remembered."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import holds, ledger, settings, subjects
from casework.moment import Moment
from casework.patients.credits import unapplied_by_encounter
from casework.patients.receivables import (
    billable,
    last_charged_on,
    last_posting_id,
    owed_cents,
    with_the_patient,
)
from db.models import (
    Encounter,
    Guarantor,
    PaymentPlan,
    Statement,
    StatementLine,
    Task,
    WriteOffRequest,
)
from domain.dunning import Bill, GuarantorAccount, Instalment, Notice, Plan
from domain.encounter import Stage
from domain.ledger import Account
from domain.tasks import TaskKind

DAY = dt.timedelta(days=1)


def read_account(session: Session, guarantor: Guarantor, now: Moment) -> GuarantorAccount:
    bills = [_bill(session, encounter) for encounter in billable(session, guarantor, now)]
    notices = latest_notices(session, guarantor)
    credit = unapplied_by_encounter(session, guarantor)
    is_final = not expects_more(session, guarantor)
    return GuarantorAccount(
        bills=(*bills, *_fees(session, guarantor, bills)),
        notices=tuple(notices),
        plan=_plan(plan_in_force(session, guarantor)),
        small_cents=settings.number(session, "small_balance_cents"),
        held_until_on=_held_until_on(session, guarantor, now),
        returnable_cents=sum(credit.values()) if is_final else 0,
        credit_is_asked=_is_asked(
            session, guarantor, TaskKind.PATIENT_CREDIT, credit_cause(session, guarantor)
        ),
        asked_runs=frozenset(
            notice.run
            for notice in notices
            if _is_asked(
                session,
                guarantor,
                TaskKind.PATIENT_BALANCE,
                balance_cause(session, guarantor, notice),
            )
        ),
    )


def latest_notices(session: Session, guarantor: Guarantor) -> list[Notice]:
    """The last statement of each run, oldest run first."""
    rows = session.scalars(
        select(Statement)
        .where(Statement.guarantor_id == guarantor.id)
        .order_by(Statement.run, Statement.cycle)
    )
    return list({row.run: _notice(row) for row in rows}.values())


def expects_more(session: Session, guarantor: Guarantor) -> bool:
    """Whether a payer, or the patient, may still have something to say on any encounter."""
    still_open = session.scalars(
        select(Encounter)
        .where(Encounter.guarantor_id == guarantor.id)
        .where(Encounter.stage.not_in([Stage.CLOSED, Stage.CANCELLED]))
    )
    return any(
        encounter.stage is not Stage.PATIENT or ledger.open_receivables(session, encounter.id)
        for encounter in still_open
    )


def balance_cause(session: Session, guarantor: Guarantor, notice: Notice) -> str:
    """One question per notice; a plan that failed or a refused write-off makes it a new one."""
    tried = len(plans(session, guarantor)) + _refused_requests(session, guarantor)
    return f"balance:{notice.run}:{notice.cycle}:{tried}"


def credit_cause(session: Session, guarantor: Guarantor) -> str:
    state = last_posting_id(session, Account.UNAPPLIED, guarantor_id=guarantor.id)
    return f"credit:{state}"


def plan_in_force(session: Session, guarantor: Guarantor) -> PaymentPlan | None:
    return next((plan for plan in plans(session, guarantor) if plan.status == "kept"), None)


def plans(session: Session, guarantor: Guarantor) -> Sequence[PaymentPlan]:
    return session.scalars(
        select(PaymentPlan)
        .where(PaymentPlan.guarantor_id == guarantor.id)
        .order_by(PaymentPlan.id.desc())
    ).all()


def _bill(session: Session, encounter: Encounter) -> Bill:
    asked = session.scalar(
        select(WriteOffRequest.id)
        .where(WriteOffRequest.encounter_id == encounter.id)
        .where(WriteOffRequest.side == "patient")
        .where(WriteOffRequest.status.in_(["asked", "approved"]))
        .limit(1)
    )
    return Bill(
        encounter_id=encounter.id,
        cents=owed_cents(session, encounter),
        run=_run(session, encounter),
        is_in_question=asked is not None,
    )


def _run(session: Session, encounter: Encounter) -> int | None:
    """The run that first asked for it; what a payer has added since then has no run yet."""
    carried = (
        select(Statement.run)
        .join(StatementLine, StatementLine.statement_id == Statement.id)
        .where(StatementLine.encounter_id == encounter.id)
        .order_by(Statement.id)
        .limit(1)
    )
    charged_on = last_charged_on(session, encounter)
    if charged_on is not None:
        carried = carried.where(Statement.issued_on >= charged_on)
    return session.scalar(carried)


def _fees(session: Session, guarantor: Guarantor, bills: list[Bill]) -> tuple[Bill, ...]:
    """Fees ride on the oldest run of care that is asked for; alone they get a run of their own."""
    cents = ledger.balance(session, Account.AR_FEES, guarantor_id=guarantor.id)
    if cents <= 0:
        return ()
    runs = [bill.run for bill in bills if bill.run is not None]
    run = min(runs) if runs else (None if bills else _run_of_fees(session, guarantor))
    return (Bill(encounter_id=None, cents=cents, run=run),)


def _run_of_fees(session: Session, guarantor: Guarantor) -> int | None:
    without_care = ~select(StatementLine).where(StatementLine.statement_id == Statement.id).exists()
    return session.scalar(
        select(func.max(Statement.run)).where(Statement.guarantor_id == guarantor.id, without_care)
    )


def _plan(row: PaymentPlan | None) -> Plan | None:
    if row is None:
        return None
    return Plan(
        agreed_on=row.agreed_on,
        grace_days=row.grace_days,
        instalments=tuple(
            Instalment(due_on=part.due_on, cents=part.cents) for part in row.instalments
        ),
    )


def _held_until_on(session: Session, guarantor: Guarantor, now: Moment) -> dt.date | None:
    ends = [
        hold.held_until_at
        for encounter in with_the_patient(session, guarantor)
        for hold in holds.stopping_encounter(session, encounter, now)
    ]
    # A hold ends as the day after its last one begins.
    return min(ends).astimezone(now.zone).date() - DAY if ends else None


def _is_asked(session: Session, guarantor: Guarantor, kind: TaskKind, cause: str) -> bool:
    key = subjects.patient_balance_key(guarantor)
    return (
        session.scalar(
            select(Task.id).where(Task.subject == key, Task.kind == kind, Task.cause == cause)
        )
        is not None
    )


def _refused_requests(session: Session, guarantor: Guarantor) -> int:
    return int(
        session.scalar(
            select(func.count(WriteOffRequest.id))
            .join(Encounter, Encounter.id == WriteOffRequest.encounter_id)
            .where(Encounter.guarantor_id == guarantor.id)
            .where(WriteOffRequest.side == "patient", WriteOffRequest.status == "refused")
        )
        or 0
    )


def _notice(row: Statement) -> Notice:
    return Notice(
        run=row.run, cycle=row.cycle, statement_no=row.statement_no, issued_on=row.issued_on
    )
