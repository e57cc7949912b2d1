"""Money in suspense finds its place after all: the answer is tried again, and asked about if it
still fits nowhere. What a payer took back of nothing that we know is there with the other sign.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from casework import audit, ledger, news, subjects, waits
from casework.moment import Moment
from casework.posting import files, payer_refunds, steps
from casework.posting.answer import DISMISSED
from casework.posting.exceptions import open_exception
from casework.posting.lines import Unplaced
from casework.refusals import Forbidden, Refused
from casework.waits import WaitKind
from db.models import Entry, RemitClaim, Remittance, Subject, User
from domain.ledger import Account, LedgerEntry, negated
from domain.money import dollars
from domain.tasks import Role

ASKED_AGAIN_AFTER = dt.timedelta(days=30)
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
    there = _there_cents(session, answer)
    if answer.paid_cents > there:
        words = f"Only {dollars(there)} of this payer is still in suspense."
        raise Refused.of("answer", words)
    words = _try_again(session, subject, answer, entry, now, by)
    audit.record(session, by, "took out of suspense", "remittance", str(answer.remittance.uuid))
    return words


def look_after(session: Session, remittance: Remittance, now: Moment) -> None:
    """Nobody forgets money in suspense: after a month it is tried again, and asked about if it
    still fits nowhere. The caller holds the remittance's lock."""
    key = subjects.remittance_key(remittance)
    waiting = [w for w in waits.open_waits(session, key) if w.kind == WaitKind.MONEY]
    left = _left(session, remittance)
    if waiting and waiting[0].until_at <= now.at:
        waits.end_overdue(session, key, now, claim_id=None)
        for answer, entry in left:
            if _is_there(session, answer):
                _try_again(session, subjects.lock(session, key), answer, entry, now, None)
    elif waiting and not left:
        waits.answered(session, key, now, claim_id=None, kind=WaitKind.MONEY)
    elif left and not waiting:
        waits.begin(
            session,
            key,
            WaitKind.MONEY,
            " and ".join(_what([answer.paid_cents for answer, _ in left])),
            until_at=now.end_of(now.today + ASKED_AGAIN_AFTER),
            then_what="they are tried again, and a biller is asked where they fit nowhere",
            now=now,
        )


def _what(amounts: Sequence[int]) -> Iterator[str]:
    came = sum(cents for cents in amounts if cents > 0)
    went = sum(-cents for cents in amounts if cents < 0)
    if came:
        yield f"whose the {dollars(came)} in suspense are"
    if went:
        yield f"of what the payer took {dollars(went)} back"


def _left(session: Session, remittance: Remittance) -> list[tuple[RemitClaim, Entry]]:
    """The answers whose money is still there."""
    dismissed = select(RemitClaim).where(
        RemitClaim.remittance_id == remittance.id, RemitClaim.posting == DISMISSED
    )
    every = session.scalars(dismissed.order_by(RemitClaim.ordinal)).all()
    standing_of = [(answer, standing(session, answer)) for answer in every]
    return [
        (answer, entry)
        for answer, entry in standing_of
        if entry is not None and _is_there(session, answer)
    ]


def _try_again(
    session: Session,
    subject: Subject,
    answer: RemitClaim,
    entry: Entry,
    now: Moment,
    by: User | None,
) -> str:
    ledger.post(session, _taken_out(entry, answer, now), by=by, reverses=entry)
    answer.posting = answer.posted_at = None
    result = steps.settle(session, answer, now)
    if isinstance(result, Unplaced):
        open_exception(session, answer, result, now)
        subject.is_open = True
    words = f"Out of suspense: {result.words}"
    news.tell(session, subject, "placed again", words, now, by)
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


def _there_cents(session: Session, answer: RemitClaim) -> int:
    """Of what the payer paid. It may have been sent back to it meanwhile: who sends it holds the
    payer's row."""
    payer_id = answer.remittance.payer_id
    payer_refunds.lock_payer(session, payer_id)
    net = -ledger.balance(session, Account.SUSPENSE, payer_id=payer_id)
    return max(net + files.taken_cents(session, payer_id), 0)


def _is_there(session: Session, answer: RemitClaim) -> bool:
    """What came and what went in suspense, and comes to nothing together, asks nothing."""
    payer_id = answer.remittance.payer_id
    if not ledger.balance(session, Account.SUSPENSE, payer_id=payer_id):
        return False
    return answer.paid_cents <= _there_cents(session, answer)


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
