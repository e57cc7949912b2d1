"""The step of an account's workflow: bring it up to date, then say what it waits for.

The account is judged afresh from what is owed; a repeat finds nothing left to do.
"""

import datetime as dt
from typing import assert_never

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import ledger, subjects, task_dates, tasks, waits
from casework.moment import Moment, moment
from casework.patients import statements
from casework.patients.account import balance_cause, credit_cause, plan_in_force, read_account
from casework.patients.account_subjects import (
    guarantor_of,
    lock_encounters,
    may_be_touched,
    tell_encounter,
)
from casework.patients.credits import applicable, apply_unapplied
from casework.patients.receivables import last_posting_id, paying_legs, with_the_patient
from casework.waits import WaitKind
from db.models import Encounter, Guarantor, Subject, Task, Wait
from domain.denials import WriteOffReason
from domain.dunning import (
    AskAboutBalance,
    AskAboutCredit,
    Awaited,
    EndPlan,
    Rest,
    SendNotice,
    WriteOffSmall,
    next_move,
)
from domain.ledger import Account, LedgerEntry, Leg
from domain.money import dollars
from domain.steps import QueueStanding, StepRequest
from domain.tasks import TaskKind, TaskStatus

# Each move lessens what there is to do: far more than any account needs, and still an end.
MOVES_MAX = 40


def take_step(session: Session, request: StepRequest) -> QueueStanding:
    """Bring the account up to date if it still stands at the revision; else only look."""
    now = moment(session, request.real_now)
    guarantor = guarantor_of(session, request.subject)
    lock_encounters(session, may_be_touched(session, guarantor))
    subject = subjects.lock(session, request.subject)
    if request.rev == subject.rev and standing(session, request.subject, now).is_ready:
        _bring_up_to_date(session, subject, guarantor, now)
    return standing(session, request.subject, now)


def standing(session: Session, key: str, now: Moment) -> QueueStanding:
    """An account that had ended stands open again as soon as there is something to do."""
    session.flush()
    subject = session.scalars(select(Subject).where(Subject.key == key)).one()
    open_waits = waits.open_waits(session, key)
    nearest = min((wait.until_at for wait in open_waits), default=now.at + dt.timedelta(days=1))
    is_ready = _is_ready(session, subject, guarantor_of(session, key), now)
    return QueueStanding(
        rev=subject.rev,
        is_open=subject.is_open or is_ready,
        is_ready=is_ready,
        wait=now.real_wait(nearest),
    )


def _is_ready(session: Session, subject: Subject, guarantor: Guarantor, now: Moment) -> bool:
    """Whether a step would change anything: compares what is with what should be."""
    open_waits = waits.open_waits(session, subject.key)
    move = next_move(read_account(session, guarantor, now), now.today)
    if not isinstance(move, Rest) or any(wait.until_at <= now.at for wait in open_waits):
        return True
    if applicable(session, guarantor, now) or _settled_but_waiting(session, guarantor):
        return True
    if _needless_tasks(session, guarantor, now):
        return True
    awaited = {wait.what for wait in open_waits if wait.kind != WaitKind.TASK}
    is_ending = subject.is_open and not open_waits
    return is_ending or awaited != {one.what for one in move.awaited}


def _bring_up_to_date(
    session: Session, subject: Subject, guarantor: Guarantor, now: Moment
) -> None:
    said = [
        f"Escalated to a supervisor: {task.title}"
        for task in task_dates.escalate_overdue(session, subject.key, now, claim_id=None)
    ]
    said += _tidy(session, guarantor, now)
    for _ in range(MOVES_MAX):
        move = next_move(read_account(session, guarantor, now), now.today)
        if isinstance(move, Rest):
            break
        said.append(_make(session, subject, guarantor, move, now))
        said += _tidy(session, guarantor, now)
    else:
        raise AssertionError(f"{subject.key} does not come to rest after {MOVES_MAX} moves")
    begun = _renew_waits(session, subject, move.awaited, now)
    waits.close_if_none(session, subject)
    if not subject.is_open:
        said.append("Nothing is owed and nothing is waited for")
    elif begun and not said:
        said.append(f"Waits for {begun[0]}")
    if said:
        subjects.record(session, subject, "bring up to date", ". ".join(said), now)
    waits.set_due(session, subject)


def _tidy(session: Session, guarantor: Guarantor, now: Moment) -> list[str]:
    """What follows from the books alone: credit used, encounters told, questions withdrawn."""
    used = applicable(session, guarantor, now)
    apply_unapplied(session, guarantor, now)
    for encounter in _settled_but_waiting(session, guarantor):
        tell_encounter(session, encounter, "The patient owes nothing more", now)
    needless = _needless_tasks(session, guarantor, now)
    for task in needless:
        tasks.withdraw(session, task, "what it asks about has been settled", now)
    applied = sum(application.cents for application in used)
    return [f"Credit of {dollars(applied)} applied"] if applied else []


def _make(
    session: Session,
    subject: Subject,
    guarantor: Guarantor,
    move: EndPlan | WriteOffSmall | SendNotice | AskAboutBalance | AskAboutCredit,
    now: Moment,
) -> str:
    match move:
        case EndPlan():
            return _end_plan(session, guarantor, move)
        case WriteOffSmall():
            return _write_off_small(session, guarantor, move, now)
        case SendNotice():
            row = statements.issue(session, guarantor, move, now)
            return f"Sent {row.kind} {row.statement_no} over {dollars(row.amount_cents)}"
        case AskAboutBalance():
            return _ask_about_balance(session, subject, guarantor, move, now)
        case AskAboutCredit():
            return _ask_about_credit(session, subject, guarantor, move, now)
        case _:
            assert_never(move)


def _end_plan(session: Session, guarantor: Guarantor, move: EndPlan) -> str:
    plan = plan_in_force(session, guarantor)
    assert plan is not None
    plan.status = "done" if move.is_kept else "broken"
    session.flush()
    return "The payment plan was kept to its end" if move.is_kept else "The payment plan is broken"


def _write_off_small(
    session: Session, guarantor: Guarantor, move: WriteOffSmall, now: Moment
) -> str:
    for bill in move.bills:
        encounter = session.get_one(Encounter, bill.encounter_id)
        state = last_posting_id(session, Account.AR_PATIENT, encounter_id=encounter.id)
        paid = paying_legs(session, encounter, bill.cents)
        ledger.post(
            session,
            LedgerEntry(
                effect_key=f"small balance:{encounter.encounter_no}:{state}",
                source=f"account {guarantor.account_no}",
                words="Written off: small balance",
                service_on=encounter.service_on,
                deposit_on=None,
                posted_on=now.today,
                legs=(*(_given_up(leg) for leg in paid), *paid),
            ),
        )
    return f"Wrote off {dollars(sum(bill.cents for bill in move.bills))}: a small balance"


def _given_up(leg: Leg) -> Leg:
    return Leg(
        account=Account.WRITE_OFF,
        cents=-leg.cents,
        patient_id=leg.patient_id,
        guarantor_id=leg.guarantor_id,
        encounter_id=leg.encounter_id,
        charge_line_id=leg.charge_line_id,
        reason=WriteOffReason.SMALL_BALANCE,
    )


def _ask_about_balance(
    session: Session, subject: Subject, guarantor: Guarantor, move: AskAboutBalance, now: Moment
) -> str:
    cents = sum(bill.cents for bill in move.bills)
    task = tasks.open_task(
        session,
        TaskKind.PATIENT_BALANCE,
        subject=subject.key,
        cause=balance_cause(session, guarantor, move.notice),
        title=f"{dollars(cents)} unpaid after {move.notice.cycle} statements",
        reason=f"Statement {move.notice.statement_no} of {move.notice.issued_on} was the last "
        "notice, and thirty days have passed.",
        now=now,
        details={"run": move.notice.run, "cycle": move.notice.cycle},
        amount_cents=cents,
        guarantor_id=guarantor.id,
    )
    return f"Asked a biller: {task.title}"


def _ask_about_credit(
    session: Session, subject: Subject, guarantor: Guarantor, move: AskAboutCredit, now: Moment
) -> str:
    task = tasks.open_task(
        session,
        TaskKind.PATIENT_CREDIT,
        subject=subject.key,
        cause=credit_cause(session, guarantor),
        title=f"{dollars(move.cents)} of credit is left over",
        reason="Every payer has answered and nothing is owed that this credit could pay.",
        now=now,
        amount_cents=move.cents,
        guarantor_id=guarantor.id,
    )
    return f"Asked a biller: {task.title}"


def _renew_waits(
    session: Session, subject: Subject, awaited: tuple[Awaited, ...], now: Moment
) -> list[str]:
    """Keep the waits that still hold, end the others, begin the missing. Returns what is new."""
    wanted = {one.what: one for one in awaited}
    for wait in waits.open_waits(session, subject.key):
        is_kept = wait.what in wanted and wait.until_at > now.at
        wanted = {what: one for what, one in wanted.items() if what != wait.what or not is_kept}
        if wait.kind == WaitKind.TASK or is_kept:
            continue
        wait.ended_at = now.at
        wait.ended_by = "overdue" if wait.until_at <= now.at else "answered"
    for one in wanted.values():
        waits.begin(
            session,
            subject.key,
            WaitKind.MONEY,
            one.what,
            until_at=now.end_of(one.until_on),
            then_what=one.then_what,
            now=now,
        )
    session.flush()
    return list(wanted)


def _settled_but_waiting(session: Session, guarantor: Guarantor) -> list[Encounter]:
    """Encounters at zero that can close, and wait for money all the same."""
    return [
        encounter
        for encounter in with_the_patient(session, guarantor)
        if not ledger.open_receivables(session, encounter.id)
        and _waits_for_money(session, encounter)
        and not _has_open_task(session, encounter)
    ]


def _waits_for_money(session: Session, encounter: Encounter) -> bool:
    waiting = select(Wait.id).where(
        Wait.subject == subjects.encounter_key(encounter),
        Wait.kind == WaitKind.MONEY,
        Wait.ended_at.is_(None),
    )
    return session.scalar(waiting.limit(1)) is not None


def _has_open_task(session: Session, encounter: Encounter) -> bool:
    """An open question keeps an encounter open: telling it before would go round in circles."""
    asked = select(Task.id).where(Task.encounter_id == encounter.id, Task.status == TaskStatus.OPEN)
    return session.scalar(asked.limit(1)) is not None


def _needless_tasks(session: Session, guarantor: Guarantor, now: Moment) -> list[Task]:
    """Open questions that have answered themselves: paid, planned or used up meanwhile."""
    account = read_account(session, guarantor, now)
    dunned = {bill.run for bill in account.bills} if account.plan is None else set()
    key = subjects.patient_balance_key(guarantor)
    opened = session.scalars(
        select(Task)
        .where(Task.subject == key, Task.status == TaskStatus.OPEN)
        .where(Task.kind.in_([TaskKind.PATIENT_BALANCE, TaskKind.PATIENT_CREDIT]))
        .order_by(Task.id)
    )
    cause = credit_cause(session, guarantor)
    return [
        task
        for task in opened
        if (task.kind is TaskKind.PATIENT_BALANCE and task.details["run"] not in dunned)
        or (task.kind is TaskKind.PATIENT_CREDIT and task.cause != cause)
    ]
