"""Denials: what each adjudication left open is put to a person, and the decision is carried out."""

import datetime as dt
from dataclasses import replace
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import (
    appeal_windows,
    appeals,
    coverages,
    denial_facts,
    expected_amounts,
    ledger,
    stays,
    subjects,
    submissions,
    tasks,
)
from casework.moment import Moment
from casework.steps import claims, coding, patient
from db.models import Claim, Denial, Encounter, Task
from domain.corrections import Instead
from domain.denials import CORRECTIONS, DenialRoute, DenialStatus
from domain.encounter import ClaimStage
from domain.ledger import Account, LedgerEntry, Leg
from domain.money import dollars
from domain.tasks import TaskKind, TaskStatus

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
        _carry_out_at_once(session, claim, denial, now)
    corrected = [denial for denial in decided if denial.route in CORRECTIONS]
    if corrected:
        return _correct(session, claim, corrected, now)
    letters = [denial for denial in decided if denial.route in LETTERS]
    if letters:
        return appeals.draft(session, claim, letters, now)
    return _settle(session, claim, now)


def follow_appeal(session: Session, claim: Claim, now: Moment) -> str:
    """The payer has not decided the appeal in its time: a biller asks."""
    case = appeals.latest_case(session, claim)
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


def of_claim(session: Session, claim: Claim, status: DenialStatus) -> list[Denial]:
    return list(
        session.scalars(
            select(Denial)
            .where(Denial.claim_id == claim.id, Denial.status == status)
            .order_by(Denial.is_underpayment, Denial.group_code, Denial.carc, Denial.id)
        )
    )


def resolve(denial: Denial, now: Moment) -> None:
    denial.status = DenialStatus.RESOLVED
    denial.resolved_at = now.at


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


def _carry_out_at_once(session: Session, claim: Claim, denial: Denial, now: Moment) -> None:
    match denial.route:
        case DenialRoute.NEXT_PAYER:
            _move_to_next_payer(session, claim, denial, now)
        case DenialRoute.PATIENT:
            _move(session, claim, denial, None, now)
        case _:
            return
    resolve(denial, now)


def _move_to_next_payer(session: Session, claim: Claim, denial: Denial, now: Moment) -> None:
    others = coverages.others(session, claim)
    if others:
        _move(session, claim, denial, others[0].plan.payer_id, now)


def _move(
    session: Session, claim: Claim, denial: Denial, payer_id: int | None, now: Moment
) -> None:
    """Move what was refused to another payer's receivable, or (None) to the patient's."""
    owed = ledger.balance(
        session, Account.AR_INSURANCE, charge_line_id=denial.charge_line_id, payer_id=claim.payer_id
    )
    cents = min(owed, denial.amount_cents)
    if cents <= 0:
        return
    ledger.post(
        session,
        LedgerEntry(
            effect_key=f"move:{denial.id}",
            source=f"denial {denial.id}",
            words="Moved to the next payer" if payer_id else "Moved to the patient",
            service_on=denial.charge_line.service_on,
            deposit_on=None,
            posted_on=now.today,
            legs=_moving_legs(claim, denial, cents, payer_id),
        ),
    )


def _moving_legs(claim: Claim, denial: Denial, cents: int, payer_id: int | None) -> tuple[Leg, Leg]:
    encounter = denial.charge_line.encounter
    given = Leg(
        account=Account.AR_INSURANCE,
        cents=-cents,
        payer_id=claim.payer_id,
        patient_id=encounter.patient_id,
        guarantor_id=encounter.guarantor_id,
        encounter_id=encounter.id,
        charge_line_id=denial.charge_line_id,
        claim_id=claim.id,
    )
    account = Account.AR_INSURANCE if payer_id else Account.AR_PATIENT
    return replace(given, account=account, cents=cents, payer_id=payer_id), given


def _correct(session: Session, claim: Claim, corrected: list[Denial], now: Moment) -> str:
    """A corrected claim; one that needs another code waits for a coder first."""
    recode = [denial for denial in corrected if denial.route is DenialRoute.RECODE]
    to_recode = [
        (encounter, denials)
        for encounter, denials in _by_encounter(recode)
        if not _is_recoded(session, claim, denials)
    ]
    for encounter, denials in to_recode:
        _ask_coder(session, claim, encounter, denials, now)
    if to_recode:
        return "A coder changes the codes first"
    # MA130: the payer says that it never processed the claim; then a replacement has no original.
    is_correction = not any("MA130" in denial.rarcs for denial in corrected)
    if is_correction and not claim.may_be_replaced and claim.instead is Instead.REOPENING:
        return appeals.draft(session, claim, corrected, now)
    for denial in corrected:
        resolve(denial, now)
    version = submissions.new_version(
        session,
        claim,
        because=f"corrected after {corrected[0].group_code}-{corrected[0].carc}",
        is_correction=is_correction,
        now=now,
        line_ids=tuple(sorted({denial.charge_line_id for denial in corrected})),
    )
    claim.stage = ClaimStage.EDITS
    return f"Corrected claim, frequency {version.frequency}"


def _is_recoded(session: Session, claim: Claim, recode: list[Denial]) -> bool:
    answered = session.scalars(
        select(Task).where(
            Task.claim_id == claim.id,
            Task.kind == TaskKind.CODING_REVIEW,
            Task.status == TaskStatus.ANSWERED,
        )
    )
    recoded = [set(task.details.get("denial_ids", [])) for task in answered]
    return any({denial.id for denial in recode} <= ids for ids in recoded)


def _ask_coder(
    session: Session, claim: Claim, encounter: Encounter, recode: list[Denial], now: Moment
) -> None:
    first = recode[0]
    asked = coding.open_review(
        session,
        encounter,
        f"{claim.payer.name} refused the claim ({first.group_code}-{first.carc}): "
        "only a coder changes codes.",
        now,
        claim=claim,
        denial_ids=tuple(denial.id for denial in recode),
    )
    if first.task_id:
        session.get_one(Task, first.task_id).waits_on_id = asked


def _by_encounter(denials: list[Denial]) -> list[tuple[Encounter, list[Denial]]]:
    """Each encounter has a chart, and codes, of its own."""
    encounters = {
        denial.charge_line.encounter_id: denial.charge_line.encounter for denial in denials
    }
    return [
        (encounter, [each for each in denials if each.charge_line.encounter_id == encounter_id])
        for encounter_id, encounter in encounters.items()
    ]


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
