"""A bank line and a remittance belong together when trace and amount agree without doubt."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.moment import Moment
from db.models import BankLine, Remittance


def match_line(session: Session, line: BankLine, now: Moment) -> bool:
    """Join a free line with the one free remittance that it pays."""
    found = session.scalars(
        select(Remittance)
        .where(Remittance.trace_number == line.trace, Remittance.paid_cents == line.amount_cents)
        .where(Remittance.bank_matched_at.is_(None))
        # Neither what was undone nor what took it back is a payment any more.
        .where(Remittance.undone_at.is_(None), Remittance.undoes_id.is_(None))
        .order_by(Remittance.id)
    ).all()
    named = [each for each in found if each.originator.endswith(line.payer_tin)]
    only = named if len(named) == 1 else list(found)
    if len(only) != 1:
        return False
    _join(session, line, only[0], now)
    return True


def match_remittance(session: Session, remittance: Remittance, now: Moment) -> bool:
    """The bank may have been first: look for the line that waits for this remittance."""
    found = session.scalars(
        select(BankLine)
        .where(BankLine.trace == remittance.trace_number, BankLine.remittance_id.is_(None))
        .where(BankLine.amount_cents == remittance.paid_cents)
        .order_by(BankLine.id)
    ).all()
    named = [line for line in found if remittance.originator.endswith(line.payer_tin)]
    only = named if len(named) == 1 else list(found)
    if len(only) != 1:
        return False
    _join(session, only[0], remittance, now)
    return True


def _join(session: Session, line: BankLine, remittance: Remittance, now: Moment) -> None:
    line.remittance_id = remittance.id
    remittance.bank_matched_at = now.at
    session.flush()
