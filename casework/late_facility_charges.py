"""What a facility charges late without a coded service: a line by its revenue code, beside those
that the facility's own page had before its claim went out.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import facility_facts, prices
from casework.facility_lines import LATE_OF_THEIR_OWN
from db.models import ChargeLine, Encounter
from domain.claim_form import ClaimForm
from domain.corrections import LateCharging
from domain.stay_codes import StayCharge


@dataclass(frozen=True, kw_only=True)
class FacilityLate:
    """What somebody found that the facility charges by itself: medicines, a day in a bed."""

    charge: StayCharge
    way: LateCharging
    because: str


def problem(session: Session, encounter: Encounter, charge: StayCharge) -> str | None:
    """What keeps it from being charged, in words."""
    if not facility_facts.has_facility(encounter):
        return "No facility bills for the place of this visit."
    facts = facility_facts.of(session, encounter)
    if not facts.from_on <= charge.on <= facts.to_on:
        return f"The claim covers {facts.from_on} to {facts.to_on}: give a day of it."
    priced = charge.code or charge.revenue_code
    if prices.of(session, priced, ClaimForm.INSTITUTIONAL, charge.on) is None:
        return f"The facility has no price for {priced}: an administrator adds it first."
    if any(_is_same(line, charge) for line in encounter.charge_lines):
        return f"{priced} of that day is charged already."
    return None


def enter(session: Session, encounter: Encounter, charge: StayCharge) -> ChargeLine:
    """The line, without its price."""
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


def _is_same(line: ChargeLine, charge: StayCharge) -> bool:
    """A service is charged once a day; what has no code may come again in another number."""
    if line.form is not ClaimForm.INSTITUTIONAL or line.is_void:
        return False
    said = (line.revenue_code, line.code, line.service_on)
    is_alike = said == (charge.revenue_code, charge.code, charge.on)
    return is_alike and bool(charge.code or line.units == charge.units)
