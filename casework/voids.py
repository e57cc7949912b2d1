"""Voids: a claim that should never have been sent is taken back (frequency 8), and its
charge with it.

One person asks and another approves; the charge is taken back when the payer has confirmed.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import (
    charging,
    claim_frequency,
    corrections,
    ledger,
    news,
    sending,
    stays,
    subjects,
    submissions,
    tasks,
    waits,
    withdrawals,
)
from casework.charging import Receivable
from casework.moment import Moment
from casework.refusals import Forbidden, Refused
from casework.reopening import reopen
from db.models import ChargeLine, Claim, ClaimVersion, Task, User
from db.queries.claim_visits import bills
from domain.claims import Frequency
from domain.encounter import CLAIM_VOID, ClaimStage, Stage
from domain.ledger import Account
from domain.tasks import Role, TaskKind, TaskStatus


def ask(
    session: Session,
    claim: Claim,
    because: str,
    by: User,
    now: Moment,
    *,
    although_undecided: bool = False,
) -> Task:
    """Ask a second person to void a claim that its payer has answered, or, if the person says so,
    one that it has not decided."""
    if by.role not in (Role.BILLER, Role.SUPERVISOR):
        raise Forbidden("Only a biller or a supervisor asks to void a claim.")
    subject = subjects.ensure(session, subjects.encounter_key(claim.encounter), now)
    stays.lock_others(session, claim)
    session.refresh(claim)
    _require_voidable(session, claim, because, although_undecided=although_undecided)
    is_settled = claim.stage is ClaimStage.SETTLED
    if is_settled:
        _reopen(session, claim, now)
    asked = tasks.count(session, claim_id=claim.id, kind=TaskKind.VOID_APPROVAL)
    task = tasks.open_task(
        session,
        TaskKind.VOID_APPROVAL,
        subject=subject.key,
        cause=f"void:{claim.id}:{asked}",
        title=f"Approve taking a claim back from {claim.payer.name}",
        reason=f"{by.full_name} asks to void it: {because.strip()}"
        f"{'' if is_settled else corrections.ALTHOUGH}",
        details={"asked_by_id": by.id},
        now=now,
        amount_cents=_charged(claim),
        waits_in_claim=claim.id,
        encounter_id=claim.encounter_id,
        claim_id=claim.id,
        payer_id=claim.payer_id,
    )
    news.tell(session, subject, "void asked", task.reason, now, by)
    return task


def send(session: Session, claim: Claim, because: str, now: Moment) -> None:
    """The second person agreed: the void goes out under the payer's own claim number."""
    session.add(
        ClaimVersion(
            claim_id=claim.id,
            version=submissions.current_version(session, claim).version + 1,
            frequency=Frequency.VOID,
            payer_claim_number=claim.payer_claim_number,
            because=because,
            charge_line_ids=[line.charge_line_id for line in claim.lines],
            made_at=now.at,
        )
    )
    session.flush()
    sending.send(session, claim, now)


def is_asked_of_payer(session: Session, claim: Claim) -> bool:
    """Whether the last that this payer heard of the claim, or will hear, is that it is void."""
    return claim_frequency.of_newest(session, claim) == Frequency.VOID


def is_concluded(session: Session, claim: Claim) -> bool:
    """Whether its payer has said, by its answer or on the phone, that it has no such claim."""
    is_gone = all(line.charge_line.is_void for line in claim.lines)
    return is_gone and is_asked_of_payer(session, claim)


def conclude(session: Session, claim: Claim, now: Moment) -> None:
    """The payer has taken its answer back: what is left is our own charge, and that goes too."""
    for line in claim.lines:
        _take_charge_back(session, claim, line.charge_line, now)
        line.charge_line.is_void = True
    withdrawals.withdraw(session, claim, "the payer took its answer back already", now)
    claim.stage = ClaimStage.SETTLED
    claim.outcome = CLAIM_VOID
    waits.withdrawn(session, subjects.encounter_key(claim.encounter), now, claim_id=claim.id)


def _require_voidable(
    session: Session, claim: Claim, because: str, *, although_undecided: bool
) -> None:
    if not because.strip():
        raise Refused.of("because", "Say why the claim is taken back.")
    corrections.require_decided(session, claim, although_undecided=although_undecided)
    if (
        claim.outcome == CLAIM_VOID
        or is_asked_of_payer(session, claim)
        or _is_in_question(session, claim)
    ):
        raise Refused.of("because", "This claim is taken back already, or somebody is asked to.")
    if not claim.payer_claim_number or not claim.may_be_replaced:
        raise Refused.of(
            "because", f"{claim.payer.name} takes no void: call, and return its money."
        )
    others = select(Claim.id).where(
        bills(*(each.id for each in stays.visits(session, claim))),
        # More than fifty lines are several claims under one coverage: each is voided by itself.
        Claim.coverage_id != claim.coverage_id,
        # The other form of a split bill is voided by itself too.
        Claim.form == claim.form,
        Claim.outcome.is_distinct_from(CLAIM_VOID),
    )
    if session.scalar(others.limit(1)) is not None:
        raise Refused.of(
            "because", "Another payer has a claim for this encounter: void that first."
        )


def _is_in_question(session: Session, claim: Claim) -> bool:
    asked = select(Task.id).where(
        Task.claim_id == claim.id,
        Task.kind == TaskKind.VOID_APPROVAL,
        Task.status == TaskStatus.OPEN,
    )
    return session.scalar(asked.limit(1)) is not None


def _reopen(session: Session, claim: Claim, now: Moment) -> None:
    """While a void is asked for, its encounters stand with their claims again."""
    for encounter in stays.visits(session, claim):
        subject = reopen(session, encounter, Stage.CLAIMS, now)
        if encounter.id != claim.encounter_id:
            words = f"A void of {claim.encounter.encounter_no}'s claim is asked for"
            news.tell(session, subject, "reopened", words, now)
    claim.stage = ClaimStage.ADJUDICATED
    session.flush()


def _charged(claim: Claim) -> int:
    return sum(line.charge_line.charge_cents or 0 for line in claim.lines)


def _take_charge_back(session: Session, claim: Claim, line: ChargeLine, now: Moment) -> None:
    cents = -ledger.balance(session, Account.CHARGES, charge_line_id=line.id)
    if not cents:
        return
    charging.post(
        session,
        line,
        -cents,
        Receivable(account=Account.AR_INSURANCE, payer_id=claim.payer_id, claim_id=claim.id),
        effect_key=f"void:{line.id}",
        words=f"Charge of {line.price_code} taken back: the claim is void",
        now=now,
    )
    line.payer_id = None
