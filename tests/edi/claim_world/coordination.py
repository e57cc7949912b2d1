"""What other payers did to an invented claim: always so that it adds up to the charge."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from domain.claims import OtherPayer, OtherPayerLine, PriorAdjustment, Responsibility
from domain.parties import Relationship
from domain.remittance import AdjustmentGroup
from tests.edi.claim_world.draw import Draw

_CONTRACTUAL = ("45", "253", "97", "59", "P12", "131", "B10")
_PATIENT = ("1", "2", "3", "96")
_REMARKS = ("MA18", "N211", "M86", "N30", "MA130")


class AdjudicatedLine:
    """What is needed of a line, of either kind of claim, to say how a payer saw it."""

    def __init__(
        self,
        control: str,
        cents: int,
        code: str,
        modifiers: tuple[str, ...],
        units: Decimal,
        revenue_code: str | None = None,
    ) -> None:
        self.control, self.cents, self.code = control, cents, code
        self.modifiers, self.units, self.revenue_code = modifiers, units, revenue_code


def by_line(draw: Draw, place: int, lines: Sequence[AdjudicatedLine]) -> OtherPayer:
    """A payer that adjudicated each line, and nothing on the claim as a whole."""
    on = draw.day()
    is_left_on_lines = draw.chance(0.3)
    told = tuple(_line(draw, line, on, is_left_on_lines) for line in lines)
    patient = sum(
        one.cents
        for line in told
        for one in line.adjustments
        if one.group is AdjustmentGroup.PATIENT
    )
    return _payer(
        draw,
        place,
        paid_cents=sum(line.paid_cents for line in told),
        remaining=None if is_left_on_lines else patient,
        lines=told,
    )


def by_claim(draw: Draw, place: int, charge_cents: int) -> OtherPayer:
    """A payer that adjudicated the claim as a whole."""
    paid = draw.rng.randint(0, charge_cents)
    return _payer(
        draw,
        place,
        paid_cents=paid,
        adjustments=_adjustments(draw, charge_cents - paid),
        remaining=draw.cents(charge_cents) if draw.chance() else None,
        noncovered=draw.cents(charge_cents) if draw.chance(0.2) else None,
        on=draw.day(),
    )


def undecided(draw: Draw, place: int) -> OtherPayer:
    """A payer that is known and has not adjudicated."""
    return _payer(draw, place, paid_cents=None, remaining=None)


def _payer(
    draw: Draw,
    place: int,
    *,
    paid_cents: int | None,
    remaining: int | None,
    adjustments: tuple[PriorAdjustment, ...] = (),
    noncovered: int | None = None,
    on: dt.date | None = None,
    lines: tuple[OtherPayerLine, ...] = (),
) -> OtherPayer:
    is_decided = paid_cents is not None
    return OtherPayer(
        responsibility=list(Responsibility)[place],
        payer=draw.payer(place + 1),
        subscriber=draw.insured(),
        relationship=draw.rng.choice(list(Relationship)),
        filing_code=draw.one("MB", "CI", "BL", "16"),
        paid_cents=paid_cents,
        adjustments=adjustments,
        remaining_patient_liability_cents=remaining,
        noncovered_cents=noncovered,
        payer_claim_number=draw.number("ICN") if is_decided else None,
        adjudicated_on=on,
        remarks=draw.some(_REMARKS, 5) if is_decided else (),
        prior_auth=draw.number("PA") if draw.chance(0.2) else None,
        referral=draw.number("RF") if draw.chance(0.2) else None,
        lines=lines,
    )


def _line(draw: Draw, line: AdjudicatedLine, on: dt.date, is_left_on_lines: bool) -> OtherPayerLine:
    paid = draw.rng.randint(0, line.cents)
    return OtherPayerLine(
        line_control=line.control,
        paid_cents=paid,
        code=line.code,
        modifiers=line.modifiers,
        units=line.units,
        revenue_code=line.revenue_code,
        adjustments=_adjustments(draw, line.cents - paid),
        adjudicated_on=on,
        remaining_patient_liability_cents=draw.cents(5000) if is_left_on_lines else None,
        bundled_into=1 if draw.chance(0.1) else None,
    )


def _adjustments(draw: Draw, cents: int) -> tuple[PriorAdjustment, ...]:
    """Parts that sum to the cents; now and then more reasons of a group than one CAS holds."""
    if cents == 0:
        return ()
    most = 7 if draw.chance(0.1) else 3
    reasons = [(AdjustmentGroup.CONTRACTUAL, carc) for carc in draw.some(_CONTRACTUAL, most, 1)] + [
        (AdjustmentGroup.PATIENT, carc) for carc in draw.some(_PATIENT, 2)
    ]
    reasons = reasons[:cents]
    parts = [1] * len(reasons)
    for _ in range(3):
        place = draw.rng.randrange(len(parts))
        parts[place] += draw.rng.randint(0, cents - sum(parts))
    parts[0] += cents - sum(parts)
    return tuple(
        PriorAdjustment(
            group=group,
            carc=carc,
            cents=part,
            quantity=Decimal(1) if draw.chance(0.1) else None,
        )
        for (group, carc), part in zip(reasons, parts, strict=True)
    )
