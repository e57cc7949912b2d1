"""Why a new version of a claim is sent (CLM05-3): as an original, in the place of what its payer
has, or as the late charges of a facility.

A facility's charges that come after its bill was sent go as such (frequency 5): a second original
of the same days is refused as a duplicate. A professional claim knows no frequency 5.
"""

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from casework import withdrawals
from db.models import ChargeLine, Claim, ClaimVersion, LateCharge
from db.queries.claim_visits import bills
from domain.claim_form import ClaimForm
from domain.claims import Frequency
from domain.encounter import CLAIM_CANCELLED, CLAIM_VOID


def of_correction(session: Session, claim: Claim) -> Frequency:
    """A replacement where the payer takes one and has numbered the claim, else as at first."""
    if claim.may_be_replaced and claim.payer_claim_number:
        return Frequency.REPLACEMENT
    return of_new(session, claim)


def of_new(session: Session, claim: Claim) -> Frequency:
    """Late charges where nothing else is on it and they add to a claim that its payer has."""
    is_taken = claim.form is ClaimForm.INSTITUTIONAL and claim.payer.takes_late_charges
    if is_taken and _is_late_alone(session, claim) and _adds(session, claim):
        return Frequency.LATE_CHARGES
    return Frequency.ORIGINAL


def _is_late_alone(session: Session, claim: Claim) -> bool:
    session.expire(claim, ["lines"])
    lines = [line.charge_line_id for line in claim.lines if not line.charge_line.is_void]
    late = select(LateCharge.charge_line_id).where(LateCharge.charge_line_id.in_(lines))
    return bool(lines) and set(lines) == set(session.scalars(late))


def _adds(session: Session, claim: Claim) -> bool:
    """Whether an earlier claim of its visits to this payer, on this form, still stands."""
    visits = (
        select(ChargeLine.encounter_id)
        .where(ChargeLine.id.in_([line.charge_line_id for line in claim.lines]))
        .distinct()
    )
    earlier = (
        exists()
        .where(Claim.id < claim.id, Claim.payer_id == claim.payer_id, Claim.form == claim.form)
        .where(bills(*session.scalars(visits)))
        .where(Claim.outcome.is_distinct_from(CLAIM_CANCELLED))
        .where(Claim.outcome.is_distinct_from(CLAIM_VOID), ~_is_being_voided())
    )
    return bool(session.scalar(select(earlier)))


def _is_being_voided() -> ColumnElement[bool]:
    """A condition on `Claim`: its payer is told, or will be, that it never was."""
    void = select(ClaimVersion.id).where(
        ClaimVersion.claim_id == Claim.id, ClaimVersion.frequency == Frequency.VOID
    )
    return void.where(~withdrawals.is_withdrawn()).exists()
