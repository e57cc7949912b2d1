"""What was given up or moved is taken back: the payer pays after all, or never said so."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from casework import ledger
from casework.moment import Moment
from db.models import Entry, Posting, User
from domain.ledger import Account, LedgerEntry, negated


def written_off(session: Session, charge_line_ids: Iterable[int], payer_id: int) -> Sequence[Entry]:
    """Write-offs of what this payer owed on these lines, as far as they still stand."""
    contra = aliased(Entry)
    return session.scalars(
        select(Entry)
        .join(Posting, Posting.entry_id == Entry.id)
        .where(Entry.effect_key.like("write-off:%"), Posting.account == Account.AR_INSURANCE)
        .where(Posting.charge_line_id.in_(list(charge_line_ids)), Posting.payer_id == payer_id)
        .where(~select(contra.id).where(contra.reverses_id == Entry.id).exists())
        .distinct()
        .order_by(Entry.id)
    ).all()


def undo(
    session: Session, entries: Iterable[Entry], now: Moment, by: User | None, *, because: str
) -> int:
    """Contra entries, once each; returns how many were made. `by`: nobody where it follows by
    itself."""
    return sum(
        ledger.post(
            session,
            LedgerEntry(
                effect_key=f"undo:{entry.id}",
                source=entry.source,
                words=f"Taken back, {because}: {entry.words}",
                service_on=entry.service_on,
                deposit_on=None,
                posted_on=now.today,
                legs=negated(ledger.legs_of(entry)),
            ),
            by=by,
            reverses=entry,
        )
        for entry in entries
    )
