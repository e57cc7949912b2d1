"""Whether two remittances say the same: by all that is posted of their answers, in whatever order
and under whatever segment numbers. A file of any size is compared in the memory of a part of it."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from casework.posting import storing
from db.models import (
    RemitAdjustment,
    RemitClaim,
    RemitLine,
    RemitProviderAdjustment,
    Remittance,
)
from domain import remittance as said
from domain.money import dollars

SHOWN_MAX = 20
_BITS = 2**64

Answer = tuple[object, ...]
"""Number and amounts of a claim, and its lines with theirs."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    same: int
    """Answers that both give alike."""
    words: tuple[str, ...]
    is_apart: bool
    """No claim of the one is in the other."""


@dataclass(kw_only=True)
class _Sum:
    """So that no order counts and nothing is kept."""

    total: int = 0
    count: int = 0

    def take(self, answer: Answer) -> None:
        self.total = (self.total + _number(answer)) % _BITS
        self.count += 1

    def digest(self, beside: Sequence[Answer]) -> str:
        return f"{self.count}:{self.total:016x}:{_number(tuple(beside)):016x}"


def digests_of(
    items: Mapping[int, said.Remittance], claims: Iterable[tuple[int, said.RemitClaim]]
) -> dict[int, str]:
    """Of some remittances of a file, by their places in it, from one pass through its claims."""
    sums = {place: _Sum() for place in items}
    for place, claim in claims:
        if place in sums:
            sums[place].take(_sent(claim))
    return {place: sums[place].digest(_beside(item)) for place, item in items.items()}


def digest_of_stored(session: Session, remittance: Remittance) -> str:
    plb = RemitProviderAdjustment
    rows = session.execute(
        select(plb.code, plb.reference, plb.cents).where(plb.remittance_id == remittance.id)
    )
    total = _Sum()
    for answer in _every_stored(session, remittance):
        total.take(answer)
    return total.digest(sorted(tuple(row) for row in rows))


def compare(session: Session, before: Remittance, claims: Iterable[said.RemitClaim]) -> Comparison:
    """The answers of a file beside those that are stored, claim by claim."""
    same, known, words, count = 0, 0, list[str](), 0
    answers = map(_sent, claims)
    while some := list(islice(answers, storing.CLAIMS_AT_ONCE)):
        count += len(some)
        stored = _stored_of(session, before, {str(number) for number, *_ in some})
        for answer in some:
            kept = stored.get(str(answer[0]))
            known += kept is not None
            if kept is not None and kept[answer]:
                kept[answer] -= 1
                same += 1
            elif len(words) < SHOWN_MAX:
                words.append(_difference(answer, kept))
    first = select(func.count(RemitClaim.id)).where(RemitClaim.remittance_id == before.id)
    missing = (session.scalar(first) or 0) - same
    if missing:
        words.append(f"{missing} answers of the first are not in this one as they were.")
    if count - same > SHOWN_MAX:
        words.append(f"{count - same} answers of this one differ; the first {SHOWN_MAX} are shown.")
    return Comparison(same=same, words=tuple(words), is_apart=not known)


def _beside(item: said.Remittance) -> Sequence[Answer]:
    return sorted((plb.code, plb.reference or "", plb.cents) for plb in item.provider_adjustments)


def _number(answer: Answer) -> int:
    return int.from_bytes(hashlib.sha256(repr(answer).encode()).digest()[:8])


def _difference(answer: Answer, kept: Counter[Answer] | None) -> str:
    told, here = f"Claim {answer[0]}", _amounts(answer)
    others = [_amounts(one) for one in kept or () if kept and kept[one]]
    if not others:
        return f"{told}: {here} in this one; not in the first."
    if here in others:
        return f"{told}: {here} in both; its reasons or its lines differ."
    return f"{told}: {here} in this one; {others[0]} in the first."


def _amounts(answer: Answer) -> str:
    _, status, charge, paid, *_ = answer
    return f"status {status}, {dollars(_cents(paid))} paid of {dollars(_cents(charge))}"


def _cents(value: object) -> int:
    assert isinstance(value, int)
    return value


def _sent(claim: said.RemitClaim) -> Answer:
    """Of the rows that would be stored, so that the two are alike where the rows would be."""
    row = storing.claim_row(claim)
    lines = [
        _line(line, [storing.adjustment_row(each) for each in adjustments])
        for line, adjustments in storing.line_rows(claim)
    ]
    return _answer(row, lines)


def _answer(row: storing.Row, lines: Iterable[Answer]) -> Answer:
    return (
        row["pcn"],
        row["status"],
        row["charge_cents"],
        row["paid_cents"],
        row["patient_responsibility_cents"],
        row["payer_claim_number"],
        tuple(sorted(lines, key=repr)),
    )


def _line(row: storing.Row, adjustments: Iterable[storing.Row]) -> Answer:
    reasons = ((each["group_code"], each["carc"], each["cents"]) for each in adjustments)
    modifiers = row["modifiers"]
    assert isinstance(modifiers, list)
    return (
        row["code"],
        tuple(modifiers),
        row["charge_cents"],
        row["paid_cents"],
        row["units"],
        str(row["service_on"]),
        tuple(sorted(reasons, key=repr)),
    )


def _every_stored(session: Session, remittance: Remittance) -> Iterator[Answer]:
    last = 0
    while some := _stored(session, remittance, RemitClaim.ordinal > last):
        yield from (answer for _, answer in some)
        last = some[-1][0]


def _stored_of(
    session: Session, remittance: Remittance, numbers: set[str]
) -> dict[str, Counter[Answer]]:
    found: dict[str, Counter[Answer]] = defaultdict(Counter)
    last = 0
    while some := _stored(
        session, remittance, RemitClaim.ordinal > last, RemitClaim.pcn.in_(numbers)
    ):
        for _, answer in some:
            found[str(answer[0])][answer] += 1
        last = some[-1][0]
    return dict(found)


def _stored(
    session: Session, remittance: Remittance, *those: ColumnElement[bool]
) -> list[tuple[int, Answer]]:
    """Some of its answers, each after its ordinal, as the payer sent them."""
    rows = session.execute(
        select(
            RemitClaim.id,
            RemitClaim.ordinal,
            RemitClaim.pcn,
            func.coalesce(RemitClaim.status_sent, RemitClaim.status).label("status"),
            RemitClaim.charge_cents,
            RemitClaim.paid_cents,
            RemitClaim.patient_responsibility_cents,
            RemitClaim.payer_claim_number,
        )
        .where(RemitClaim.remittance_id == remittance.id, *those)
        .order_by(RemitClaim.ordinal)
        .limit(storing.CLAIMS_AT_ONCE)
    ).all()
    lines = _stored_lines(session, [row.id for row in rows])
    return [(row.ordinal, _answer(dict(row._mapping), lines[row.id])) for row in rows]


def _stored_lines(session: Session, claim_ids: Sequence[int]) -> dict[int, list[Answer]]:
    reasons: dict[int, list[storing.Row]] = defaultdict(list)
    for row in session.execute(
        select(
            RemitAdjustment.remit_line_id,
            func.coalesce(RemitAdjustment.group_sent, RemitAdjustment.group_code).label(
                "group_code"
            ),
            RemitAdjustment.carc,
            RemitAdjustment.cents,
        )
        .join(RemitLine, RemitLine.id == RemitAdjustment.remit_line_id)
        .where(RemitLine.remit_claim_id.in_(claim_ids))
    ):
        reasons[row.remit_line_id].append(dict(row._mapping))
    found: dict[int, list[Answer]] = defaultdict(list)
    for line in session.execute(
        select(
            RemitLine.id,
            RemitLine.remit_claim_id,
            RemitLine.code,
            RemitLine.modifiers,
            RemitLine.charge_cents,
            RemitLine.paid_cents,
            RemitLine.units,
            RemitLine.service_on,
        ).where(RemitLine.remit_claim_id.in_(claim_ids))
    ):
        found[line.remit_claim_id].append(_line(dict(line._mapping), reasons[line.id]))
    return found
