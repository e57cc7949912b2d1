"""Cancelling an encounter that no payer has heard of: its tasks go, its charges are taken back."""

from collections.abc import Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from casework import audit, charging, ledger, stays, subjects, tasks, waits, withdrawals
from casework.moment import Moment
from casework.patients.account_subjects import look_again
from casework.refusals import Forbidden, Refused
from db.models import (
    Claim,
    Encounter,
    Subject,
    Task,
    User,
    Wait,
    WriteOffRequest,
)
from db.queries.claim_visits import bills, has_gone_out
from domain.encounter import CLAIM_CANCELLED, ClaimStage, Stage
from domain.ledger import Account
from domain.tasks import Role, TaskStatus

MAY_CANCEL = (Role.FRONT_DESK, Role.SUPERVISOR)
BECAUSE = "the encounter was cancelled"


def cancel(session: Session, encounter: Encounter, because: str, by: User, now: Moment) -> None:
    """End an encounter before anything was sent. Raises `Refused` or `Forbidden`."""
    if by.role not in MAY_CANCEL:
        raise Forbidden("Only the front desk or a supervisor cancels an encounter.")
    if not because.strip():
        raise Refused.of("because", "Say why the encounter is cancelled.")
    subject = _lock(session, encounter)
    _require_unsent(session, encounter)
    _end_claims(session, encounter, now)
    for task in _open_tasks(session, encounter):
        tasks.withdraw(session, task, BECAUSE, now)
    _end_waits(session, subject.key, now)
    _take_charges_back(session, encounter, now, by)
    encounter.stage = Stage.CANCELLED
    encounter.ended_at = now.at
    words = f"{by.full_name} cancelled the encounter: {because.strip()}"
    subjects.record(session, subject, "cancelled", words, now, by)
    subject.is_open = False
    waits.set_due(session, subject)
    audit.record(session, by, "cancelled", "encounter", encounter.encounter_no)
    subjects.wake(session, subject.key)
    stays.wake_stay(session, encounter)
    # A copay that was taken for it is the patient's again.
    session.flush()
    look_again(session, encounter.guarantor, now)


def _lock(session: Session, encounter: Encounter) -> Subject:
    """With the visits of its stay that stand on one claim with it, in the order of keys."""
    bound = _bound(session, encounter)
    for number in sorted(bound):
        subjects.lock(session, f"{subjects.ENCOUNTER}{number}")
    session.refresh(encounter)
    if not _bound(session, encounter) <= bound:
        words = "Another visit was put on one claim with it just now: look again, then cancel."
        raise Refused.of("because", words)
    return subjects.lock(session, subjects.encounter_key(encounter))


def _bound(session: Session, encounter: Encounter) -> set[str]:
    """The numbers of the visits on its claims that are not settled, and its own."""
    numbers = {
        visit.encounter_no
        for claim in _open_claims(session, encounter)
        for visit in stays.visits(session, claim)
    }
    return numbers | {encounter.encounter_no}


def _open_claims(session: Session, encounter: Encounter) -> Sequence[Claim]:
    unsettled = Claim.stage != ClaimStage.SETTLED
    return session.scalars(
        select(Claim).where(bills(encounter.id), unsettled).order_by(Claim.id)
    ).all()


def _require_unsent(session: Session, encounter: Encounter) -> None:
    if not encounter.stage.is_open:
        raise Refused.of("because", f"The encounter is {encounter.stage} already.")
    sent = select(Claim.id).where(bills(encounter.id), has_gone_out())
    if session.scalar(sent.limit(1)) is not None:
        raise Refused.of("because", "A claim is on its way: have it taken back (void) instead.")
    if _has_money(session, encounter):
        raise Refused.of("because", "Money was taken for it: give that back to the patient first.")


def _open_tasks(session: Session, encounter: Encounter) -> list[Task]:
    return list(
        session.scalars(
            select(Task)
            .where(Task.encounter_id == encounter.id, Task.status == TaskStatus.OPEN)
            .order_by(Task.id)
        )
    )


def _end_waits(session: Session, key: str, now: Moment) -> None:
    scopes = session.scalars(
        select(Wait.claim_id).where(Wait.subject == key, Wait.ended_at.is_(None)).distinct()
    ).all()
    for claim_id in scopes:
        waits.withdrawn(session, key, now, claim_id=claim_id)


def _end_claims(session: Session, encounter: Encounter, now: Moment) -> None:
    """Other visits of its stay that were on one of them are billed anew."""
    for claim in _open_claims(session, encounter):
        withdrawals.withdraw(session, claim, BECAUSE, now)
        claim.stage = ClaimStage.SETTLED
        claim.outcome = CLAIM_CANCELLED
        _end_questions(session, claim, now)
        waits.withdrawn(session, subjects.encounter_key(claim.encounter), now, claim_id=claim.id)
        for other in stays.visits(session, claim):
            if other is not encounter and other.stage.is_open:
                words = f"{encounter.encounter_no} was cancelled: its claim is made anew"
                subjects.tell(session, subjects.encounter_key(other), stays.UNBUNDLED, words, now)


def _end_questions(session: Session, claim: Claim, now: Moment) -> None:
    """Whatever was asked about the claim, a coder's question to the physician too."""
    of_it = or_(Task.claim_id == claim.id, Task.details["claim_id"].as_integer() == claim.id)
    for task in session.scalars(
        select(Task).where(of_it, Task.status == TaskStatus.OPEN).order_by(Task.id)
    ):
        tasks.withdraw(session, task, BECAUSE, now)
    session.execute(
        update(WriteOffRequest)
        .where(WriteOffRequest.claim_id == claim.id, WriteOffRequest.status == "asked")
        .values(status="withdrawn")
    )


def _take_charges_back(session: Session, encounter: Encounter, now: Moment, by: User) -> None:
    for line in encounter.charge_lines:
        cents = -ledger.balance(session, Account.CHARGES, charge_line_id=line.id)
        if cents:
            charging.post(
                session,
                line,
                -cents,
                charging.owed_by(line),
                effect_key=f"cancel:{line.id}",
                words=f"Charge of {line.price_code} taken back: the encounter was cancelled",
                now=now,
                by=by,
            )
        line.is_void = True


def _has_money(session: Session, encounter: Encounter) -> bool:
    """Whether the receivables are anything else than the charges: somebody has paid already."""
    owed = sum(ledger.open_receivables(session, encounter.id).values())
    return owed != -ledger.balance(session, Account.CHARGES, encounter_id=encounter.id)
