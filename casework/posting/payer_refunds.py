"""Money that we send back to a payer: once per payer and reference, against what is owed to it.

The payer's own remittance may take the same money back first or later (PLB 72, WO, FB): both stand
in one account, which is at zero when each has had its own.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import audit, ledger
from casework.moment import Moment
from casework.refusals import Forbidden, Refused
from db.models import Entry, Payer, User
from db.queries import payer_money
from domain.ledger import Account, LedgerEntry, Leg
from domain.money import dollars
from domain.tasks import Role

LENGTH_MAX = 100


def send(
    session: Session,
    payer: Payer,
    cents: int,
    *,
    reference: str,
    because: str,
    by: User,
    now: Moment,
    taken_from: Account = Account.PAYER_OFFSET,
    is_ahead: bool = False,
) -> None:
    """Raises `Refused` when it was sent before or is more than the payer has paid, and `Forbidden`
    to all but supervisors. `taken_from`: what the payer takes back, or its money in suspense.
    `is_ahead`: the payer asks for it, and its remittance is to say so later.
    """
    if by.role is not Role.SUPERVISOR:
        raise Forbidden("Only a supervisor sends money back to a payer.")
    reference, because = reference.strip(), because.strip()
    _require_told(cents, reference, because)
    lock_payer(session, payer.id)
    entry = _entry(payer, cents, reference, because, taken_from, now)
    if session.scalar(select(Entry.id).where(Entry.effect_key == entry.effect_key)):
        raise Refused.of("reference", f"{payer.name} was sent a refund for {reference} before.")
    _require_paid(session, payer, cents, taken_from, is_ahead=is_ahead)
    ledger.post(session, entry, by=by)
    words = f"{dollars(cents)} for {reference}"
    audit.record(session, by, "refunded", "payer", payer.payer_no, words=words)


def lock_payer(session: Session, payer_id: int) -> None:
    """Whoever lowers what is held for a payer does so one after the other; postings go on."""
    session.execute(select(Payer.id).where(Payer.id == payer_id).with_for_update(key_share=True))


def _require_told(cents: int, reference: str, because: str) -> None:
    if cents <= 0:
        raise Refused.of("amount", "A refund is more than nothing.")
    if not 0 < len(reference) <= LENGTH_MAX:
        raise Refused.of("reference", "Give the payer's own reference for it.")
    if not 0 < len(because) <= LENGTH_MAX:
        raise Refused.of("because", "Say why it is sent back, in a few words.")


def _require_paid(
    session: Session, payer: Payer, cents: int, taken_from: Account, *, is_ahead: bool
) -> None:
    """No more goes back than is taken back; ahead of that, than has come."""
    money = payer_money.of_payers(session, payer.id)
    if taken_from is Account.SUSPENSE:
        most = sum(one.suspense_cents for one in money)
        words = f"{payer.name} has {dollars(most)} in suspense."
    elif is_ahead:
        most = sum(one.paid_cents for one in money)
        words = f"{payer.name} has paid {dollars(most)} that it has not had back."
    else:
        most = max(sum(one.owed_cents for one in money), 0)
        words = f"{payer.name} takes back {dollars(most)} so far: say that it is sent ahead."
    if cents > most:
        raise Refused.of("amount", words, dollars(most).removeprefix("$").replace(",", ""))


def _entry(
    payer: Payer, cents: int, reference: str, because: str, taken_from: Account, now: Moment
) -> LedgerEntry:
    return LedgerEntry(
        effect_key=f"{payer_money.REFUND}{payer.payer_no}:{reference}",
        source=f"payer {payer.payer_no}",
        words=f"Sent back to {payer.name}: {because}",
        service_on=None,
        deposit_on=now.today,
        posted_on=now.today,
        legs=(
            _leg(taken_from, cents, payer, reference),
            _leg(Account.CASH_BANK, -cents, payer, reference),
        ),
    )


def _leg(account: Account, cents: int, payer: Payer, reference: str) -> Leg:
    return Leg(account=account, cents=cents, payer_id=payer.id, payer_reference=reference)
