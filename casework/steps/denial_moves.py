"""What a decision does at once: what was refused is owed by the next payer, or by the patient."""

from dataclasses import replace

from sqlalchemy.orm import Session

from casework import coverages, ledger
from casework.moment import Moment
from db.models import Claim, Denial
from domain.denials import DenialRoute, DenialStatus
from domain.ledger import Account, LedgerEntry, Leg


def carry_out_at_once(session: Session, claim: Claim, denial: Denial, now: Moment) -> None:
    match denial.route:
        case DenialRoute.NEXT_PAYER:
            _move_to_next_payer(session, claim, denial, now)
        case DenialRoute.PATIENT:
            _move(session, claim, denial, None, now)
        case _:
            return
    resolve(denial, now)


def resolve(denial: Denial, now: Moment) -> None:
    denial.status = DenialStatus.RESOLVED
    denial.resolved_at = now.at


def _move_to_next_payer(session: Session, claim: Claim, denial: Denial, now: Moment) -> None:
    others = coverages.others(session, claim, denial.charge_line_id)
    if others:
        _move(session, claim, denial, others[0].plan.payer_id, now)


def _move(
    session: Session, claim: Claim, denial: Denial, payer_id: int | None, now: Moment
) -> None:
    """Move what was refused to another payer's receivable, or (None) to the patient's."""
    owed = ledger.balance(
        session, Account.AR_INSURANCE, charge_line_id=denial.charge_line_id, payer_id=claim.payer_id
    )
    cents = min(owed, denial.amount_cents)
    if cents <= 0:
        return
    ledger.post(
        session,
        LedgerEntry(
            effect_key=f"move:{denial.id}",
            source=f"denial {denial.id}",
            words="Moved to the next payer" if payer_id else "Moved to the patient",
            service_on=denial.charge_line.service_on,
            deposit_on=None,
            posted_on=now.today,
            legs=_moving_legs(claim, denial, cents, payer_id),
        ),
    )


def _moving_legs(claim: Claim, denial: Denial, cents: int, payer_id: int | None) -> tuple[Leg, Leg]:
    encounter = denial.charge_line.encounter
    given = Leg(
        account=Account.AR_INSURANCE,
        cents=-cents,
        payer_id=claim.payer_id,
        patient_id=encounter.patient_id,
        guarantor_id=encounter.guarantor_id,
        encounter_id=encounter.id,
        charge_line_id=denial.charge_line_id,
        claim_id=claim.id,
    )
    account = Account.AR_INSURANCE if payer_id else Account.AR_PATIENT
    return replace(given, account=account, cents=cents, payer_id=payer_id), given
