"""A claim's life inside its encounter's workflow: which step each stage asks for when it
can move.
"""

from typing import assert_never

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.encounter import ClaimStage
    from domain.steps import ClaimStep


def step_for(stage: ClaimStage) -> ClaimStep:  # noqa: C901, PLR0911 - one line a stage
    """What to do with a claim whose wait is over, because the answer came or because it did not."""
    match stage:
        case ClaimStage.EDITS:
            return ClaimStep.EDIT
        case ClaimStage.READY:
            return ClaimStep.CHASE_BATCH
        case ClaimStage.SUBMITTED:
            return ClaimStep.CHASE_ACKNOWLEDGMENT
        case ClaimStage.REJECTED:
            return ClaimStep.APPLY_REJECTION_ANSWER
        case ClaimStage.ACCEPTED:
            return ClaimStep.FOLLOW_UP
        case ClaimStage.ADJUDICATED:
            return ClaimStep.JUDGE_ADJUDICATION
        case ClaimStage.DENIED:
            return ClaimStep.APPLY_DENIAL_DECISIONS
        case ClaimStage.APPEALED:
            return ClaimStep.FOLLOW_APPEAL
        case ClaimStage.CROSSED_OVER:
            return ClaimStep.BILL_AFTER_CROSSOVER
        case ClaimStage.SETTLED:
            raise AssertionError("a settled claim has no next step")
        case _:
            assert_never(stage)
