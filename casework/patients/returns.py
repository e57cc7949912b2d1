"""A check that comes back: the receipt is taken back by a contra entry, and a fee is charged."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from casework import audit, ledger, settings, subjects, tasks
from casework.moment import Moment
from casework.patients.account_subjects import lock_account, reopen_encounter, tell_account
from casework.patients.credits import unapplied_leg
from casework.patients.receipts import RECEIPT, receipt_key
from casework.patients.receivables import RETURNED
from casework.refusals import Refused
from db.models import Encounter, Entry, Guarantor, Posting, Receipt, User
from domain.encounter import Stage
from domain.ledger import Account, LedgerEntry, Leg, negated
from domain.money import dollars
from domain.tasks import TaskKind

RETURNABLE_MAX = 50
FEE = "nsf_fee_cents"


def unreturned_check(
    session: Session, guarantor: Guarantor, check_no: str, cents: int
) -> Receipt | None:
    """The receipt that a returned check takes back."""
    return session.scalar(
        select(Receipt)
        .where(Receipt.guarantor_id == guarantor.id, Receipt.check_no == check_no)
        .where(Receipt.cents == cents, Receipt.returned_by_id.is_(None))
        .order_by(Receipt.id)
        .limit(1)
    )


def returnable_checks(session: Session, encounter: Encounter) -> Sequence[Receipt]:
    """The checks that paid something of this encounter, or were given for it, and still stand."""
    paid_here = select(Posting.entry_id).where(Posting.encounter_id == encounter.id)
    is_paid_here = (
        select(Entry.id)
        .where(Entry.id.in_(paid_here), Entry.effect_key == RECEIPT + Receipt.source_key)
        .exists()
    )
    return session.scalars(
        select(Receipt)
        .where(Receipt.guarantor_id == encounter.guarantor_id)
        .where(Receipt.check_no.is_not(None), Receipt.cents > 0, Receipt.returned_by_id.is_(None))
        .where(or_(Receipt.encounter_id == encounter.id, is_paid_here))
        .order_by(Receipt.received_on, Receipt.id)
        .limit(RETURNABLE_MAX)
    ).all()


def record_return(
    session: Session, receipt: Receipt, returned_on: dt.date, now: Moment, *, by: User
) -> Receipt | None:
    """What a person says of a check of ours: once; None when it had come back already."""
    if not receipt.check_no or receipt.cents <= 0:
        raise Refused.of("receipt", "Only a check comes back. Cash and cards are refunded instead.")
    if not receipt.received_on <= returned_on <= now.today:
        raise Refused.of("returned_on", "A check comes back after it was received, by today.")
    guarantor = session.get_one(Guarantor, receipt.guarantor_id)
    lock_account(session, guarantor, now, also=_paid_encounters(session, receipt))
    # The lock may have waited for somebody who said the same, or for the bank's file.
    session.refresh(receipt)
    if receipt.returned_by_id is not None:
        return None
    key = f"desk:returned:{receipt.id}"
    contra = return_payment(session, receipt, returned_on, key, now, by=by)
    _tell_visit(session, receipt, now, by)
    audit.record(session, by, "recorded a return", "receipt", str(receipt.id))
    return contra


def return_payment(
    session: Session,
    receipt: Receipt,
    returned_on: dt.date,
    source_key: str,
    now: Moment,
    *,
    by: User | None = None,
) -> Receipt:
    """Take a receipt back, charge the fee, tell whom it concerns and ask a biller."""
    guarantor = session.get_one(Guarantor, receipt.guarantor_id)
    touched = _paid_encounters(session, receipt)
    subject = lock_account(session, guarantor, now, also=touched)
    contra = _contra(session, receipt, returned_on, source_key)
    _post_contra(session, guarantor, receipt, returned_on, now, by)
    words = _came_back(receipt)
    for encounter in [*touched, *_take_back_applied(session, guarantor, receipt, now)]:
        reopen_encounter(session, encounter, words, now)
    _charge_fee(session, guarantor, receipt, returned_on, now, by)
    _ask(session, guarantor, receipt, words, now)
    tell_account(session, subject, "returned payment", words, now, by)
    return contra


def _contra(session: Session, receipt: Receipt, returned_on: dt.date, source_key: str) -> Receipt:
    contra = Receipt(
        guarantor_id=receipt.guarantor_id,
        statement_id=receipt.statement_id,
        kind="returned",
        cents=-receipt.cents,
        check_no=receipt.check_no,
        source_key=source_key,
        received_on=returned_on,
    )
    session.add(contra)
    session.flush()
    receipt.returned_by_id = contra.id
    return contra


def waive_fees(session: Session, guarantor: Guarantor, now: Moment, *, by: User) -> int:
    """Take our fees back as if never charged; returns the cents."""
    cents = ledger.balance(session, Account.AR_FEES, guarantor_id=guarantor.id)
    if cents <= 0:
        return 0
    rev = subjects.lock(session, subjects.patient_balance_key(guarantor)).rev
    _post_fee(session, guarantor, -cents, f"fee waived:{guarantor.account_no}:{rev}", None, now, by)
    return cents


def _post_contra(
    session: Session,
    guarantor: Guarantor,
    receipt: Receipt,
    returned_on: dt.date,
    now: Moment,
    by: User | None,
) -> None:
    entry = _entry_of(session, receipt)
    ledger.post(
        session,
        LedgerEntry(
            effect_key=f"{RETURNED}{receipt.id}",
            source=f"account {guarantor.account_no}",
            words=f"Check {receipt.check_no} returned unpaid",
            service_on=None,
            deposit_on=returned_on,
            posted_on=now.today,
            legs=negated(ledger.legs_of(entry)),
        ),
        reverses=entry,
        by=by,
    )


def _tell_visit(session: Session, receipt: Receipt, now: Moment, by: User) -> None:
    """A check given at a visit whose payers still think: nothing of it is owed again yet."""
    given_at = session.get(Encounter, receipt.encounter_id) if receipt.encounter_id else None
    if given_at is not None and given_at.stage is not Stage.PATIENT:
        key = subjects.encounter_key(given_at)
        subjects.tell(session, key, "returned payment", _came_back(receipt), now, by)


def _came_back(receipt: Receipt) -> str:
    return f"Check {receipt.check_no} of {dollars(receipt.cents)} came back unpaid"


def _take_back_applied(
    session: Session, guarantor: Guarantor, receipt: Receipt, now: Moment
) -> list[Encounter]:
    """Credit from this check that was applied meanwhile: the balance it paid is owed again."""
    missing = -_credit_from(session, guarantor, receipt)
    found = []
    for posting in _applied(session, guarantor, receipt):
        cents = min(missing, -posting.cents)
        if cents <= 0:
            break
        missing -= cents
        credit = unapplied_leg(guarantor, -cents, receipt.encounter_id)
        ledger.post(
            session,
            LedgerEntry(
                effect_key=f"{RETURNED}{receipt.id}:applied:{posting.id}",
                source=f"account {guarantor.account_no}",
                words="Credit from a returned check taken back",
                service_on=None,
                deposit_on=None,
                posted_on=now.today,
                legs=(replace(ledger.leg_of(posting), cents=cents), credit),
            ),
        )
        found.append(session.get_one(Encounter, posting.encounter_id))
    return found


def _credit_from(session: Session, guarantor: Guarantor, receipt: Receipt) -> int:
    """What is left of the credit of this check's source; negative when it was used already."""
    statement = (
        select(-func.coalesce(func.sum(Posting.cents), 0))
        .where(Posting.account == Account.UNAPPLIED, Posting.guarantor_id == guarantor.id)
        .where(Posting.encounter_id.is_not_distinct_from(receipt.encounter_id))
    )
    return int(session.scalar(statement) or 0)


def _applied(session: Session, guarantor: Guarantor, receipt: Receipt) -> list[Posting]:
    """Where credit of this source was used, latest first."""
    used = aliased(Posting)
    return list(
        session.scalars(
            select(Posting)
            .join(Entry, Entry.id == Posting.entry_id)
            .join(used, used.entry_id == Entry.id)
            .where(Entry.effect_key.like(f"apply:{guarantor.account_no}:%"))
            .where(Posting.account == Account.AR_PATIENT, used.account == Account.UNAPPLIED)
            .where(used.encounter_id.is_not_distinct_from(receipt.encounter_id))
            .order_by(Posting.id.desc())
        )
    )


def _charge_fee(
    session: Session,
    guarantor: Guarantor,
    receipt: Receipt,
    returned_on: dt.date,
    now: Moment,
    by: User | None,
) -> None:
    key = f"nsf fee:{receipt.id}"
    fee = settings.number(session, FEE)
    if fee:
        _post_fee(session, guarantor, fee, key, returned_on, now, by)


def _post_fee(
    session: Session,
    guarantor: Guarantor,
    cents: int,
    key: str,
    deposit_on: dt.date | None,
    now: Moment,
    by: User | None,
) -> None:
    """A fee concerns the account, never an encounter: no payer may ever see it."""
    ledger.post(
        session,
        LedgerEntry(
            effect_key=key,
            source=f"account {guarantor.account_no}",
            words="Fee for a returned check" if cents > 0 else "Fee for a returned check waived",
            service_on=None,
            deposit_on=deposit_on,
            posted_on=now.today,
            legs=(
                Leg(account=Account.AR_FEES, cents=cents, guarantor_id=guarantor.id),
                Leg(account=Account.NSF_FEE, cents=-cents, guarantor_id=guarantor.id),
            ),
        ),
        by=by,
    )


def _ask(session: Session, guarantor: Guarantor, receipt: Receipt, words: str, now: Moment) -> None:
    fee = settings.number(session, FEE)
    and_fee = f", and a fee of {dollars(fee)} is due" if fee else ""
    tasks.open_task(
        session,
        TaskKind.RETURNED_PAYMENT,
        subject=subjects.patient_balance_key(guarantor),
        cause=f"returned:{receipt.id}",
        title=f"A check of {dollars(receipt.cents)} came back unpaid",
        reason=f"{words}. The balance is owed again{and_fee}.",
        now=now,
        details={"receipt_id": receipt.id, "fee_cents": fee},
        amount_cents=receipt.cents + fee,
        guarantor_id=guarantor.id,
    )


def _paid_encounters(session: Session, receipt: Receipt) -> list[Encounter]:
    ids = {
        posting.encounter_id
        for posting in _entry_of(session, receipt).postings
        if posting.account is Account.AR_PATIENT and posting.encounter_id is not None
    }
    return [session.get_one(Encounter, encounter_id) for encounter_id in sorted(ids)]


def _entry_of(session: Session, receipt: Receipt) -> Entry:
    key = receipt_key(receipt.source_key)
    return session.scalars(select(Entry).where(Entry.effect_key == key)).one()
