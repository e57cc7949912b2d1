"""Why a version of a claim is sent (CLM05-3): as an original, in the place of what its payer has,
or as the late charges of a facility.

A facility's charges that come after its bill was sent go as such (frequency 5): a second original
of the same days is refused as a duplicate. A professional claim knows no frequency 5.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import adjudications, withdrawals
from db.models import ChargeLine, Claim, ClaimVersion, LateCharge
from db.queries.claim_visits import bills
from domain.claim_form import ClaimForm
from domain.claims import Frequency
from domain.encounter import CLAIM_CANCELLED, CLAIM_VOID, ClaimStage


def of_correction(session: Session, claim: Claim) -> Frequency:
    """A replacement where the payer takes one and has numbered the claim, else as at first."""
    if claim.may_be_replaced and claim.payer_claim_number:
        return Frequency.REPLACEMENT
    return of_new(session, claim)


def of_new(session: Session, claim: Claim) -> Frequency:
    """Late charges where nothing else is on it and they add to a bill that its payer has."""
    if not claim.payer.takes_late_charges or not is_late_alone(session, claim):
        return Frequency.ORIGINAL
    earlier = first_bills(session, _asked(claim), claim.payer_id)
    is_added_to = any(each.id < claim.id and is_with_payer(each) for each in earlier)
    return Frequency.LATE_CHARGES if is_added_to else Frequency.ORIGINAL


def is_late_alone(session: Session, claim: Claim) -> bool:
    """Whether a facility's claim asks for late charges and nothing else."""
    if claim.form is not ClaimForm.INSTITUTIONAL:
        return False
    asked = _asked(claim)
    late = select(LateCharge.charge_line_id).where(LateCharge.charge_line_id.in_(asked))
    return bool(asked) and set(session.scalars(late)) == set(asked)


def _asked(claim: Claim) -> list[int]:
    return [line.charge_line_id for line in claim.lines if not line.charge_line.is_void]


def fit(session: Session, claim: Claim, version: ClaimVersion) -> None:
    """What a version is sent for, as things stand while it can still change."""
    if claim.form is not ClaimForm.INSTITUTIONAL:
        return
    if version.content is None and version.payer_claim_number is None:
        session.expire(claim, ["lines"])
        version.frequency = of_new(session, claim)


def first_bills(session: Session, line_ids: Collection[int], payer_id: int) -> list[Claim]:
    """The facility's claims to this payer, of the visits of these lines, that bill other lines and
    stand: neither was their payer told that they never were, nor were they given up before it
    answered."""
    visits = select(ChargeLine.encounter_id).where(ChargeLine.id.in_(line_ids)).distinct()
    found = session.scalars(
        select(Claim)
        .where(bills(*session.scalars(visits)), Claim.payer_id == payer_id)
        .where(Claim.form == ClaimForm.INSTITUTIONAL)
        .where(Claim.outcome.is_distinct_from(CLAIM_CANCELLED))
        .where(Claim.outcome.is_distinct_from(CLAIM_VOID))
        .order_by(Claim.id)
    )
    return [
        claim
        for claim in found
        if of_newest(session, claim) != Frequency.VOID
        and (claim.stage.is_open or adjudications.is_answered(session, claim))
        and not set(line_ids) & {line.charge_line_id for line in claim.lines}
    ]


def is_with_payer(claim: Claim) -> bool:
    """Or on its way there; one that was rejected is not."""
    return claim.stage is not ClaimStage.REJECTED


def of_newest(session: Session, claim: Claim) -> str | None:
    """What the last was for that this payer heard of the claim, or will hear."""
    newest = select(ClaimVersion.frequency).where(
        ClaimVersion.claim_id == claim.id, ~withdrawals.is_withdrawn()
    )
    return session.scalar(newest.order_by(ClaimVersion.version.desc()).limit(1))
