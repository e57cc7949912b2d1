"""Credit goes back to the guarantor once, when nothing is left that it could pay."""

from sqlalchemy.orm import Session

from casework import ledger
from casework.moment import Moment
from casework.patients.credits import unapplied_by_encounter, unapplied_leg
from casework.patients.statements import base_manifest, next_number, send
from casework.refusals import Refused
from db.models import Guarantor, Refund, Task, User
from domain.ledger import Account, LedgerEntry, Leg


def refund_credit(
    session: Session, guarantor: Guarantor, *, reason: str, task: Task, by: User, now: Moment
) -> Refund:
    """Send all unapplied credit back. Its caller holds the account."""
    credit = unapplied_by_encounter(session, guarantor)
    cents = sum(credit.values())
    if cents <= 0:
        raise Refused.of("route", "No credit is left on this account; keep it as it is.", "keep")
    row = Refund(
        guarantor_id=guarantor.id,
        cents=cents,
        reason=reason,
        task_id=task.id,
        refunded_on=now.today,
    )
    session.add(row)
    session.flush()
    _post(session, guarantor, row, credit, by, now)
    number = next_number(session)
    send(session, number, base_manifest(number, guarantor, cents, now.today, "refund"), None, now)
    return row


def _post(
    session: Session,
    guarantor: Guarantor,
    row: Refund,
    credit: dict[int | None, int],
    by: User,
    now: Moment,
) -> None:
    cash = Leg(account=Account.CASH_PATIENT, cents=-row.cents, guarantor_id=guarantor.id)
    returned = tuple(unapplied_leg(guarantor, part, source) for source, part in credit.items())
    ledger.post(
        session,
        LedgerEntry(
            effect_key=f"refund:{row.id}",
            source=f"account {guarantor.account_no}",
            words="Credit refunded",
            service_on=None,
            deposit_on=now.today,
            posted_on=now.today,
            legs=(*returned, cash),
        ),
        by=by,
    )
