"""Money in suspense finds its place after all: the answer is tried again, and asked about if it
still fits nowhere."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from casework import audit, ledger, news, subjects
from casework.moment import Moment
from casework.posting import files, payer_refunds, steps
from casework.posting.answer import DISMISSED
from casework.posting.exceptions import open_exception
from casework.posting.lines import Unplaced
from casework.refusals import Forbidden, Refused
from db.models import Entry, RemitClaim, User
from domain.ledger import Account, LedgerEntry, negated
from domain.money import dollars
from domain.tasks import Role

MAY_PLACE = (Role.BILLER, Role.SUPERVISOR)


def place_again(session: Session, answer: RemitClaim, *, by: User, now: Moment) -> str:
    """What became of it, in words. Raises `Refused` when nothing of it is in suspense any more."""
    if by.role not in MAY_PLACE:
        raise Forbidden("Only a biller or a supervisor places a payer's answer.")
    subject = subjects.lock(session, subjects.remittance_key(answer.remittance))
    session.refresh(answer)
    entry = standing(session, answer)
    if entry is None:
        raise Refused.of("answer", "Nothing of this answer is in suspense.")
    _require_there(session, answer)
    ledger.post(session, _taken_out(entry, answer, now), by=by, reverses=entry)
    answer.posting = answer.posted_at = None
    result = steps.settle(session, answer, now)
    if isinstance(result, Unplaced):
        open_exception(session, answer, result, now)
        subject.is_open = True
    words = f"Out of suspense: {result.words}"
    news.tell(session, subject, "placed again", words, now, by)
    audit.record(session, by, "took out of suspense", "remittance", str(answer.remittance.uuid))
    return words


def standing(session: Session, answer: RemitClaim) -> Entry | None:
    """The entry that put it into suspense, unless it has been taken out again."""
    if answer.posting != DISMISSED or not answer.paid_cents:
        return None
    contra = aliased(Entry)
    every = files.suspensions(session, answer.remittance, answer.ordinal)
    still = select(Entry.id).where(
        Entry.id.in_([entry.id for entry in every]),
        ~select(contra.id).where(contra.reverses_id == Entry.id).exists(),
    )
    open_ids = set(session.scalars(still))
    return next((entry for entry in reversed(every) if entry.id in open_ids), None)


def _require_there(session: Session, answer: RemitClaim) -> None:
    """It may have been sent back to the payer meanwhile: who sends it holds the payer's row."""
    payer_id = answer.remittance.payer_id
    payer_refunds.lock_payer(session, payer_id)
    there = -ledger.balance(session, Account.SUSPENSE, payer_id=payer_id)
    if answer.paid_cents > max(there, 0):
        words = f"Only {dollars(max(there, 0))} of this payer is still in suspense."
        raise Refused.of("answer", words)


def _taken_out(entry: Entry, answer: RemitClaim, now: Moment) -> LedgerEntry:
    return LedgerEntry(
        effect_key=f"remit:{answer.remittance_id}:{answer.ordinal}:unsuspend:{entry.id}",
        source=entry.source,
        words=f"Remittance {answer.remittance.trace_number}: out of suspense",
        service_on=None,
        deposit_on=answer.remittance.paid_on,
        posted_on=now.today,
        legs=negated(ledger.legs_of(entry)),
    )
