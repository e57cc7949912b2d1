"""How an enrolment stands is kept here: what waits for it goes, or begins to wait, from then on;
all that wait for one have a single task."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import audit, batch_waits, enrolments, subjects, tasks, waits
from casework.moment import Moment
from db.models import Claim, Enrolment, Payer, PayerRoute, Task, User
from domain.encounter import ClaimStage
from domain.tasks import TaskKind, TaskStatus

LATER_BUSINESS_DAYS = 5


def put(
    session: Session, payer: Payer, kind: str, status: str, now: Moment, by: User, note: str = ""
) -> Enrolment:
    """Record how an enrolment stands; what waits for it goes, or begins to wait, from now on."""
    row = session.scalars(
        select(Enrolment).where(Enrolment.payer_id == payer.id, Enrolment.transaction_set == kind)
    ).one_or_none()
    if row is None:
        row = Enrolment(
            payer_id=payer.id, transaction_set=kind, status=status, since_on=now.today, note=note
        )
        session.add(row)
        session.flush()
        session.refresh(row)
        _tell(session, row, now, by)
        return row
    row.note = note
    move(session, row, status, now, by)
    return row


def move(
    session: Session, row: Enrolment, status: str, now: Moment, by: User, *, withdraw: bool = True
) -> None:
    if row.status != status:
        row.status, row.since_on = status, now.today
    session.flush()
    _tell(session, row, now, by)
    if withdraw:
        _withdraw_task(session, row, now)


def ask(session: Session, row: Enrolment, now: Moment) -> None:
    """One task for all claims that wait for it; none while one is open."""
    key = _key(row)
    subject = subjects.ensure(session, key, now)
    times = session.scalars(select(func.count()).select_from(Task).where(Task.subject == key)).one()
    if _open_task(session, row) is None:
        tasks.open_task(
            session,
            TaskKind.EXCHANGE_PROBLEM,
            subject=key,
            cause=f"{enrolments.CASE}:{times}",
            title=f"Enrol with {row.payer.name[:60]} for {row.transaction_set}",
            reason=f"{enrolments.in_words(row)}. Its claims wait; their filing limits run.",
            details={"case": enrolments.CASE, "enrolment_id": row.id},
            now=now,
            due_on=now.business_days(LATER_BUSINESS_DAYS),
            payer_id=row.payer_id,
        )
    waits.set_due(session, subject)


def claims_waiting(session: Session, row: Enrolment) -> int:
    waiting = select(func.count()).select_from(Claim).where(Claim.payer_id == row.payer_id)
    return session.scalars(waiting.where(Claim.stage == ClaimStage.READY)).one()


def _tell(session: Session, row: Enrolment, now: Moment, by: User) -> None:
    words = f"{row.transaction_set} with {row.payer.name}: {enrolments.WORDS[row.status]}"
    audit.record(session, by, "kept enrolment", "payer", row.payer.payer_no, words=words)
    for name in session.scalars(
        select(PayerRoute.route).where(PayerRoute.payer_id == row.payer_id).distinct()
    ):
        batch_waits.say(session, name, now)
        key = subjects.batch_key(name)
        subjects.touch(session, key, now, is_open=False)
        subjects.wake(session, key)


def _withdraw_task(session: Session, row: Enrolment, now: Moment) -> None:
    task = _open_task(session, row)
    if task is None:
        return
    subject = subjects.lock(session, task.subject)
    tasks.withdraw(session, task, "The enrolment was kept on the payer's page.", now)
    subject.is_open = False
    waits.set_due(session, subject)


def _open_task(session: Session, row: Enrolment) -> Task | None:
    return session.scalars(
        select(Task).where(Task.subject == _key(row), Task.status == TaskStatus.OPEN).limit(1)
    ).one_or_none()


def _key(row: Enrolment) -> str:
    return f"enrolment:{row.id}"
