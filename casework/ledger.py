"""Posting to the ledger, once per effect key, and reading what is still owed."""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from db.models import Entry, Posting, User
from domain.ledger import Account, LedgerEntry, Leg


def post(
    session: Session,
    entry: LedgerEntry,
    *,
    by: User | None = None,
    remit_line_id: int | None = None,
    reverses: Entry | None = None,
) -> bool:
    """Write a balanced entry; False when its effect key is there already and nothing was done."""
    entry_id = session.scalar(
        insert(Entry)
        .values(
            effect_key=entry.effect_key,
            source=entry.source,
            words=entry.words,
            service_on=entry.service_on,
            deposit_on=entry.deposit_on,
            posted_on=entry.posted_on,
            period=f"{entry.posted_on:%Y-%m}",
            remit_line_id=remit_line_id,
            reverses_id=reverses.id if reverses else None,
            by_id=by.id if by else None,
        )
        .on_conflict_do_nothing(index_elements=["effect_key"])
        .returning(Entry.id)
    )
    if entry_id is None:
        return False
    session.add_all(_posting(entry_id, leg) for leg in entry.legs)
    session.flush()
    return True


def balance(session: Session, account: Account, **dimensions: int) -> int:
    """Debits less credits of an account, narrowed by any of a posting's dimensions."""
    statement = select(func.coalesce(func.sum(Posting.cents), 0)).where(Posting.account == account)
    for name, value in dimensions.items():
        statement = statement.where(getattr(Posting, name) == value)
    return int(session.scalar(statement) or 0)


def open_receivables(
    session: Session, encounter_id: int
) -> dict[tuple[int | None, Account, int | None], int]:
    """What is not at zero on an encounter: (charge line, account, payer) -> cents."""
    rows = session.execute(
        select(
            Posting.charge_line_id,
            Posting.account,
            Posting.payer_id,
            func.sum(Posting.cents),
        )
        .where(Posting.encounter_id == encounter_id)
        .where(Posting.account.in_([Account.AR_INSURANCE, Account.AR_PATIENT]))
        .group_by(Posting.charge_line_id, Posting.account, Posting.payer_id)
        .having(func.sum(Posting.cents) != 0)
        .order_by(Posting.charge_line_id, Posting.account, Posting.payer_id)
    )
    return {(line, account, payer): int(cents) for line, account, payer, cents in rows}


def legs_of(entry: Entry) -> tuple[Leg, ...]:
    """What a stored entry had posted, as values."""
    return tuple(leg_of(posting) for posting in entry.postings)


def leg_of(posting: Posting) -> Leg:
    return Leg(
        account=posting.account,
        cents=posting.cents,
        payer_id=posting.payer_id,
        patient_id=posting.patient_id,
        guarantor_id=posting.guarantor_id,
        encounter_id=posting.encounter_id,
        charge_line_id=posting.charge_line_id,
        claim_id=posting.claim_id,
        reason=posting.reason,
        payer_reference=posting.payer_reference,
    )


def _posting(entry_id: int, leg: Leg) -> Posting:
    return Posting(
        entry_id=entry_id,
        account=leg.account,
        cents=leg.cents,
        payer_id=leg.payer_id,
        patient_id=leg.patient_id,
        guarantor_id=leg.guarantor_id,
        encounter_id=leg.encounter_id,
        charge_line_id=leg.charge_line_id,
        claim_id=leg.claim_id,
        reason=leg.reason,
        payer_reference=leg.payer_reference,
    )
