"""Two who take in the same check at once wait for each other, and never each for the other."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Payer
from domain import remittance as said

LOCK_BYTES = 8


def lock(session: Session, payments: Iterable[tuple[said.Remittance, Payer]]) -> None:
    """Always in one order, whatever a file's own is."""
    for number in sorted({_lock_of(remittance, payer) for remittance, payer in payments}):
        session.execute(select(func.pg_advisory_xact_lock(number)))


def _lock_of(remittance: said.Remittance, payer: Payer) -> int:
    """By a hash of ours, so that the order is that of the locks even where two checks share one."""
    check = f"check:{payer.id}:{said.key(remittance).trace_number.lstrip('0')}"
    digest = hashlib.sha256(check.encode()).digest()
    return int.from_bytes(digest[:LOCK_BYTES], signed=True)
