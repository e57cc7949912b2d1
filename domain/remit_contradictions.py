"""Where an 835 contradicts itself without moving money: told to people, and never a reason to
refuse it."""

from collections.abc import Iterator

from domain.money import dollars
from domain.remittance import (
    AdjustmentGroup,
    RemitClaim,
    RemitStatus,
    Remittance,
    all_adjustments,
)


def contradictions(remittance: Remittance) -> tuple[str, ...]:
    return tuple(words for claim in remittance.claims for words in _of_claim(claim))


def _of_claim(claim: RemitClaim) -> Iterator[str]:
    """CLP05 is what the patient owes: the sum of all reasons of the group PR.

    A reversal may leave it out or turn its sign; payers do both.
    """
    if claim.status is RemitStatus.REVERSAL:
        return
    shares = (one for one in all_adjustments(claim) if one.group is AdjustmentGroup.PATIENT)
    owed, stated = sum(one.cents for one in shares), claim.patient_responsibility_cents
    if owed != stated:
        yield (
            f"Claim {claim.ordinal} (CLP, segment {claim.segment}): CLP05 says that the patient "
            f"owes {dollars(stated)}, but the reasons of group PR make {dollars(owed)}."
        )
