"""Why Medicare is not the first payer of a claim: as the coverage says, else as the payers before
it tell by what they are."""

from itertools import takewhile

from sqlalchemy.orm import Session

from casework import coverages
from db.models import Claim, Coverage, Encounter, Payer
from domain import medicare
from domain.claims import Responsibility
from domain.medicare import SecondBecause


def is_asked(claim: Claim) -> bool:
    """Whether this claim must tell it."""
    return _is_asked_of(claim.payer, Responsibility(claim.responsibility))


def because(session: Session, claim: Claim) -> SecondBecause | None:
    """None of every claim that needs no reason."""
    place = Responsibility(claim.responsibility)
    return because_of(session, claim.encounter, claim.coverage, place)


def because_of(
    session: Session, encounter: Encounter, coverage: Coverage, place: Responsibility
) -> SecondBecause | None:
    """The same of any payer of the visit, at its place of the order."""
    if not _is_asked_of(coverage.plan.payer, place):
        return None
    covered = coverages.of_encounter(session, encounter)
    before = takewhile(lambda one: one.id != coverage.id, covered)
    kinds = [one.plan.payer.filing_code for one in before]
    return coverage.second_because or medicare.told_by(kinds)


def _is_asked_of(payer: Payer, place: Responsibility) -> bool:
    return place is not Responsibility.PRIMARY and medicare.is_medicare(payer.filing_code)
