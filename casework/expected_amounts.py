"""What a payer should pay for a claim by its contract, and what it still owes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import (
    coverages,
    ledger,
    stays,
)
from db.models import (
    ChargeLine,
    Claim,
    Contract,
    ContractTerm,
)
from domain.ledger import Account

# Outcomes of a claim whose payer was the patient's on that day.
COVERED = ("paid", "partly_paid")


def of_line(session: Session, claim: Claim, line: ChargeLine) -> int | None:
    """What the contract in force allows for a line; None without a term."""
    allowed = session.scalar(
        select(ContractTerm.allowed_cents)
        .join(Contract, Contract.id == ContractTerm.contract_id)
        .where(Contract.payer_id == claim.payer_id)
        .where(ContractTerm.form == line.form, ContractTerm.code == line.price_code)
        .where(Contract.valid_from <= line.service_on)
        .order_by(Contract.valid_from.desc())
        .limit(1)
    )
    return None if allowed is None else allowed * line.units


def claim_receivable(session: Session, claim: Claim) -> int:
    """What this claim's payer still owes on its lines under its own coverage.

    What an answered claim left over is owed under the next coverage, also where the payer is one
    and the same: the billing plan asks for it there.
    """
    following = coverages.after(session, claim)
    if following and following.plan.payer_id == claim.payer_id and claim.outcome in COVERED:
        return 0
    lines = {line.charge_line_id for line in claim.lines}
    return sum(
        cents
        for encounter in stays.visits(session, claim)
        for (line_id, account, payer_id), cents in ledger.open_receivables(
            session, encounter.id
        ).items()
        if account is Account.AR_INSURANCE and payer_id == claim.payer_id and line_id in lines
    )
