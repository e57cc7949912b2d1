"""Which claims bill an encounter, and which encounters a claim bills: by their charge lines."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from db.models import ChargeLine, Claim, ClaimLine, Encounter


def bills(*encounter_ids: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """A condition on `Claim`: it carries a charge line of these encounters, whoever leads it."""
    carried = (
        select(ClaimLine.claim_id)
        .join(ChargeLine, ChargeLine.id == ClaimLine.charge_line_id)
        .where(ChargeLine.encounter_id.in_(encounter_ids))
    )
    return Claim.id.in_(carried.correlate(Encounter))


def is_billed_by(claim_id: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """A condition on `Encounter`: this claim carries a charge line of it."""
    carried = (
        select(ChargeLine.encounter_id)
        .join(ClaimLine, ClaimLine.charge_line_id == ChargeLine.id)
        .where(ClaimLine.claim_id == claim_id)
    )
    return Encounter.id.in_(carried.correlate(Claim))
