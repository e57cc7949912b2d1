"""What a remittance says of money as a whole: the payment itself and its provider adjustments."""

from collections.abc import Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from casework import ledger
from casework.moment import Moment
from casework.posting.reversals import SOURCE
from casework.refusals import Refused
from db.models import Entry, Posting, RemitProviderAdjustment, Remittance
from domain.ledger import Account, LedgerEntry, Leg

# PLB03-1: what is kept back or given forward, interest, capitation; anything else is asked about
# by standing in suspense.
ACCOUNT_OF = {
    "WO": Account.PAYER_OFFSET,
    "FB": Account.PAYER_OFFSET,
    "72": Account.PAYER_OFFSET,
    "L6": Account.INTEREST,
    "CR": Account.INTEREST,
    "CT": Account.CAPITATION,
}
TIMES_MAX = 20


def post_file(session: Session, remittance: Remittance, now: Moment) -> None:
    """Cash against the payer's clearing, then every provider adjustment; each once."""
    bank = Leg(account=Account.CASH_BANK, cents=remittance.paid_cents)
    trace = remittance.trace_number
    _post(session, remittance, now, part="file", leg=bank, reference=trace)
    for plb in session.scalars(
        select(RemitProviderAdjustment)
        .where(RemitProviderAdjustment.remittance_id == remittance.id)
        .order_by(RemitProviderAdjustment.ordinal)
    ):
        account = ACCOUNT_OF.get(plb.code, Account.SUSPENSE)
        leg = Leg(account=account, cents=plb.cents)
        part = f"plb:{plb.ordinal}"
        _post(session, remittance, now, part=part, leg=leg, reference=plb.reference)


def suspend(
    session: Session, remittance: Remittance, ordinal: int, cents: int, now: Moment
) -> None:
    """Money paid for a claim that is not ours: kept apart until somebody knows whose it is."""
    leg = Leg(account=Account.SUSPENSE, cents=-cents)
    before = len(suspensions(session, remittance, ordinal))
    if before == TIMES_MAX:
        words = f"It went into suspense {TIMES_MAX} times: place it, or send the money back."
        raise Refused.of("action", words)
    part, trace = f"{ordinal}:suspense:{before}", remittance.trace_number
    _post(session, remittance, now, part=part, leg=leg, reference=trace)


def suspensions(session: Session, remittance: Remittance, ordinal: int) -> Sequence[Entry]:
    """Each time an answer's money went into suspense, the latest last."""
    # Whole keys: a prefix would read the ledger from end to end.
    keys = [f"remit:{remittance.id}:{ordinal}:suspense:{n}" for n in range(TIMES_MAX)]
    every = select(Entry).where(Entry.effect_key.in_(keys)).order_by(Entry.id)
    return session.scalars(every).all()


def taken_cents(session: Session, payer_id: int) -> int:
    """What stands in suspense of what this payer took back, and nobody knows of what."""
    contra = aliased(Entry)
    taken = (
        select(func.coalesce(func.sum(Posting.cents), 0))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account == Account.SUSPENSE, Posting.payer_id == payer_id)
        .where(Posting.cents > 0, Entry.effect_key.like("remit:%:suspense:%"))
        .where(~exists().where(contra.reverses_id == Entry.id))
    )
    return int(session.scalar(taken) or 0)


def _post(
    session: Session, remittance: Remittance, now: Moment, *, part: str, leg: Leg, reference: str
) -> None:
    if not leg.cents:
        return
    ledger.post(
        session,
        LedgerEntry(
            effect_key=f"remit:{remittance.id}:{part}",
            source=SOURCE,
            words=f"Remittance {remittance.trace_number}: {leg.account}",
            service_on=None,
            deposit_on=remittance.paid_on,
            posted_on=now.today,
            legs=(
                _of_payer(leg, remittance, reference),
                _of_payer(Leg(account=Account.CLEARING, cents=-leg.cents), remittance, reference),
            ),
        ),
    )


def _of_payer(leg: Leg, remittance: Remittance, reference: str) -> Leg:
    return Leg(
        account=leg.account,
        cents=leg.cents,
        payer_id=remittance.payer_id,
        payer_reference=reference or None,
    )
