"""What a statement says, read from the ledger: every line adds up from what was posted on it."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.addresses import mailing
from casework.patients.receivables import owed_lines
from db.models import (
    BillingEntity,
    ChargeLine,
    Claim,
    Encounter,
    Entry,
    FeeScheduleItem,
    Guarantor,
    Posting,
    Receipt,
)
from db.queries.claim_visits import bills
from domain.correspondence import (
    Aging,
    PatientStatement,
    StatementKind,
    StatementLine,
    StatementPayment,
    StatementVisit,
)
from domain.ledger import Account

HARDSHIP = (
    "If paying this is hard, call us before the due date: we can spread it over instalments or "
    "reduce it."
)
DISPUTE = "If you think this is wrong, call us or write to us; we look into it before asking again."
MESSAGES = {
    StatementKind.STATEMENT: "Your plan has answered. This is the part that is yours to pay.",
    StatementKind.REMINDER: "We have not received your payment yet. If it is under way, thank you.",
    StatementKind.FINAL: "This is our last notice. Please pay, or call us so that we find a way.",
    StatementKind.PLAN: "Thank you for agreeing on a plan. While you keep it we send no reminders.",
}
# Only a patient's own money: what the guarantor paid, what came back, what was put from credit.
_FROM_THE_PATIENT = ("receipt:%", "apply:%", "returned:%")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What one piece of paper asks for, before it is laid out."""

    statement_no: str
    kind: StatementKind
    cycle: int
    encounters: tuple[Encounter, ...]
    fees_cents: int
    issued_on: dt.date
    due_on: dt.date
    first_billed_on: dt.date
    paid_since: dt.date | None
    instalment_cents: int | None = None


def compose(session: Session, guarantor: Guarantor, asked: Asked) -> PatientStatement:
    practice = session.scalars(select(BillingEntity).order_by(BillingEntity.id).limit(1)).one()
    visits = [_visit(session, encounter) for encounter in asked.encounters]
    if asked.fees_cents:
        visits.append(_fees(asked, practice.name))
    total = sum(line.you_owe_cents for visit in visits for line in visit.lines)
    ours = mailing(practice.name, practice.address)
    return PatientStatement(
        statement_no=asked.statement_no,
        account_no=guarantor.account_no,
        kind=asked.kind,
        cycle=asked.cycle,
        addressee=mailing(f"{guarantor.first_name} {guarantor.last_name}", guarantor.address),
        practice=ours,
        remit_to=ours,
        phone=practice.phone,
        issued_on=asked.issued_on,
        due_on=asked.due_on,
        visits=tuple(visits),
        payments=_payments(session, guarantor, asked.paid_since),
        aging=_aging(total, (asked.issued_on - asked.first_billed_on).days),
        message=MESSAGES[asked.kind],
        total_cents=total,
        installment_cents=asked.instalment_cents,
        hardship_text=HARDSHIP,
        dispute_text=DISPUTE,
    )


def _visit(session: Session, encounter: Encounter) -> StatementVisit:
    payers = session.scalars(select(Claim).where(bills(encounter.id)).order_by(Claim.id))
    names = dict.fromkeys(claim.payer.name for claim in payers)
    provider = encounter.provider
    return StatementVisit(
        service_on=encounter.service_on,
        provider=f"{provider.first_name} {provider.last_name}",
        plan=", ".join(names) or "none",
        lines=tuple(
            _line(session, line_id, owed) for line_id, owed in owed_lines(session, encounter)
        ),
    )


def _line(session: Session, line_id: int | None, owed: int) -> StatementLine:
    line = session.get(ChargeLine, line_id) if line_id else None
    charge = (line.charge_cents or 0) if line else owed
    plan_paid = _posted(session, line_id, Account.CLEARING) if line else 0
    you_paid = -_from_the_patient(session, line_id) if line else 0
    return StatementLine(
        words=_words(session, line),
        charge_cents=charge,
        plan_adjusted_cents=charge - plan_paid - you_paid - owed,
        plan_paid_cents=plan_paid,
        you_paid_cents=you_paid,
        you_owe_cents=owed,
    )


def _words(session: Session, line: ChargeLine | None) -> str:
    if line is None:
        return "Balance of the visit"
    item = (
        session.get(FeeScheduleItem, (line.fee_schedule_id, line.code))
        if line.fee_schedule_id
        else None
    )
    return item.words if item else f"Service {line.code}"


def _posted(session: Session, line_id: int | None, account: Account) -> int:
    statement = select(func.coalesce(func.sum(Posting.cents), 0)).where(
        Posting.charge_line_id == line_id, Posting.account == account
    )
    return int(session.scalar(statement) or 0)


def _from_the_patient(session: Session, line_id: int | None) -> int:
    keys = [Entry.effect_key.like(pattern) for pattern in _FROM_THE_PATIENT]
    statement = (
        select(func.coalesce(func.sum(Posting.cents), 0))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.charge_line_id == line_id, Posting.account == Account.AR_PATIENT)
        .where(keys[0] | keys[1] | keys[2])
    )
    return int(session.scalar(statement) or 0)


def _fees(asked: Asked, practice: str) -> StatementVisit:
    fee = StatementLine(
        words="Returned check fee",
        charge_cents=asked.fees_cents,
        plan_adjusted_cents=0,
        plan_paid_cents=0,
        you_paid_cents=0,
        you_owe_cents=asked.fees_cents,
    )
    return StatementVisit(
        service_on=asked.issued_on, provider=practice, plan="does not apply", lines=(fee,)
    )


def _payments(
    session: Session, guarantor: Guarantor, since: dt.date | None
) -> tuple[StatementPayment, ...]:
    if since is None:
        return ()
    rows = session.scalars(
        select(Receipt)
        .where(Receipt.guarantor_id == guarantor.id, Receipt.received_on >= since)
        .where(Receipt.cents > 0, Receipt.returned_by_id.is_(None))
        .order_by(Receipt.received_on, Receipt.id)
    )
    return tuple(
        StatementPayment(
            received_on=row.received_on,
            words=f"check {row.check_no}" if row.check_no else row.kind,
            amount_cents=row.cents,
        )
        for row in rows
    )


def _aging(cents: int, days: int) -> Aging:
    if days <= 30:  # noqa: PLR2004 - the columns of the form
        return Aging(days_0_30_cents=cents)
    if days <= 60:  # noqa: PLR2004
        return Aging(days_31_60_cents=cents)
    if days <= 90:  # noqa: PLR2004
        return Aging(days_61_90_cents=cents)
    if days <= 120:  # noqa: PLR2004
        return Aging(days_91_120_cents=cents)
    return Aging(over_120_cents=cents)
