"""A charge becomes a receivable, and is taken back: one balanced entry for each."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from casework import ledger
from casework.moment import Moment
from db.models import ChargeLine, Encounter, User
from domain.ledger import Account, LedgerEntry, Leg


@dataclass(frozen=True, kw_only=True)
class Receivable:
    """Who owes a charge: a payer (for one claim, once there is one), or the patient."""

    account: Account
    payer_id: int | None
    claim_id: int | None = None


def post(
    session: Session,
    line: ChargeLine,
    cents: int,
    receivable: Receivable,
    *,
    effect_key: str,
    words: str,
    now: Moment,
    by: User | None = None,
) -> None:
    """Charge `cents` more; what is negative is taken back."""
    encounter = line.encounter
    owed = _leg(encounter, line, receivable.account, cents, receivable)
    earned = _leg(encounter, line, Account.CHARGES, -cents)
    ledger.post(
        session,
        LedgerEntry(
            effect_key=effect_key,
            source=f"encounter {encounter.encounter_no}",
            words=words,
            service_on=line.service_on,
            deposit_on=None,
            posted_on=now.today,
            legs=(owed, earned),
        ),
        by=by,
    )


def owed_by(line: ChargeLine) -> Receivable:
    """Of the payer that the line stands with, else of the patient."""
    account = Account.AR_INSURANCE if line.payer_id else Account.AR_PATIENT
    return Receivable(account=account, payer_id=line.payer_id)


def _leg(
    encounter: Encounter,
    line: ChargeLine,
    account: Account,
    cents: int,
    receivable: Receivable | None = None,
) -> Leg:
    return Leg(
        account=account,
        cents=cents,
        payer_id=receivable.payer_id if receivable else None,
        patient_id=encounter.patient_id,
        guarantor_id=encounter.guarantor_id if receivable else None,
        encounter_id=encounter.id,
        charge_line_id=line.id,
        claim_id=receivable.claim_id if receivable else None,
    )
