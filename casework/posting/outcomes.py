"""What an answer settles: earlier denials of its lines, the tasks about them, and appeals."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import tasks
from casework.moment import Moment
from db.models import AppealCase, AppealCaseDenial, Denial, RemitLine, Task
from domain.denials import DenialStatus
from domain.tasks import TaskKind, TaskStatus

ANSWERED = "The payer has answered anew."
# Questions about a claim that its payer's answer settles.
MOOT = (TaskKind.REJECTION, TaskKind.FOLLOW_UP)


def resolve_denials(
    session: Session, claim_id: int, charge_line_ids: Iterable[int], answer_id: int, now: Moment
) -> list[Denial]:
    """Denials of earlier answers on these lines are over; returns them."""
    earlier = session.scalars(
        select(Denial)
        .join(RemitLine, RemitLine.id == Denial.remit_line_id)
        .where(Denial.claim_id == claim_id, Denial.charge_line_id.in_(list(charge_line_ids)))
        .where(Denial.status != DenialStatus.RESOLVED, RemitLine.remit_claim_id != answer_id)
        .order_by(Denial.id)
    ).all()
    for denial in earlier:
        denial.status = DenialStatus.RESOLVED
        denial.resolved_at = now.at
    session.flush()
    _withdraw_settled(session, [d.task_id for d in earlier if d.task_id is not None], now)
    return list(earlier)


def withdraw_moot(session: Session, claim_id: int, now: Moment) -> None:
    """An 835 outranks whatever was asked about the claim before it came."""
    for task in session.scalars(
        select(Task).where(
            Task.claim_id == claim_id, Task.kind.in_(MOOT), Task.status == TaskStatus.OPEN
        )
    ):
        tasks.withdraw(session, task, ANSWERED, now)


def decide_appeals(session: Session, claim_id: int, now: Moment) -> list[AppealCase]:
    """Letters about lines of this claim are won, unless one is refused for the same again."""
    cases = session.scalars(
        select(AppealCase)
        .where(AppealCase.claim_id == claim_id, AppealCase.status == "sent")
        .order_by(AppealCase.id)
    ).all()
    decided = []
    for case in cases:
        denials = _denials_of(session, case)
        if any(denial.status is not DenialStatus.RESOLVED for denial in denials):
            continue
        case.status = "lost" if _is_denied_again(session, denials) else "won"
        case.decided_at = now.at
        decided.append(case)
    return decided


def _denials_of(session: Session, case: AppealCase) -> Sequence[Denial]:
    return session.scalars(
        select(Denial)
        .join(AppealCaseDenial, AppealCaseDenial.denial_id == Denial.id)
        .where(AppealCaseDenial.appeal_case_id == case.id)
    ).all()


def _is_denied_again(session: Session, denials: Sequence[Denial]) -> bool:
    same = [(d.charge_line_id, d.group_code, d.carc, d.is_underpayment) for d in denials]
    fresh = session.scalars(
        select(Denial).where(
            Denial.charge_line_id.in_([line for line, *_ in same]),
            Denial.status == DenialStatus.OPEN,
        )
    ).all()
    return any((d.charge_line_id, d.group_code, d.carc, d.is_underpayment) in same for d in fresh)


def _withdraw_settled(session: Session, task_ids: Iterable[int], now: Moment) -> None:
    for task_id in sorted(set(task_ids)):
        is_asked_still = session.scalar(
            select(Denial.id)
            .where(Denial.task_id == task_id, Denial.status == DenialStatus.OPEN)
            .limit(1)
        )
        task = session.get(Task, task_id)
        if task is not None and is_asked_still is None:
            tasks.withdraw(session, task, ANSWERED, now)
