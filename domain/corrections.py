"""How a claim that was sent is put right: what a payer takes, and what it gets instead."""

from enum import StrEnum
from typing import assert_never

from domain.encounter import ClaimStage


class Instead(StrEnum):
    """What a payer that takes no replacement (frequency 7) gets, by payer and form."""

    NEW_CLAIM = "new_claim"
    REOPENING = "reopening"

    @property
    def words(self) -> str:
        match self:
            case Instead.NEW_CLAIM:
                return "a new claim for the lines that are not paid"
            case Instead.REOPENING:
                return "a letter that asks to reopen the claim for a clerical error"
            case _:
                assert_never(self)


class LateCharging(StrEnum):
    """How a charge that came after its claim was sent reaches the payer."""

    JOINS = "joins"
    """Once the payer has decided: on a replacement where it takes one, else on a claim alone."""
    ALONE = "alone"
    """At once, on a claim of its own."""


class Moment(StrEnum):
    """Where the original stands when somebody wants to correct it."""

    UNSENT = "unsent"
    UNDECIDED = "undecided"
    IN_QUESTION = "in question"
    DECIDED = "decided"


def moment_of(stage: ClaimStage) -> Moment:
    match stage:
        case ClaimStage.EDITS | ClaimStage.REJECTED:
            return Moment.UNSENT
        case ClaimStage.READY | ClaimStage.SUBMITTED | ClaimStage.ACCEPTED:
            return Moment.UNDECIDED
        case ClaimStage.ADJUDICATED | ClaimStage.DENIED | ClaimStage.APPEALED:
            return Moment.IN_QUESTION
        case ClaimStage.CROSSED_OVER | ClaimStage.SETTLED:
            return Moment.DECIDED
        case _:
            assert_never(stage)
