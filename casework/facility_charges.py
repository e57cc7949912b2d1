"""What a facility charges for a stay without a coded service beside it, changed after the encounter
was priced: charged at once, and billed on its claim as long as that has not gone out.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import regrouping, subjects
from casework.moment import Moment
from casework.refusals import Refused
from casework.steps import charges, coding
from db.models import Claim, Encounter, User
from domain.claim_form import ClaimForm
from domain.encounter import CLAIM_CANCELLED, ClaimStage, Stage

BEFORE_PRICING = (Stage.REGISTERED, Stage.ELIGIBILITY, Stage.CODING, Stage.CHARGES)


def change(session: Session, encounter: Encounter, by: User, now: Moment) -> None:
    """Raises `Refused` where the facility's claim is with its payer."""
    if encounter.stage in BEFORE_PRICING:
        return  # The pricing to come takes them along.
    found = select(Claim).where(
        Claim.encounter_id == encounter.id,
        Claim.form == ClaimForm.INSTITUTIONAL,
        Claim.outcome.is_distinct_from(CLAIM_CANCELLED),
    )
    billed = session.scalars(found.order_by(Claim.id)).all()
    sent = [claim for claim in billed if claim.stage is not ClaimStage.EDITS]
    if sent or encounter.stage is not Stage.CLAIMS:
        words = "The facility's claim has gone out: what was found since is a late charge."
        raise Refused.of("charges", words)
    # A coding of its own: each version of the codes is charged once.
    words = f"{by.full_name} changed what the facility charges"
    coding.record_session(session, encounter, by.id, words, now)
    charges.price_again(session, encounter, billed[0] if billed else None, now)
    for claim in billed:
        regrouping.regroup(session, claim)
    subjects.wake(session, subjects.encounter_key(encounter))
