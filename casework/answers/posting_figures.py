"""The figures beside a posting exception: what the payer says, what our books say, line by line."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.posting import matching
from casework.posting.lines import owed
from db.models import ChargeLine, Claim, Payer, RemitClaim, RemitLine, RemitProviderAdjustment
from domain.money import dollars
from domain.questions import Amount, Fact, FactSection, RunningSum, Share

# BPR04: how the money came.
_MEANS = {"ACH": "EFT", "CHK": "check"}


def answer_sections(session: Session, answer: RemitClaim) -> tuple[FactSection, ...]:
    claim = session.get(Claim, answer.claim_id) if answer.claim_id else None
    sections = [_answer(session, answer), _lines(answer)]
    if claim is not None:
        sections.append(_books(session, claim))
    return tuple(sections)


def running_sum(
    session: Session,
    answer: RemitClaim,
    *,
    choice: str,
    whole: tuple[str, ...],
    shares: tuple[Share, ...],
) -> RunningSum:
    """The payment of the remittance, less what has its place without this answer."""
    remittance = answer.remittance
    settled, open_elsewhere = _others(session, answer)
    # A PLB takes from the payment what it lists as positive; that money has its own place.
    kept_back = _provider_cents(session, remittance.id)
    here = sum(share.cents for share in shares) if shares else answer.paid_cents
    less = (
        Amount(label="posted", cents=settled),
        Amount(label="kept back" if kept_back > 0 else "beside claims", cents=-kept_back),
        Amount(label="open elsewhere", cents=open_elsewhere),
        Amount(label="claim as a whole", cents=answer.paid_cents - here),
    )
    return RunningSum(
        came=Amount(label=_MEANS.get(remittance.method, "paid"), cents=remittance.paid_cents),
        less=tuple(amount for amount in less if amount.cents or amount is less[0]),
        here_cents=here,
        choice=choice,
        whole=whole,
        shares=shares,
    )


def arithmetic_sections(arithmetic: list[str], rows: list[list[str]]) -> tuple[FactSection, ...]:
    """An 835 that does not balance: each sum as stated, and by how much it is off."""
    return (
        FactSection(
            title="What does not agree",
            facts=tuple(
                Fact(label=f"{place}.", value=words) for place, words in enumerate(arithmetic, 1)
            ),
        ),
        FactSection(
            title="Line by line",
            columns=("Place", "Charge or paid", "Less", "Stated", "Off by"),
            rows=tuple(tuple(row) for row in rows),
        ),
    )


def _others(session: Session, answer: RemitClaim) -> tuple[int, int]:
    """What the remittance's other answers paid: with a place already, and without one."""
    has_place = RemitClaim.posting.in_(("posted", "dismissed"))
    settled, total = session.execute(
        select(
            func.coalesce(func.sum(RemitClaim.paid_cents).filter(has_place), 0),
            func.coalesce(func.sum(RemitClaim.paid_cents), 0),
        ).where(RemitClaim.remittance_id == answer.remittance_id, RemitClaim.id != answer.id)
    ).one()
    return int(settled), int(total - settled)


def _provider_cents(session: Session, remittance_id: int) -> int:
    found = session.scalar(
        select(func.coalesce(func.sum(RemitProviderAdjustment.cents), 0)).where(
            RemitProviderAdjustment.remittance_id == remittance_id
        )
    )
    return int(found or 0)


def _answer(session: Session, answer: RemitClaim) -> FactSection:
    payer = session.get_one(Payer, answer.remittance.payer_id)
    facts = {
        "Payer": payer.name,
        "Remittance": f"{answer.remittance.trace_number} of {answer.remittance.paid_on}",
        "Our control number as echoed": answer.pcn,
        "Payer's claim number": answer.payer_claim_number,
        "Claim status code": _as_sent(answer.status, answer.status_sent),
        "Date of service": str(answer.service_on or "not named"),
        "Charge": dollars(answer.charge_cents),
        "Paid": dollars(answer.paid_cents),
        "Segment": str(answer.segment),
    }
    member = Fact(
        label="Member",
        value=answer.member_id or "not named",
        is_identifier=answer.member_id is not None,
    )
    return FactSection(
        title="The payer's answer",
        facts=(*(Fact(label=label, value=value) for label, value in facts.items()), member),
    )


def _lines(answer: RemitClaim) -> FactSection:
    """Each line runs from the charge through its adjustments to what was paid."""
    return FactSection(
        title="Its lines",
        columns=("Line", "Code", "Charge", "Adjustments", "Paid"),
        rows=tuple(_line(line) for line in answer.lines),
    )


def _line(line: RemitLine) -> tuple[str, ...]:
    running, steps = line.charge_cents, []
    for adjustment in line.adjustments:
        running -= adjustment.cents
        steps.append(
            f"{_as_sent(adjustment.group_code, adjustment.group_sent)}-{adjustment.carc} "
            f"{dollars(adjustment.cents)} "
            f"leaves {dollars(running)}"
        )
    code = " ".join([line.code or "whole claim", *line.modifiers])
    return (
        str(line.ordinal),
        code,
        dollars(line.charge_cents),
        "; ".join(steps),
        dollars(line.paid_cents),
    )


def _as_sent(code: str, sent: str | None) -> str:
    return f"{code} (sent as {sent})" if sent else code


def _books(session: Session, claim: Claim) -> FactSection:
    return FactSection(
        title=f"Our books: {claim.encounter.encounter_no}",
        aside=f"claim to {claim.payer.name}",
        columns=("Line", "Code", "Charge", "Still owed by the payer"),
        rows=tuple(
            _booked(line, owed(session, line, claim.payer_id))
            for line in matching.charge_lines(session, claim)
        ),
    )


def _booked(line: ChargeLine, left: int) -> tuple[str, ...]:
    code = " ".join([line.code, *line.modifiers])
    return (str(line.ordinal), code, dollars(line.charge_cents or 0), dollars(left))
