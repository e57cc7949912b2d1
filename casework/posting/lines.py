"""One answered line to one balanced entry and the denials it leaves: judged, then written."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import coverages, ledger, settings
from casework.moment import Moment
from casework.posting import matching
from casework.posting.cases import ExceptionCase
from casework.posting.reversals import SOURCE, effect_key
from db.models import ChargeLine, Claim, ClaimLine, Denial, RemitClaim, RemitLine
from domain.denials import DenialStatus
from domain.ledger import Account, LedgerEntry
from domain.money import dollars
from domain.posting import (
    AnsweredLine,
    LineResult,
    Place,
    Reason,
    Terms,
    post_line,
    spread,
)

CAPITATED = "capitation"
FIRST = "P"


@dataclass(frozen=True, kw_only=True)
class JudgedLine:
    """A line of an answer, the charge line it means, and what posting it would do."""

    line: RemitLine
    charge_line: ChargeLine
    answered: AnsweredLine
    result: LineResult


@dataclass(frozen=True, kw_only=True)
class Unplaced:
    """Why an answer cannot be posted; nothing of it is. `may_wait`: other news may yet cure it."""

    cause: ExceptionCase
    words: str
    may_wait: bool = False


def judge(session: Session, claim: Claim, answer: RemitClaim) -> tuple[JudgedLine, ...] | Unplaced:
    """Every line with its legs, or why the answer does not fit. Changes nothing."""
    answered = _answered_lines(session, claim, answer)
    if isinstance(answered, Unplaced):
        return answered
    judged = tuple(
        JudgedLine(
            line=line,
            charge_line=charge_line,
            answered=values,
            result=post_line(
                values,
                owed(session, charge_line, claim.payer_id),
                _terms(session, claim, charge_line),
                _place(session, claim, charge_line, answer),
            ),
        )
        for line, charge_line, values in answered
    )
    over = [each for each in judged if each.result.overposted_cents]
    return _overposted(session, claim, over[0]) if over else judged


def write(
    session: Session, claim: Claim, answer: RemitClaim, judged: JudgedLine, now: Moment
) -> None:
    """The entry and the denial rows of one judged line."""
    judged.line.charge_line_id = judged.line.charge_line_id or judged.charge_line.id
    if judged.result.legs:
        key = effect_key(answer, judged.line, charge_line_id=judged.charge_line.id)
        entry = _entry(key, claim, answer, judged, now)
        ledger.post(session, entry, remit_line_id=judged.line.id)
    for denied in judged.result.denied:
        session.add(
            Denial(
                claim_id=claim.id,
                charge_line_id=judged.charge_line.id,
                remit_line_id=judged.line.id,
                group_code=denied.group,
                carc=denied.carc,
                rarcs=list(dict.fromkeys([*judged.line.remarks, *answer.remarks])),
                amount_cents=denied.cents,
                is_underpayment=denied.is_underpayment,
                status=DenialStatus.OPEN,
                denied_at=now.at,
            )
        )
    keep_debtor(session, judged.charge_line, claim.payer_id)


def owed(session: Session, charge_line: ChargeLine, payer_id: int) -> int:
    return ledger.balance(
        session, Account.AR_INSURANCE, charge_line_id=charge_line.id, payer_id=payer_id
    )


def keep_debtor(session: Session, charge_line: ChargeLine, payer_id: int) -> None:
    """The line names whose receivable it is: this payer's first, then any other's, or none."""
    session.flush()
    debtors = {
        payer: cents
        for (line, account, payer), cents in ledger.open_receivables(
            session, charge_line.encounter_id
        ).items()
        if line == charge_line.id and account is Account.AR_INSURANCE and cents > 0
    }
    charge_line.payer_id = payer_id if payer_id in debtors else next(iter(debtors), None)


def _answered_lines(
    session: Session, claim: Claim, answer: RemitClaim
) -> list[tuple[RemitLine, ChargeLine, AnsweredLine]] | Unplaced:
    """The answer's lines with the adjustments of the whole claim laid on them."""
    whole = next((line for line in answer.lines if line.ordinal == 0), None)
    of_lines = [line for line in answer.lines if line.ordinal]
    if not of_lines and whole is not None:
        return _without_lines(session, claim, answer, whole)
    found = matching.match_lines(session, claim, answer)
    if found is None:
        return Unplaced(
            cause=ExceptionCase.LINE,
            words="A line of the answer does not say which of our charge lines it means.",
        )
    reasons = _reasons(whole) if whole else ()
    values = spread([_values(line) for line in of_lines], reasons)
    return [
        (line, found[line.ordinal], value) for line, value in zip(of_lines, values, strict=True)
    ]


def _without_lines(
    session: Session, claim: Claim, answer: RemitClaim, whole: RemitLine
) -> list[tuple[RemitLine, ChargeLine, AnsweredLine]] | Unplaced:
    charge_lines = matching.billed_lines(session, claim, answer)
    charged = sum(line.charge_cents or 0 for line in charge_lines)
    if charged != whole.charge_cents:
        return Unplaced(
            cause=ExceptionCase.CHARGE,
            words=f"The answer has no lines and speaks of {dollars(whole.charge_cents)}, but we "
            f"charged {dollars(charged)}.",
        )
    bare = [
        AnsweredLine(charge_cents=cents, paid_cents=cents, reasons=())
        for cents in (line.charge_cents or 0 for line in charge_lines)
    ]
    values = spread(bare, _reasons(whole))
    return [(whole, line, value) for line, value in zip(charge_lines, values, strict=True)]


def _values(line: RemitLine) -> AnsweredLine:
    return AnsweredLine(
        charge_cents=line.charge_cents, paid_cents=line.paid_cents, reasons=_reasons(line)
    )


def _reasons(line: RemitLine) -> tuple[Reason, ...]:
    return tuple(
        Reason(group=each.group_code, carc=each.carc, cents=each.cents) for each in line.adjustments
    )


def _terms(session: Session, claim: Claim, charge_line: ChargeLine) -> Terms:
    return Terms(
        expected_cents=_expected(session, claim, charge_line),
        is_capitated=claim.payer.kind == CAPITATED,
        may_bill_patient=not claim.payer.is_payment_in_full,
        tolerance_cents=settings.number(session, "underpayment_tolerance_cents"),
        tolerance_percent=settings.number(session, "underpayment_tolerance_percent"),
    )


def _expected(session: Session, claim: Claim, charge_line: ChargeLine) -> int | None:
    """A contract is held against the first payer alone: later ones pay what it left."""
    if claim.responsibility != FIRST:
        return None
    return session.scalar(
        select(ClaimLine.expected_cents).where(
            ClaimLine.claim_id == claim.id, ClaimLine.charge_line_id == charge_line.id
        )
    )


def _place(session: Session, claim: Claim, charge_line: ChargeLine, answer: RemitClaim) -> Place:
    following = coverages.after(session, claim)
    encounter = charge_line.encounter
    return Place(
        payer_id=claim.payer_id,
        next_payer_id=following.plan.payer_id if following else None,
        patient_id=encounter.patient_id,
        guarantor_id=encounter.guarantor_id,
        encounter_id=encounter.id,
        charge_line_id=charge_line.id,
        claim_id=claim.id,
        payer_reference=answer.payer_claim_number,
    )


def _entry(
    key: str, claim: Claim, answer: RemitClaim, judged: JudgedLine, now: Moment
) -> LedgerEntry:
    return LedgerEntry(
        effect_key=key,
        source=SOURCE,
        words=f"Remittance {answer.remittance.trace_number}, claim {answer.ordinal}, segment "
        f"{judged.line.segment}: {claim.payer.name} answered",
        service_on=judged.charge_line.service_on,
        deposit_on=answer.remittance.paid_on,
        posted_on=now.today,
        legs=judged.result.legs,
    )


def _overposted(session: Session, claim: Claim, judged: JudgedLine) -> Unplaced:
    left = owed(session, judged.charge_line, claim.payer_id)
    posted = left + judged.result.overposted_cents
    return Unplaced(
        cause=ExceptionCase.OVERPOSTED,
        words=f"Line {judged.line.ordinal} would post {dollars(posted)}, but only "
        f"{dollars(left)} of it is still owed by {claim.payer.name}.",
        # A correction may overtake the reversal that makes room for it.
        may_wait=True,
    )
