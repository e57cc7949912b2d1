"""Two who take in the same check at once wait for each other, and never each for the other."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Payer, Remittance
from domain import remittance as said

LOCK_BYTES = 8


def lock(session: Session, payments: Iterable[tuple[said.Remittance, Payer]]) -> None:
    """Always in one order, whatever a file's own is."""
    numbers = {_lock_of(said.key(one).trace_number, payer.id) for one, payer in payments}
    for number in sorted(numbers):
        session.execute(select(func.pg_advisory_xact_lock(number)))


def lock_stored(session: Session, remittance: Remittance) -> None:
    """After the remittance's own lock: nobody waits for that who holds this one."""
    number = _lock_of(remittance.trace_number, remittance.payer_id)
    session.execute(select(func.pg_advisory_xact_lock(number)))


def _lock_of(trace_number: str, payer_id: int) -> int:
    """By a hash of ours, so that the order is that of the locks even where two checks share one."""
    check = f"check:{payer_id}:{trace_number.lstrip('0')}"
    digest = hashlib.sha256(check.encode()).digest()
    return int.from_bytes(digest[:LOCK_BYTES], signed=True)
