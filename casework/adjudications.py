"""What an earlier payer did to the lines of a claim, by its posted answers that still stand.

A line's latest answer counts; what was said of a claim as a whole stands beside its lines.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from db.models import ChargeLine, Claim, RemitClaim, RemitLine
from domain import control_numbers
from domain.claims import OtherPayerLine, PriorAdjustment
from domain.remittance import AdjustmentGroup, RemitStatus

# MOA and MIA have room for so many.
REMARKS_MAX = 5


@dataclass(frozen=True, kw_only=True)
class Adjudication:
    """Its sums may fail to reach the charge; the rules of the claim find that before sending."""

    paid_cents: int
    adjustments: tuple[PriorAdjustment, ...]
    patient_cents: int
    lines: tuple[OtherPayerLine, ...]
    payer_claim_number: str | None
    adjudicated_on: dt.date | None
    """Only where no line tells its own day."""
    remarks: tuple[str, ...]


def is_answered(session: Session, claim: Claim) -> bool:
    return bool(_standing(session, claim))


def adjudication_of(session: Session, claim: Claim, line_ids: Sequence[int]) -> Adjudication | None:
    """None while the payer has not answered, or its answer was taken back."""
    answers = _standing(session, claim)
    if not answers:
        return None
    latest = {
        line.charge_line_id: line
        for answer in reversed(answers)
        for line in answer.lines
        if line.ordinal and line.charge_line_id in line_ids
    }
    found = [latest[line_id] for line_id in line_ids if line_id in latest]
    telling = [answer for answer in answers if any(line in found for line in answer.lines)]
    telling = telling or answers[:1]
    whole = [line for answer in telling for line in answer.lines if line.ordinal == 0]
    return _adjudication(session, telling, found, whole)


def _standing(session: Session, claim: Claim) -> list[RemitClaim]:
    """The latest first; a reversal is no answer, nor is what one has taken back."""
    back = aliased(RemitClaim)
    return list(
        session.scalars(
            select(RemitClaim)
            .where(RemitClaim.claim_id == claim.id, RemitClaim.posting == "posted")
            .where(RemitClaim.status != RemitStatus.REVERSAL)
            .where(~exists().where(back.reverses_id == RemitClaim.id))
            .order_by(RemitClaim.id.desc())
        )
    )


def _adjudication(
    session: Session,
    answers: Sequence[RemitClaim],
    lines: Sequence[RemitLine],
    whole: Sequence[RemitLine],
) -> Adjudication:
    every = [one for line in (*lines, *whole) for one in line.adjustments]
    remarks = dict.fromkeys(code for answer in answers for code in answer.remarks)
    return Adjudication(
        paid_cents=sum(line.paid_cents for line in (*lines, *whole)),
        adjustments=tuple(each for line in whole for each in _adjustments(line)),
        patient_cents=sum(one.cents for one in every if one.group_code == AdjustmentGroup.PATIENT),
        lines=tuple(_line(session, line) for line in lines),
        payer_claim_number=answers[0].payer_claim_number or None,
        adjudicated_on=None if lines else answers[0].remittance.paid_on,
        remarks=tuple(remarks)[:REMARKS_MAX],
    )


def _line(session: Session, line: RemitLine) -> OtherPayerLine:
    charged = session.get_one(ChargeLine, line.charge_line_id)
    return OtherPayerLine(
        line_control=control_numbers.line_control(charged.id),
        paid_cents=line.paid_cents,
        # A facility's line without a procedure is answered by its revenue code.
        code=line.code if charged.code else "",
        revenue_code=charged.revenue_code,
        modifiers=tuple(line.modifiers),
        units=Decimal(line.units),
        adjustments=_adjustments(line),
        adjudicated_on=line.remit_claim.remittance.paid_on,
    )


def _adjustments(line: RemitLine) -> tuple[PriorAdjustment, ...]:
    return tuple(
        PriorAdjustment(group=AdjustmentGroup(each.group_code), carc=each.carc, cents=each.cents)
        for each in line.adjustments
    )
