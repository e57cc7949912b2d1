"""The charge lines of an encounter on which a payer owes, and whether that payer was asked."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import ledger
from db.models import ChargeLine, Claim, ClaimLine, Encounter, Payer
from domain.billing_plan import OpenLine
from domain.claim_form import ClaimForm
from domain.encounter import CLAIM_CANCELLED
from domain.ledger import Account


def of(session: Session, encounter: Encounter) -> list[OpenLine]:
    asked = _asked(session, encounter)
    owed = {
        (line_id, payer_id)
        for (line_id, account, payer_id), cents in ledger.open_receivables(
            session, encounter.id
        ).items()
        if account is Account.AR_INSURANCE and payer_id and line_id and cents > 0
    }
    payers = {payer_id for _, payer_id in owed}
    forms = {line.id: line.form for line in encounter.charge_lines}
    whole = set(
        session.scalars(select(Payer.id).where(Payer.id.in_(payers), Payer.takes_stays_whole))
    )
    return [
        OpenLine(
            charge_line_id=line_id,
            encounter_id=encounter.id,
            payer_id=payer_id,
            has_claim=(line_id, payer_id) in asked,
            form=forms[line_id],
            # A stay's visits are physicians'; its facility's charges are one visit's already.
            takes_stays_whole=payer_id in whole and forms[line_id] is ClaimForm.PROFESSIONAL,
        )
        for line_id, payer_id in sorted(owed)
    ]


def _asked(session: Session, encounter: Encounter) -> set[tuple[int, int]]:
    rows = session.execute(
        select(ClaimLine.charge_line_id, Claim.payer_id)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .join(ChargeLine, ChargeLine.id == ClaimLine.charge_line_id)
        .where(ChargeLine.encounter_id == encounter.id)
        .where(Claim.outcome.is_distinct_from(CLAIM_CANCELLED))
    )
    return {(line_id, payer_id) for line_id, payer_id in rows}
