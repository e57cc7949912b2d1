"""Sums of postings as columns of a select."""

from sqlalchemy import ColumnElement, func

from db.models import Posting
from domain.ledger import Account


def sum_of(account: Account) -> ColumnElement[int]:
    """Debits less credits of one account among the postings selected; 0 without any."""
    return func.coalesce(func.sum(Posting.cents).filter(Posting.account == account), 0)
