"""The steps of each workflow by name, and what a workflow asks of the database and is told by it.

Payloads carry ids, stages and durations only: histories are kept and shown.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class EncounterStep(StrEnum):
    """Each is one transaction; `casework.steps` holds what it does."""

    ASK_ELIGIBILITY = "ask_eligibility"
    HEAR_ELIGIBILITY = "hear_eligibility"
    CODE = "code"
    PRICE = "price"
    PLAN_CLAIMS = "plan_claims"
    SETTLE_WITH_PATIENT = "settle_with_patient"


class ClaimStep(StrEnum):
    EDIT = "edit"
    CHASE_BATCH = "chase_batch"
    CHASE_ACKNOWLEDGMENT = "chase_acknowledgment"
    APPLY_REJECTION_ANSWER = "apply_rejection_answer"
    FOLLOW_UP = "follow_up"
    JUDGE_ADJUDICATION = "judge_adjudication"
    APPLY_DENIAL_DECISIONS = "apply_denial_decisions"
    FOLLOW_APPEAL = "follow_appeal"
    BILL_AFTER_CROSSOVER = "bill_after_crossover"


@dataclass(frozen=True, kw_only=True)
class StepRequest:
    """Do `step` if the subject still stands at `rev`; look only, when `step` is None."""

    subject: str
    rev: int | None = None
    step: EncounterStep | ClaimStep | None = None
    claim_id: int | None = None
    real_now: dt.datetime


@dataclass(frozen=True, kw_only=True)
class QueueStanding:
    """Where a subject without stages of its own stands: something to do now, later, or never."""

    rev: int
    is_open: bool
    is_ready: bool
    wait: dt.timedelta
