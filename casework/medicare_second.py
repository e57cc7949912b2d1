"""Why Medicare is not the first payer of a claim: as the coverage says, else as the payers before
it tell by what they are."""

from itertools import takewhile

from sqlalchemy.orm import Session

from casework import coverages
from db.models import Claim
from domain import medicare
from domain.claims import Responsibility
from domain.medicare import SecondBecause


def is_asked(claim: Claim) -> bool:
    """Whether this claim must tell it."""
    is_first = claim.responsibility == Responsibility.PRIMARY
    return not is_first and medicare.is_medicare(claim.payer.filing_code)


def because(session: Session, claim: Claim) -> SecondBecause | None:
    """None of every claim that needs no reason."""
    if not is_asked(claim):
        return None
    covered = coverages.of_encounter(session, claim.encounter)
    before = takewhile(lambda one: one.id != claim.coverage_id, covered)
    kinds = [one.plan.payer.filing_code for one in before]
    return claim.coverage.second_because or medicare.told_by(kinds)
