"""A payer takes an answer back: leg by leg what that answer posted, never more and never less."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from casework import ledger
from casework.moment import Moment
from db.models import Claim, Entry, RemitClaim, RemitLine, Remittance
from domain.ledger import LedgerEntry, Leg, negated
from domain.remittance import RemitStatus

REVERSAL = RemitStatus.REVERSAL.value
SOURCE = "remittance"


def original_of(session: Session, claim: Claim, reversal: RemitClaim) -> RemitClaim | None:
    """The latest posted answer of this payer that is the exact negative and is not taken back; of
    what we undo ourselves the very answer."""
    if (undone := reversal.remittance.undoes_id) is not None:
        return _counterpart(session, undone, reversal.ordinal)
    exact = [a for a in _standing(session, claim, reversal) if is_exact(a, reversal)]
    return next((each for each in exact if not _is_undone(session, each.remittance)), None)


def has_standing(session: Session, claim: Claim, reversal: RemitClaim) -> bool:
    """Whether there is anything that this reversal could mean, exact or not."""
    return bool(_standing(session, claim, reversal))


def awaits_keying(session: Session, claim: Claim, reversal: RemitClaim) -> bool:
    """Whether what it takes back was keyed and is undone: it waits for what is keyed next."""
    undone = _named(session, claim, reversal, Remittance.undone_at.is_not(None))
    return any(is_exact(each, reversal) for each in undone)


def answered_since(session: Session, original: RemitClaim) -> RemitClaim | None:
    """The first answer that was posted on its claim after it and stands."""
    return session.scalar(
        select(RemitClaim)
        .where(RemitClaim.claim_id == original.claim_id, RemitClaim.posting == "posted")
        .where(RemitClaim.status != REVERSAL, RemitClaim.id != original.id)
        .where(RemitClaim.posted_at >= original.posted_at, ~_is_taken_back())
        .order_by(RemitClaim.posted_at, RemitClaim.id)
        .limit(1)
    )


def is_exact(original: RemitClaim, reversal: RemitClaim) -> bool:
    return _amounts(original, 1) == _amounts(reversal, -1)


def post_reversal(
    session: Session, original: RemitClaim, reversal: RemitClaim, now: Moment
) -> list[Leg]:
    """Contra entries for every entry of the original; returns the legs that were posted."""
    posted: list[Leg] = []
    reversal.reverses_id = original.id
    for line, counterpart in _pairs(original, reversal):
        counterpart.charge_line_id = line.charge_line_id
        for entry in _entries(session, line):
            contra = _contra(entry, counterpart, reversal, now)
            if ledger.post(session, contra, remit_line_id=counterpart.id, reverses=entry):
                posted += contra.legs
    return posted


def _counterpart(session: Session, remittance_id: int, ordinal: int) -> RemitClaim:
    """Nobody else takes it back: see `_is_undone`."""
    return session.scalars(
        select(RemitClaim)
        .where(RemitClaim.remittance_id == remittance_id, RemitClaim.ordinal == ordinal)
        .where(~_is_taken_back())
    ).one()


def _is_undone(session: Session, remittance: Remittance) -> bool:
    """Whoever undoes it holds its row, and then finds what was taken back of it; so do we until
    we have taken something back. A lock that other steps of it do not wait for."""
    if not remittance.is_keyed:
        return False
    session.refresh(remittance, with_for_update={"read": True, "key_share": True})
    return remittance.undone_at is not None


def _standing(session: Session, claim: Claim, reversal: RemitClaim) -> list[RemitClaim]:
    """What is being undone stands no more: its own negative takes it back, once."""
    return _named(session, claim, reversal, Remittance.undone_at.is_(None), ~_is_taken_back())


def _named(
    session: Session, claim: Claim, reversal: RemitClaim, *which: ColumnElement[bool]
) -> list[RemitClaim]:
    """Posted answers of this payer to the claim, by the numbers that the reversal names."""
    numbers = {reversal.payer_claim_number, reversal.original_reference} - {None, ""}
    statement = (
        select(RemitClaim)
        .join(Remittance, Remittance.id == RemitClaim.remittance_id)
        .where(Remittance.payer_id == reversal.remittance.payer_id)
        .where(RemitClaim.claim_id == claim.id, RemitClaim.posting == "posted")
        .where(RemitClaim.status != REVERSAL, *which)
        .order_by(RemitClaim.posted_at.desc(), RemitClaim.id.desc())
    )
    rows = session.scalars(statement).all()
    named = [row for row in rows if row.payer_claim_number in numbers]
    return named or [row for row in rows if not numbers]


def _is_taken_back() -> ColumnElement[bool]:
    """As a condition on `RemitClaim`."""
    back = aliased(RemitClaim)
    return exists().where(back.reverses_id == RemitClaim.id)


def _amounts(answer: RemitClaim, sign: int) -> list[tuple[object, ...]]:
    """Per line: code, charge, paid and the sum per reason, in an order that does not matter."""
    return sorted(_line_amounts(line, sign) for line in answer.lines)


def _line_amounts(line: RemitLine, sign: int) -> tuple[object, ...]:
    sums: dict[tuple[str, str], int] = {}
    for adjustment in line.adjustments:
        name = (adjustment.group_code, adjustment.carc)
        sums[name] = sums.get(name, 0) + sign * adjustment.cents
    reasons = tuple(sorted((name, cents) for name, cents in sums.items() if cents))
    return (line.code, sign * line.charge_cents, sign * line.paid_cents, reasons)


def _pairs(original: RemitClaim, reversal: RemitClaim) -> Iterator[tuple[RemitLine, RemitLine]]:
    """Each original line with the reversal's line that negates it, each used once."""
    free = list(reversal.lines)
    for line in original.lines:
        wanted = _line_amounts(line, 1)
        alike = [each for each in free if _line_amounts(each, -1) == wanted]
        named = [each for each in alike if each.line_control == line.line_control]
        counterpart = (named or alike)[0]
        free.remove(counterpart)
        yield line, counterpart


def _entries(session: Session, line: RemitLine) -> Sequence[Entry]:
    return session.scalars(
        select(Entry).where(Entry.remit_line_id == line.id).order_by(Entry.id)
    ).all()


def _contra(entry: Entry, line: RemitLine, reversal: RemitClaim, now: Moment) -> LedgerEntry:
    legs = ledger.legs_of(entry)
    return LedgerEntry(
        effect_key=effect_key(reversal, line, charge_line_id=legs[0].charge_line_id),
        source=SOURCE,
        words=f"{_by_whom(reversal)} ({reversal.payer_claim_number}), segment {line.segment}",
        service_on=entry.service_on,
        deposit_on=reversal.remittance.paid_on,
        posted_on=now.today,
        legs=negated(legs),
    )


def _by_whom(reversal: RemitClaim) -> str:
    return "Undone by us" if reversal.remittance.undoes_id else "Taken back by the payer"


def effect_key(answer: RemitClaim, line: RemitLine, *, charge_line_id: int | None) -> str:
    """Remittance, CLP and SVC; an answer without lines is posted once per charge line."""
    key = f"remit:{answer.remittance_id}:{answer.ordinal}:{line.ordinal}"
    return key if line.ordinal else f"{key}:{charge_line_id}"
