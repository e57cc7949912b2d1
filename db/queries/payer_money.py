"""What each payer has paid, keeps back and has had sent back: sums of its own postings."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Entry, Payer, Posting
from db.queries.sums import sum_of
from domain.ledger import Account

REFUND = "payer-refund:"
LISTED_MAX = 100
ACCOUNTS = (Account.CASH_BANK, Account.PAYER_OFFSET, Account.SUSPENSE)


@dataclass(frozen=True, kw_only=True)
class PayerMoney:
    """Cents. `owed_cents` is what its remittances took back and it has not kept yet; in suspense
    is what it paid for claims that nobody knew.
    """

    payer: Payer
    paid_cents: int
    owed_cents: int
    suspense_cents: int


def of_payers(session: Session, payer_id: int | None = None) -> Sequence[PayerMoney]:
    """Every payer that has sent or was sent money, by name; or the one asked for."""
    statement = (
        select(
            Payer,
            sum_of(Account.CASH_BANK),
            -sum_of(Account.PAYER_OFFSET),
            -sum_of(Account.SUSPENSE),
        )
        .join(Posting, Posting.payer_id == Payer.id)
        .where(Posting.account.in_(ACCOUNTS))
        .group_by(Payer.id)
        .order_by(Payer.name, Payer.id)
    )
    if payer_id is not None:
        statement = statement.where(Payer.id == payer_id)
    return [
        PayerMoney(
            payer=payer, paid_cents=int(paid), owed_cents=int(owed), suspense_cents=int(suspense)
        )
        for payer, paid, owed, suspense in session.execute(statement)
    ]


def refunds(session: Session) -> Sequence[tuple[Entry, Posting]]:
    """What was sent back, latest first, each with its posting at the bank."""
    found = session.execute(
        select(Entry, Posting)
        .join(Posting, Posting.entry_id == Entry.id)
        .where(Entry.effect_key.startswith(REFUND), Posting.account == Account.CASH_BANK)
        .order_by(Entry.id.desc())
        .limit(LISTED_MAX)
    )
    return [(entry, posting) for entry, posting in found]
