"""What a facility charges for an encounter: a line beside each coded one that it has a price for,
kept like it for as long as the coding changes, and what a person has entered for the stay.
"""

from collections.abc import Collection

from sqlalchemy.orm import Session

from casework import facility_facts, prices
from db.models import ChargeLine, Encounter, FeeScheduleItem
from domain import stay_codes
from domain.claim_form import ClaimForm

# The ordinals of what stands beside no coded line begin above those of a claim's fifty.
OF_THEIR_OWN = 1_000
# And those of what was found after the claim had gone out; nobody's list takes them out again.
LATE_OF_THEIR_OWN = 1_000_000


def stand_beside(session: Session, encounter: Encounter, *, as_sent: Collection[int] = ()) -> None:
    """Give each coded line its facility line, or take it out where there is nothing to charge. The
    lines in `as_sent` stay as their payer knows them."""
    if not _has_facility(session, encounter):
        return
    held = {line.beside_id: line for line in encounter.charge_lines if line.beside_id}
    for coded in encounter.coded_lines:
        item = prices.of(session, coded.code, ClaimForm.INSTITUTIONAL, coded.service_on)
        line = held.get(coded.id)
        if line is not None and line.id in as_sent:
            continue
        if coded.is_void or item is None:
            if line is not None:
                line.is_void = True
        elif line is None:
            session.add(_new(coded, item))
        else:
            _follow(line, coded, item)
    _enter_own(session, encounter, as_sent)
    session.flush()
    session.expire(encounter, ["charge_lines"])


def one_beside(session: Session, encounter: Encounter, coded: ChargeLine) -> list[ChargeLine]:
    """The line of a service that was coded after the others went out; these stay as they are."""
    item = prices.of(session, coded.code, ClaimForm.INSTITUTIONAL, coded.service_on)
    if item is None or not _has_facility(session, encounter):
        return []
    own = next((line for line in encounter.charge_lines if _is_its_own(line, coded)), None)
    if own is not None:
        own.beside_id = coded.id  # Charged by itself before the service was coded: once is enough.
        return []
    line = _new(coded, item)
    session.add(line)
    session.flush()
    session.expire(encounter, ["charge_lines"])
    return [line]


def _is_its_own(line: ChargeLine, coded: ChargeLine) -> bool:
    is_own = line.form is ClaimForm.INSTITUTIONAL and line.beside_id is None and not line.is_void
    return is_own and (line.code, line.service_on) == (coded.code, coded.service_on)


def _has_facility(session: Session, encounter: Encounter) -> bool:
    """As the place stands, and stays until the lines are kept: `locations.keep` looks for them."""
    if encounter.location.facility_id is not None:
        session.refresh(encounter.location, with_for_update={"read": True})
    return facility_facts.has_facility(encounter)


def _enter_own(session: Session, encounter: Encounter, as_sent: Collection[int]) -> None:
    said = stay_codes.charges(facility_facts.said_of(session, encounter).charges)
    own = {
        line.ordinal: line
        for line in encounter.charge_lines
        if line.form is ClaimForm.INSTITUTIONAL
        and line.beside_id is None
        and line.ordinal < LATE_OF_THEIR_OWN
    }
    for ordinal, charge in enumerate(said, OF_THEIR_OWN):
        line = own.pop(ordinal, None)
        if line is None:
            line = ChargeLine(
                encounter_id=encounter.id, form=ClaimForm.INSTITUTIONAL, ordinal=ordinal,
                modifiers=[], pointers=[],
            )  # fmt: skip
            session.add(line)
        if line.id not in as_sent:
            line.revenue_code, line.code, line.units = (
                charge.revenue_code,
                charge.code,
                charge.units,
            )
            line.service_on, line.is_void = charge.on, False
    for surplus in own.values():
        surplus.is_void = surplus.is_void or surplus.id not in as_sent


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
