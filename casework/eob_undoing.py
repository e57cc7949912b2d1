"""A paper EOB that was keyed wrongly is taken back whole: by a remittance of our own that is its
exact negative, posted as a payer's reversal is. Nothing is deleted, and its claims wait again."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import audit, eob_negatives, subjects
from casework.moment import Moment
from casework.posting import check_locks, payer_refunds
from casework.posting.answer import DISMISSED
from casework.posting.reversals import REVERSAL
from casework.refusals import Forbidden, Refused, Stale
from db.models import (
    BankLine,
    Entry,
    KeyedEob,
    Payer,
    RemitClaim,
    Remittance,
    User,
)
from db.queries import payer_money
from domain.money import dollars
from domain.tasks import Role

MAY_UNDO = (Role.BILLER, Role.SUPERVISOR)
BECAUSE_MAX = 200
_DONE = ("posted", DISMISSED)


def obstacle(session: Session, row: Remittance) -> str:
    """Why it cannot be undone, in words; empty where it can."""
    if row.undoes_id is not None:
        return "It is itself what took a posting back: key the paper again instead."
    if row.posted_at is None or any(answer.posting not in _DONE for answer in row.claims):
        return "Not all of it is posted yet. Answer first what is asked about it, if anything is."
    for answer in row.claims:
        if answer.posting == DISMISSED and answer.paid_cents:
            return f"Money of {answer.pcn} is in suspense: place it first."
        if answer.status == REVERSAL:
            return f"With {answer.pcn} it takes an earlier answer back: key that answer again."
    if taken := _taken_back(session, row):
        return f"The payer has taken back {', '.join(taken)} itself."
    return _sent_back(session, row)


def undo(session: Session, row: Remittance, because: str, by: User, now: Moment) -> Remittance:
    """Have it taken back; its workflow posts that. Raises `Stale` for whoever is second."""
    if by.role not in MAY_UNDO:
        raise Forbidden("Only a biller or a supervisor undoes a posting.")
    subjects.lock(session, subjects.remittance_key(row))
    # As who takes money out of suspense does: the payer's row, then the answer's remittance.
    payer_refunds.lock_payer(session, row.payer_id)
    session.refresh(row, with_for_update=True)
    _require_standing(session, row)
    # Its 835 that comes meanwhile waits, and posts.
    check_locks.lock_stored(session, row)
    reason = because.strip()[:BECAUSE_MAX]
    if not reason:
        raise Refused.of("because", "Say why it is undone.")
    if words := obstacle(session, row):
        raise Refused.of("because", words)
    row.undone_at, row.undone_by_id, row.undone_because = now.at, by.id, reason
    _free_bank_line(session, row)
    back = eob_negatives.write(session, row, reason, by, now)
    _tell(session, row, back, by, now)
    return back


def key_again(session: Session, row: Remittance, by: User, now: Moment) -> KeyedEob:
    """One draft, however often it is asked for, with all that was keyed before, to be corrected.
    Once it is posted nobody begins another."""
    session.refresh(row, with_for_update=True)
    if row.undone_at is None:
        raise Refused.of("because", "Undo its posting first: the same check posts once.")
    before = session.scalars(select(KeyedEob).where(KeyedEob.remittance_id == row.id)).one()
    if (begun := _begun_again(session, row)) is not None:
        return begun
    draft = KeyedEob(
        content=before.content, document_id=before.document_id, begun_by_id=by.id,
        begun_at=now.at, saved_by_id=by.id, saved_at=now.at, again_of_id=row.id,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    session.refresh(draft)
    audit.record(session, by, "began", "keyed eob", str(draft.uuid))
    return draft


def _require_standing(session: Session, row: Remittance) -> None:
    if not row.is_keyed:
        raise Refused.of("because", "It came as a file: only its payer takes it back.")
    if row.undone_at is not None and row.undone_by_id is not None:
        who = session.get_one(User, row.undone_by_id).full_name
        raise Stale(f"{who} undid this posting first.", who=who, at=row.undone_at)


def _taken_back(session: Session, row: Remittance) -> Sequence[str]:
    ids = [answer.id for answer in row.claims]
    found = session.scalars(select(RemitClaim.reverses_id).where(RemitClaim.reverses_id.in_(ids)))
    taken = set(found)
    return [answer.pcn for answer in row.claims if answer.id in taken]


def _sent_back(session: Session, row: Remittance) -> str:
    """Without this payment the payer would have had more back than it has paid."""
    payer = session.get_one(Payer, row.payer_id)
    refunds = Entry.effect_key.startswith(f"{payer_money.REFUND}{payer.payer_no}:")
    paid = sum(one.paid_cents for one in payer_money.of_payers(session, payer.id))
    if paid >= row.paid_cents or session.scalar(select(Entry.id).where(refunds).limit(1)) is None:
        return ""
    return (
        f"{payer.name} was sent money back: only {dollars(max(paid, 0))} that it has paid is left."
    )


def _begun_again(session: Session, row: Remittance) -> KeyedEob | None:
    """The draft that nobody has thrown away."""
    begun = session.scalar(
        select(KeyedEob)
        .where(KeyedEob.again_of_id == row.id)
        .where(KeyedEob.ended_at.is_(None) | KeyedEob.remittance_id.is_not(None))
        .order_by(KeyedEob.id)
        .limit(1)
    )
    if begun is not None and begun.remittance_id is not None:
        again = session.get_one(Remittance, begun.remittance_id)
        raise Refused.of("because", f"It is keyed again already, as {again.trace_number}.")
    return begun


def _free_bank_line(session: Session, row: Remittance) -> None:
    """The money is in the bank all the same: it belongs to what is keyed next of this check."""
    line = session.scalar(select(BankLine).where(BankLine.remittance_id == row.id))
    if line is not None:
        line.remittance_id = None
    row.bank_matched_at = None


def _tell(session: Session, row: Remittance, back: Remittance, by: User, now: Moment) -> None:
    words = (
        f"{by.full_name} undid the posting of {row.trace_number} over {dollars(row.paid_cents)}: "
        f"{row.undone_because}"
    )
    before = subjects.lock(session, subjects.remittance_key(row))
    subjects.record(session, before, "undo", words, now, by)
    key = subjects.remittance_key(back)
    subject = subjects.ensure(session, key, now)
    subjects.record(session, subject, "take in", words, now, by)
    subjects.wake(session, key)
    audit.record(session, by, "undid", "remittance", str(row.uuid), words=row.undone_because or "")
