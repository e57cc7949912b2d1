"""Where an encounter and its claims stand: one stage each, and what the workflow is told of it."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where we think an encounter is; the claims inside `CLAIMS` have stages of their own."""

    REGISTERED = "registered"
    ELIGIBILITY = "eligibility"
    CODING = "coding"
    CHARGES = "charges"
    CLAIMS = "claims"
    PATIENT = "patient"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        return self not in (Stage.CLOSED, Stage.CANCELLED)


class ClaimStage(StrEnum):
    """Where we think a claim is; what the payer says is its claim status (277)."""

    EDITS = "edits"
    READY = "ready"
    SUBMITTED = "submitted"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    ADJUDICATED = "adjudicated"
    DENIED = "denied"
    APPEALED = "appealed"
    CROSSED_OVER = "crossed_over"
    SETTLED = "settled"

    @property
    def is_open(self) -> bool:
        return self is not ClaimStage.SETTLED


# The outcome of a claim whose visit was cancelled before anything was sent: nobody was asked by it.
CLAIM_CANCELLED = "cancelled"
# Of one whose payer has agreed that it never was.
CLAIM_VOID = "void"


class CodingStatus(StrEnum):
    """Whether the chart is coded: only a coder (or the provider's addendum) moves it."""

    UNCODED = "uncoded"
    QUERIED = "queried"
    CODED = "coded"


class EncounterClass(StrEnum):
    """FHIR's class of an encounter, as far as a practice bills it."""

    AMBULATORY = "AMB"
    EMERGENCY = "EMER"
    INPATIENT = "IMP"


@dataclass(frozen=True, kw_only=True)
class ClaimStanding:
    """One claim: its stage, and whether anything can be done about it now."""

    claim_id: int
    stage: ClaimStage
    is_ready: bool


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the database says of an encounter at one revision; all that its workflow may know."""

    rev: int
    stage: Stage
    is_ready: bool
    is_held: bool
    claims: tuple[ClaimStanding, ...]
    wait: dt.timedelta

    @property
    def is_open(self) -> bool:
        return self.stage.is_open

    @property
    def ready_claims(self) -> tuple[ClaimStanding, ...]:
        return tuple(claim for claim in self.claims if claim.is_ready and claim.stage.is_open)
