"""The figures beside a posting exception: what the payer says, what our books say, line by line."""

from sqlalchemy.orm import Session

from casework.posting import matching
from casework.posting.lines import owed
from db.models import ChargeLine, Claim, Payer, RemitClaim, RemitLine
from domain.money import dollars
from domain.questions import Fact, FactSection


def answer_sections(session: Session, answer: RemitClaim) -> tuple[FactSection, ...]:
    claim = session.get(Claim, answer.claim_id) if answer.claim_id else None
    sections = [_answer(session, answer), _lines(answer)]
    if claim is not None:
        sections.append(_books(session, claim))
    return tuple(sections)


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


def _answer(session: Session, answer: RemitClaim) -> FactSection:
    payer = session.get_one(Payer, answer.remittance.payer_id)
    facts = {
        "Payer": payer.name,
        "Remittance": f"{answer.remittance.trace_number} of {answer.remittance.paid_on}",
        "Our control number as echoed": answer.pcn,
        "Payer's claim number": answer.payer_claim_number,
        "Claim status code": answer.status,
        "Member": answer.member_id or "not named",
        "Date of service": str(answer.service_on or "not named"),
        "Charge": dollars(answer.charge_cents),
        "Paid": dollars(answer.paid_cents),
        "Segment": str(answer.segment),
    }
    return FactSection(
        title="The payer's answer",
        facts=tuple(Fact(label=label, value=value) for label, value in facts.items()),
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
            f"{adjustment.group_code}-{adjustment.carc} {dollars(adjustment.cents)} "
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
