"""Denials: what each adjudication left open is put to a person, and the decision is carried out."""

import datetime as dt
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import (
    appeal_windows,
    appeals,
    denial_facts,
    expected_amounts,
    stays,
    subjects,
    submissions,
    tasks,
)
from casework.moment import Moment
from casework.steps import claims, denial_corrections, denial_moves, patient
from db.models import AppealCase, Claim, Denial, Task
from domain.denials import CORRECTIONS, DenialRoute, DenialStatus
from domain.encounter import ClaimStage
from domain.money import dollars
from domain.tasks import TaskKind

REVERSED, AWAITS_CORRECTION = "reversed", "awaits correction"
CORRECTED_WITHIN = dt.timedelta(days=14)
LETTERS = (DenialRoute.APPEAL, DenialRoute.SEND_RECORDS)


def judge(session: Session, claim: Claim, now: Moment) -> str:
    """The payer has answered: ask a person about each cause of refusal, or settle the claim."""
    refused = of_claim(session, claim, DenialStatus.OPEN)
    if not refused:
        return _settle(session, claim, now)
    claim.stage = ClaimStage.DENIED
    claim.outcome = "denied" if _is_all_denied(claim, refused) else "partly_paid"
    opened = [
        _open_task(session, claim, list(of_cause), now)
        for _, of_cause in groupby(refused, key=_cause)
    ]
    if all(denial.is_underpayment for denial in refused):
        # What we dispute with the payer does not keep the patient's own part waiting.
        for encounter in stays.visits(session, claim):
            patient.wake_patient_balance(session, encounter, now)
    return opened[0].title


def apply_decisions(session: Session, claim: Claim, now: Moment) -> str:
    """Every denial of the claim has its decision: carry them out."""
    if of_claim(session, claim, DenialStatus.OPEN):
        # A supervisor said no to a write-off: the denial is asked about again.
        claim.stage = ClaimStage.ADJUDICATED
        return "A refused amount needs another decision"
    decided = of_claim(session, claim, DenialStatus.DECIDED)
    for denial in decided:
        denial_moves.carry_out_at_once(session, claim, denial, now)
    corrected = [denial for denial in decided if denial.route in CORRECTIONS]
    if corrected:
        return denial_corrections.correct(session, claim, corrected, now)
    letters = [denial for denial in decided if denial.route in LETTERS]
    if letters:
        return appeals.draft(session, claim, letters, now)
    return _settle(session, claim, now)


def follow_appeal(session: Session, claim: Claim, now: Moment) -> str:
    """The payer has not decided the appeal in its time: a biller asks."""
    case = appeals.latest_case(session, claim)
    if appeals.is_to_be_posted(session, case):
        return _ask_who_posts(session, case, now)
    claims.open_follow_up(
        session,
        claim,
        cause=f"appeal:{case.id}",
        title=f"{claim.payer.name} has not decided our {case.kind}",
        reason=f"The {case.kind} was sent on {case.sent_at:%Y-%m-%d}; an answer was due by "
        f"{case.answer_due_on}.",
        now=now,
    )
    return f"No decision on the {case.kind} in time: asked a biller"


def _ask_who_posts(session: Session, case: AppealCase, now: Moment) -> str:
    claim = case.claim
    claims.open_follow_up(
        session,
        claim,
        cause=f"unposted:{case.reference}",
        title=f"The {case.kind} to {claim.payer.name} is not posted yet",
        reason=f"It waits on Mail to post since {case.sent_at:%Y-%m-%d}, and nobody has marked it "
        "as mailed.",
        now=now,
    )
    return "Not posted in time: asked a biller"


def of_claim(session: Session, claim: Claim, status: DenialStatus) -> list[Denial]:
    return list(
        session.scalars(
            select(Denial)
            .where(Denial.claim_id == claim.id, Denial.status == status)
            .order_by(Denial.is_underpayment, Denial.group_code, Denial.carc, Denial.id)
        )
    )


def _cause(denial: Denial) -> tuple[bool, str, str]:
    return denial.is_underpayment, denial.group_code, denial.carc


def _is_all_denied(claim: Claim, refused: list[Denial]) -> bool:
    lines = {line.charge_line_id for line in claim.lines}
    denied = {denial.charge_line_id for denial in refused if not denial.is_underpayment}
    return lines <= denied


def _open_task(session: Session, claim: Claim, refused: list[Denial], now: Moment) -> Task:
    amount = sum(denial.amount_cents for denial in refused)
    kind = TaskKind.UNDERPAYMENT if refused[0].is_underpayment else TaskKind.DENIAL
    window = appeal_windows.of(session, claim, refused, now)
    level = denial_facts.level_reached(session, claim)
    has_level = level < claim.payer.appeal_levels
    asked = tasks.count(session, claim_id=claim.id, kind=kind)
    _withdraw_earlier(session, refused, now)
    task = tasks.open_task(
        session,
        kind,
        subject=subjects.encounter_key(claim.encounter),
        cause=f"denial:{','.join(str(denial.id) for denial in refused)}:{level}:{asked}",
        title=_title(claim, refused[0], amount),
        reason=f"Refused on the remittance; an appeal must be filed by {window.until_on}."
        if has_level
        else "Refused on the remittance; no level of appeal is left.",
        details={"denial_ids": [denial.id for denial in refused]},
        now=now,
        amount_cents=amount,
        waits_in_claim=claim.id,
        due_on=window.due_on(kind, now) if has_level else None,
        encounter_id=claim.encounter_id,
        claim_id=claim.id,
        payer_id=claim.payer_id,
    )
    for denial in refused:
        denial.task_id = task.id
    return task


def _title(claim: Claim, denial: Denial, cents: int) -> str:
    if denial.is_underpayment:
        return f"{claim.payer.name} paid {dollars(cents)} less than the contract"
    return f"{claim.payer.name} refused {dollars(cents)} ({denial.group_code}-{denial.carc})"


def _withdraw_earlier(session: Session, refused: list[Denial], now: Moment) -> None:
    """An answer about other lines ended the wait for a question that is now asked anew."""
    for task_id in sorted({denial.task_id for denial in refused if denial.task_id}):
        tasks.withdraw(session, session.get_one(Task, task_id), "It is asked about anew.", now)


def _settle(session: Session, claim: Claim, now: Moment) -> str:
    left = expected_amounts.claim_receivable(session, claim)
    if left > 0 and claim.outcome == REVERSED:
        # The correction usually comes with the reversal, or soon after it.
        claim.outcome = AWAITS_CORRECTION
        submissions.await_remittance(session, claim, now, within=CORRECTED_WITHIN)
        claim.stage = ClaimStage.ADJUDICATED
        return f"The answer of {claim.payer.name} was taken back: waiting for the corrected one"
    if left > 0:
        # Neither paid, refused nor moved: a person must say whose money this is.
        _open_leftover(session, claim, left, now)
        claim.stage = ClaimStage.DENIED
        return f"{dollars(left)} is neither paid nor refused: asked a biller"
    claim.stage = ClaimStage.SETTLED
    if claim.outcome in (None, REVERSED, AWAITS_CORRECTION):
        claim.outcome = "paid"
    return f"Settled with {claim.payer.name}"


def _open_leftover(session: Session, claim: Claim, cents: int, now: Moment) -> None:
    claims.open_follow_up(
        session,
        claim,
        cause="leftover",
        title=f"{claim.payer.name} left {dollars(cents)} unexplained",
        reason="The remittance neither paid nor refused this amount.",
        now=now,
    )
