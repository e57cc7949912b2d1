"""What a facility charges late without a coded service: a revenue code's line, beside those that
the facility's own page had before its claim went out.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import facility_facts, prices
from casework.facility_lines import LATE_OF_THEIR_OWN
from db.models import ChargeLine, Claim, ClaimVersion, Encounter, Submission
from db.queries.claim_visits import bills
from domain import stay_codes
from domain.claim_form import ClaimForm
from domain.encounter import Stage
from domain.stay_codes import StayCharge


def problem(session: Session, encounter: Encounter, row: str) -> str | None:
    """What keeps this row, typed as on the facility's page, from being charged."""
    if not facility_facts.has_facility(encounter):
        return "No facility bills for the place of this visit."
    if encounter.stage is Stage.CANCELLED:
        return "This visit was cancelled: nothing is charged for it."
    if not _has_gone_out(session, encounter):
        return "The facility's claim has not gone out: enter it on the page of that claim."
    try:
        (charge,) = stay_codes.charges([row])
    except stay_codes.BadRow as bad:
        return str(bad)
    return _about(session, encounter, charge)


def enter(session: Session, encounter: Encounter, row: str) -> ChargeLine:
    """The line, without its price."""
    (charge,) = stay_codes.charges([row])
    last = select(func.max(ChargeLine.ordinal)).where(
        ChargeLine.encounter_id == encounter.id,
        ChargeLine.form == ClaimForm.INSTITUTIONAL,
        ChargeLine.ordinal >= LATE_OF_THEIR_OWN,
    )
    line = ChargeLine(
        encounter_id=encounter.id,
        form=ClaimForm.INSTITUTIONAL,
        ordinal=(session.scalar(last) or LATE_OF_THEIR_OWN - 1) + 1,
        revenue_code=charge.revenue_code,
        code=charge.code,
        modifiers=[],
        units=charge.units,
        pointers=[],
        service_on=charge.on,
    )
    session.add(line)
    session.flush()
    session.expire(encounter, ["charge_lines"])
    return line


def _about(session: Session, encounter: Encounter, charge: StayCharge) -> str | None:
    facts = facility_facts.of(session, encounter)
    if not facts.from_on <= charge.on <= facts.to_on:
        return f"The claim covers {facts.from_on} to {facts.to_on}: give a day of it."
    priced = charge.code or charge.revenue_code
    if prices.of(session, priced, ClaimForm.INSTITUTIONAL, charge.on) is None:
        return f"The facility has no price for {priced}: an administrator adds it first."
    if any(_is_same(line, charge) for line in encounter.charge_lines):
        return f"{priced} of that day is charged already."
    return None


def _is_same(line: ChargeLine, charge: StayCharge) -> bool:
    is_own = line.form is ClaimForm.INSTITUTIONAL and line.beside_id is None and not line.is_void
    said = (line.revenue_code, line.code, line.service_on, line.units)
    return is_own and said == (charge.revenue_code, charge.code, charge.on, charge.units)


def _has_gone_out(session: Session, encounter: Encounter) -> bool:
    sent = (
        select(Submission.id)
        .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
        .join(Claim, Claim.id == ClaimVersion.claim_id)
        .where(bills(encounter.id), Claim.form == ClaimForm.INSTITUTIONAL)
        .where(Submission.batch_id.is_not(None) | Submission.sent_at.is_not(None))
    )
    return session.scalar(sent.limit(1)) is not None
