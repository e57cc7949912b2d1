"""What an answer settles: earlier denials of its lines, the tasks about them, and appeals."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from casework import tasks
from casework.moment import Moment
from db.models import AppealCase, AppealCaseDenial, Denial, RemitLine, Task, WriteOffRequest
from domain.denials import DenialStatus
from domain.tasks import TaskKind, TaskStatus

ANSWERED = "The payer has answered anew."
# Questions about a claim that its payer's answer settles.
MOOT = (TaskKind.REJECTION, TaskKind.FOLLOW_UP, TaskKind.EDIT_FIX, TaskKind.APPEAL_DECISION)


def resolve_denials(
    session: Session,
    claim_id: int,
    charge_line_ids: Iterable[int],
    answer_id: int,
    now: Moment,
) -> None:
    """Denials of earlier answers on these lines are over."""
    earlier = (
        select(Denial)
        .join(RemitLine, RemitLine.id == Denial.remit_line_id)
        .where(Denial.claim_id == claim_id, Denial.charge_line_id.in_(list(charge_line_ids)))
        .where(Denial.status != DenialStatus.RESOLVED, RemitLine.remit_claim_id != answer_id)
    )
    found = session.scalars(earlier.order_by(Denial.id)).all()
    _resolve(session, claim_id, found, now, ANSWERED)


def resolve_denials_of(
    session: Session, claim_id: int, answer_id: int, now: Moment, because: str
) -> None:
    """Those of one answer that is undone; what another has refused stands. `because` is said of
    each question that ends with them."""
    its_own = (
        select(Denial)
        .join(RemitLine, RemitLine.id == Denial.remit_line_id)
        .where(Denial.claim_id == claim_id, RemitLine.remit_claim_id == answer_id)
        .where(Denial.status != DenialStatus.RESOLVED)
    )
    found = session.scalars(its_own.order_by(Denial.id)).all()
    _resolve(session, claim_id, found, now, because)


def _resolve(
    session: Session, claim_id: int, found: Sequence[Denial], now: Moment, because: str
) -> None:
    for denial in found:
        denial.status = DenialStatus.RESOLVED
        denial.resolved_at = now.at
    session.flush()
    asked = [denial.task_id for denial in found if denial.task_id is not None]
    _withdraw_settled(session, asked, now, because)
    withdraw_requests(
        session, WriteOffRequest.denial_id.in_([denial.id for denial in found]), now, because
    )
    _withdraw_drafts(session, claim_id, now, because)
    _withdraw_codings(session, claim_id, {denial.id for denial in found}, now, because)


def withdraw_moot(session: Session, claim_id: int, now: Moment, because: str = ANSWERED) -> None:
    """An 835 outranks whatever was asked about the claim before it came."""
    for task in session.scalars(
        select(Task).where(
            Task.claim_id == claim_id, Task.kind.in_(MOOT), Task.status == TaskStatus.OPEN
        )
    ):
        tasks.withdraw(session, task, because, now)


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


def withdraw_letters(session: Session, claim_id: int) -> None:
    """Sent about a refusal that its payer never gave: nobody wins or loses."""
    sent = select(AppealCase).where(AppealCase.claim_id == claim_id, AppealCase.status == "sent")
    for case in session.scalars(sent.order_by(AppealCase.id)).all():
        if all(denial.status is DenialStatus.RESOLVED for denial in _denials_of(session, case)):
            case.status = "withdrawn"
    session.flush()


def has_letter(session: Session, claim_id: int) -> bool:
    """Whether one of its letters is still to be sent or answered."""
    open_letters = select(AppealCase.id).where(
        AppealCase.claim_id == claim_id, AppealCase.status.in_(("drafted", "sent"))
    )
    return session.scalar(open_letters.limit(1)) is not None


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


def _withdraw_settled(session: Session, task_ids: Iterable[int], now: Moment, because: str) -> None:
    for task_id in sorted(set(task_ids)):
        is_asked_still = session.scalar(
            select(Denial.id)
            .where(Denial.task_id == task_id, Denial.status == DenialStatus.OPEN)
            .limit(1)
        )
        if is_asked_still is None:
            _withdraw(session, task_id, now, because)


def withdraw_requests(
    session: Session, which: ColumnElement[bool], now: Moment, because: str
) -> None:
    """Nobody approves the write-off of what is answered anew, or was never refused."""
    for request in session.scalars(
        select(WriteOffRequest).where(which, WriteOffRequest.status == "asked")
    ):
        request.status = "withdrawn"
        _withdraw(session, request.task_id, now, because)


def _withdraw_drafts(session: Session, claim_id: int, now: Moment, because: str) -> None:
    """A letter that was not signed yet has nothing left to ask for."""
    for case in session.scalars(
        select(AppealCase).where(AppealCase.claim_id == claim_id, AppealCase.status == "drafted")
    ):
        if all(d.status is DenialStatus.RESOLVED for d in _denials_of(session, case)):
            case.status = "withdrawn"
            _withdraw(session, case.task_id, now, because)


def _withdraw_codings(
    session: Session, claim_id: int, settled: set[int], now: Moment, because: str
) -> None:
    """No coder mends a refusal that the payer has answered anew."""
    for task in session.scalars(
        select(Task).where(
            Task.claim_id == claim_id,
            Task.kind == TaskKind.CODING_REVIEW,
            Task.status == TaskStatus.OPEN,
        )
    ):
        refusals = set(task.details.get("denial_ids", ()))
        if refusals and refusals <= settled:
            tasks.withdraw(session, task, because, now)


def _withdraw(session: Session, task_id: int | None, now: Moment, because: str) -> None:
    task = session.get(Task, task_id) if task_id else None
    if task is not None:
        tasks.withdraw(session, task, because, now)
