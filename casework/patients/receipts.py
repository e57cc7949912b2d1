"""Patients' money coming in: each receipt once, to what it was sent for, the rest as credit."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from casework import audit, ledger, subjects
from casework.moment import Moment
from casework.patients.account_subjects import lock_account, tell_account, tell_encounter
from casework.patients.credits import unapplied_leg
from casework.patients.receivables import billable, paying_legs
from casework.refusals import Refused
from db.models import Encounter, Guarantor, Receipt, Statement, StatementLine, User
from domain.encounter import Stage
from domain.ledger import Account, LedgerEntry, Leg
from domain.money import dollars

# Before the source key in the effect key of a receipt's entry.
RECEIPT = "receipt:"


@dataclass(frozen=True, kw_only=True)
class Payment:
    """Money of one kind (cash, card, check, copay, lockbox) and what it was given for, if said."""

    cents: int
    kind: str
    received_on: dt.date
    source_key: str
    encounter: Encounter | None = None
    statement: Statement | None = None
    check_no: str | None = None


def receive_payment(
    session: Session,
    guarantor: Guarantor,
    cents: int,
    kind: str,
    received_on: dt.date,
    source_key: str,
    now: Moment,
    *,
    by: User | None = None,
    encounter: Encounter | None = None,
    statement: Statement | None = None,
    check_no: str | None = None,
) -> Receipt | None:
    """Take in money once by its source key; None when it was taken in before."""
    if cents <= 0:
        raise Refused.of("amount", "A payment is more than nothing.")
    payment = Payment(
        cents=cents,
        kind=kind,
        received_on=received_on,
        source_key=source_key,
        encounter=encounter,
        statement=statement,
        check_no=check_no,
    )
    if _is_copay(payment):
        receipt = _take_copay(session, guarantor, payment, now, by)
    else:
        receipt = _take_payment(session, guarantor, payment, now, by)
    if receipt is not None:
        audit.record(session, by, "received", "receipt", str(receipt.id))
    return receipt


def _is_copay(payment: Payment) -> bool:
    """Money for an encounter whose payers have not all answered: nobody knows yet what is owed."""
    known = (Stage.PATIENT, Stage.CLOSED, Stage.CANCELLED)
    return payment.encounter is not None and payment.encounter.stage not in known


def _take_copay(
    session: Session, guarantor: Guarantor, payment: Payment, now: Moment, by: User | None
) -> Receipt | None:
    """Kept for its own encounter, whose end wakes the account; nothing waits for it before."""
    assert payment.encounter is not None
    subject = subjects.lock(session, subjects.encounter_key(payment.encounter))
    receipt = _receipt(session, guarantor, payment)
    if receipt is None:
        return None
    credit = unapplied_leg(guarantor, -payment.cents, payment.encounter.id)
    _post_receipt(session, guarantor, payment, (credit,), now, by)
    words = f"Received {dollars(payment.cents)} by {payment.kind}, kept as credit"
    subjects.record(session, subject, "payment", words, now, by)
    subjects.wake(session, subject.key)
    return receipt


def _take_payment(
    session: Session, guarantor: Guarantor, payment: Payment, now: Moment, by: User | None
) -> Receipt | None:
    subject = lock_account(session, guarantor, now)
    receipt = _receipt(session, guarantor, payment)
    if receipt is None:
        return None
    words = f"Received {dollars(payment.cents)} by {payment.kind}"
    for encounter in _post(session, guarantor, payment, now, by):
        tell_encounter(session, encounter, words, now, by)
    tell_account(session, subject, "payment", words, now, by)
    return receipt


def _receipt(session: Session, guarantor: Guarantor, payment: Payment) -> Receipt | None:
    receipt_id = session.scalar(
        insert(Receipt)
        .values(
            guarantor_id=guarantor.id,
            encounter_id=payment.encounter.id if payment.encounter else None,
            statement_id=payment.statement.id if payment.statement else None,
            kind=payment.kind,
            cents=payment.cents,
            check_no=payment.check_no,
            source_key=payment.source_key,
            received_on=payment.received_on,
        )
        .on_conflict_do_nothing(index_elements=["source_key"])
        .returning(Receipt.id)
    )
    return session.get_one(Receipt, receipt_id) if receipt_id else None


def _post(
    session: Session, guarantor: Guarantor, payment: Payment, now: Moment, by: User | None
) -> list[Encounter]:
    """One entry: what is owed for care first, then our fees, then credit. Returns who was paid."""
    legs: list[Leg] = []
    paid = []
    left = payment.cents
    for encounter in _in_order(session, guarantor, payment, now):
        parts = paying_legs(session, encounter, left)
        left += sum(part.cents for part in parts)
        legs += parts
        if parts:
            paid.append(encounter)
    fees = min(left, ledger.balance(session, Account.AR_FEES, guarantor_id=guarantor.id))
    if fees > 0:
        legs.append(Leg(account=Account.AR_FEES, cents=-fees, guarantor_id=guarantor.id))
        left -= fees
    if left:
        source_id = payment.encounter.id if payment.encounter else None
        legs.append(unapplied_leg(guarantor, -left, source_id))
    _post_receipt(session, guarantor, payment, tuple(legs), now, by)
    return paid


def _post_receipt(
    session: Session,
    guarantor: Guarantor,
    payment: Payment,
    legs: tuple[Leg, ...],
    now: Moment,
    by: User | None,
) -> None:
    cash = Leg(account=Account.CASH_PATIENT, cents=payment.cents, guarantor_id=guarantor.id)
    ledger.post(
        session,
        LedgerEntry(
            effect_key=receipt_key(payment.source_key),
            source=f"account {guarantor.account_no}",
            words=f"Received by {payment.kind}",
            service_on=None,
            deposit_on=payment.received_on,
            posted_on=now.today,
            legs=(cash, *legs),
        ),
        by=by,
    )


def receipt_key(source_key: str) -> str:
    return f"{RECEIPT}{source_key}"


def _in_order(
    session: Session, guarantor: Guarantor, payment: Payment, now: Moment
) -> list[Encounter]:
    """What the money was given for first, then the oldest."""
    named = set(
        session.scalars(
            select(StatementLine.encounter_id).where(
                StatementLine.statement_id == (payment.statement.id if payment.statement else None)
            )
        )
    )
    if payment.encounter is not None:
        named = {payment.encounter.id}
    oldest_first = billable(session, guarantor, now)
    return sorted(oldest_first, key=lambda encounter: encounter.id not in named)
