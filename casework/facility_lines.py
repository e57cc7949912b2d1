"""What a hospital's department charges beside the physician: one facility line for each coded line
that the facility has a price for, kept like it for as long as the coding changes.
"""

from sqlalchemy.orm import Session

from casework import prices
from db.models import ChargeLine, Encounter, FeeScheduleItem
from domain.claim_form import ClaimForm


def stand_beside(session: Session, encounter: Encounter) -> None:
    """Give each coded line its facility line, or take it out where there is nothing to charge."""
    if encounter.location.facility_id is None:
        return
    held = {line.beside_id: line for line in encounter.charge_lines if line.beside_id}
    for coded in encounter.coded_lines:
        item = prices.of(session, coded.code, ClaimForm.INSTITUTIONAL, coded.service_on)
        line = held.get(coded.id)
        if coded.is_void or item is None:
            if line is not None:
                line.is_void = True
        elif line is None:
            session.add(_new(coded, item))
        else:
            _follow(line, coded, item)
    session.flush()
    session.expire(encounter, ["charge_lines"])


def _new(coded: ChargeLine, item: FeeScheduleItem) -> ChargeLine:
    line = ChargeLine(
        encounter_id=coded.encounter_id,
        form=ClaimForm.INSTITUTIONAL,
        ordinal=coded.ordinal,
        beside_id=coded.id,
        service_on=coded.service_on,
    )
    _follow(line, coded, item)
    return line


def _follow(line: ChargeLine, coded: ChargeLine, item: FeeScheduleItem) -> None:
    line.code = coded.code
    line.revenue_code = item.revenue_code
    line.modifiers = list(coded.modifiers)
    line.units = coded.units
    line.pointers = list(coded.pointers)
    line.is_void = False
