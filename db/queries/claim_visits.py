"""Which claims bill an encounter, and which encounters a claim bills: by their charge lines."""

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from db.models import ChargeLine, Claim, ClaimLine, ClaimVersion, Encounter, Submission


def bills(*encounter_ids: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """A condition on `Claim`: it carries a charge line of these encounters, whoever leads it."""
    carried = (
        select(ClaimLine.claim_id)
        .join(ChargeLine, ChargeLine.id == ClaimLine.charge_line_id)
        .where(ChargeLine.encounter_id.in_(encounter_ids))
    )
    return Claim.id.in_(carried.correlate(Encounter))


def has_gone_out() -> ColumnElement[bool]:
    """A condition on `Claim`: a submission of it is in a batch, or was sent."""
    sent = (
        select(Submission.id)
        .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
        .where(ClaimVersion.claim_id == Claim.id)
        .where(Submission.batch_id.is_not(None) | Submission.sent_at.is_not(None))
    )
    return sent.correlate(Claim).exists()


def is_billed_by(claim_id: int) -> ColumnElement[bool]:
    """A condition on `Encounter`: this claim carries a charge line of it."""
    return Encounter.id.in_(billed_by(claim_id))


def billed_by(claim_id: int | InstrumentedAttribute[int]) -> Select[int]:
    """The ids of the encounters of which a claim carries a charge line."""
    return (
        select(ChargeLine.encounter_id)
        .join(ClaimLine, ClaimLine.charge_line_id == ChargeLine.id)
        .where(ClaimLine.claim_id == claim_id)
        .correlate(Claim)
    )


def billed_together() -> Select[int]:
    """The ids of the encounters that stand on one claim with `Encounter`."""
    mine, mate = aliased(ClaimLine), aliased(ClaimLine)
    own, other = aliased(ChargeLine), aliased(ChargeLine)
    return (
        select(other.encounter_id)
        .join(mate, mate.charge_line_id == other.id)
        .join(mine, mine.claim_id == mate.claim_id)
        .join(own, own.id == mine.charge_line_id)
        .where(own.encounter_id == Encounter.id)
        .correlate(Encounter)
    )
