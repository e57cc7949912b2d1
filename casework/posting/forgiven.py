"""What was forgiven of the part that an answer had left to the patient. It goes with that answer:
else it would come back as money that the patient never paid."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from casework import ledger
from casework.moment import Moment
from casework.posting import undoing
from db.models import Entry, Posting, RemitClaim
from domain.ledger import Account, Leg

SMALL, BY_HAND = "small balance:", "write-off:"
FOUND = "coverage found:"


def since(
    session: Session, original: RemitClaim, charge_line_ids: Collection[int], *kinds: str
) -> Sequence[Entry]:
    """What stands of it on these lines: what began with one of `kinds`, after the answer posted."""
    posted = f"remit:{original.remittance_id}:{original.ordinal}:"
    began = select(func.min(Entry.id)).where(Entry.effect_key.startswith(posted))
    contra = aliased(Entry)
    return session.scalars(
        select(Entry)
        .join(Posting, Posting.entry_id == Entry.id)
        .where(Entry.id > began.scalar_subquery())
        .where(or_(*(Entry.effect_key.startswith(kind) for kind in kinds)))
        .where(Posting.account == Account.AR_PATIENT, Posting.charge_line_id.in_(charge_line_ids))
        .where(~exists().where(contra.reverses_id == Entry.id), ~_went_to_a_payer())
        .distinct()
        .order_by(Entry.id)
    ).all()


def take_small_back(
    session: Session, original: RemitClaim, taken: Collection[Leg], now: Moment
) -> list[Leg]:
    """The payer took its answer back (`taken`, leg by leg), and with it the patient's part that
    was too small to be asked for: what is answered next is judged anew. What a person gave up
    stays given up. Returns the legs that this posted; a repeat posts none."""
    lines = {
        leg.charge_line_id
        for leg in taken
        if leg.account is Account.AR_PATIENT and leg.charge_line_id is not None
    }
    entries = since(session, original, lines, SMALL) if lines else ()
    legs = [leg for entry in entries for leg in ledger.legs_of(entry)]
    undoing.undo(session, entries, now, None, because="the payer took its answer back")
    return legs


def _went_to_a_payer() -> ColumnElement[bool]:
    """As a condition on `Posting` of `Entry`: a payer found later was asked for it instead."""
    found, moved = aliased(Entry), aliased(Posting)
    return exists().where(
        found.id > Entry.id,
        found.effect_key.startswith(FOUND),
        moved.entry_id == found.id,
        moved.charge_line_id == Posting.charge_line_id,
        moved.account == Account.WRITE_OFF,
    )
