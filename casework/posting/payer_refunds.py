"""Money that we send back to a payer: once per payer and reference, against what is owed to it.

The payer's own remittance may take the same money back first or later (PLB 72, WO, FB): both stand
in one account, which is at zero when each has had its own.
"""

from sqlalchemy.orm import Session

from casework import audit, ledger
from casework.moment import Moment
from casework.refusals import Forbidden, Refused
from db.models import Payer, User
from domain.ledger import Account, LedgerEntry, Leg
from domain.tasks import Role

REFERENCE_MAX = 50


def send(
    session: Session,
    payer: Payer,
    cents: int,
    *,
    reference: str,
    because: str,
    by: User,
    now: Moment,
) -> None:
    """Raises `Refused` when it was sent before, and `Forbidden` to all but supervisors."""
    if by.role is not Role.SUPERVISOR:
        raise Forbidden("Only a supervisor sends money back to a payer.")
    if cents <= 0:
        raise Refused.of("amount", "A refund is more than nothing.")
    if not because.strip() or not 0 < len(reference.strip()) <= REFERENCE_MAX:
        raise Refused.of("reference", "Say why, and the payer's own reference for it.")
    if not ledger.post(session, _entry(payer, cents, reference.strip(), because, now), by=by):
        raise Refused.of("reference", f"{payer.name} was sent a refund for {reference} before.")
    audit.record(session, by, "refunded", "payer", payer.payer_no)


def _entry(payer: Payer, cents: int, reference: str, because: str, now: Moment) -> LedgerEntry:
    return LedgerEntry(
        effect_key=f"payer-refund:{payer.payer_no}:{reference}",
        source=f"payer {payer.payer_no}",
        words=f"Sent back to {payer.name}: {because.strip()}",
        service_on=None,
        deposit_on=now.today,
        posted_on=now.today,
        legs=(
            _leg(Account.PAYER_OFFSET, cents, payer, reference),
            _leg(Account.CASH_BANK, -cents, payer, reference),
        ),
    )


def _leg(account: Account, cents: int, payer: Payer, reference: str) -> Leg:
    return Leg(account=account, cents=cents, payer_id=payer.id, payer_reference=reference)
