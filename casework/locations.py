"""Where patients are seen, as an administrator keeps it: and for which of these places a facility
bills beside the practice, by which type of bill, from when until when.

A place whose facility has billed stays that facility's: what was sent names it.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from casework import addresses, audit, bills
from casework.refusals import Problem, Refused
from codesets import places
from db.models import AuditEvent, ChargeLine, Encounter, Location, OrgUnit, User
from domain.claim_form import ClaimForm
from domain.parties import is_npi

LISTED_MAX, CHANGES_MAX = 500, 50
NAME_MAX = 60
KIND = "location"
_TYPE_OF_BILL = re.compile(r"[1-9][1-9]")


@dataclass(frozen=True, kw_only=True)
class PlaceSaid:
    name: str
    place_of_service: str
    npi: str | None
    address: Mapping[str, str]
    facility_id: int | None
    type_of_bill: str | None
    facility_from: dt.date | None
    facility_to: dt.date | None


def every(session: Session) -> Sequence[Location]:
    return session.scalars(
        select(Location).order_by(Location.name, Location.id).limit(LISTED_MAX)
    ).all()


def of_visit(session: Session, place_of_service: str, service_on: dt.date) -> Location:
    """Where a visit of that day was: a place that is in force then, and of several the one that
    began last, for it has replaced the others; the practice's first where none is of this kind."""
    has_begun = or_(Location.facility_from.is_(None), Location.facility_from <= service_on)
    has_ended = and_(Location.facility_to.is_not(None), Location.facility_to < service_on)
    same = (
        select(Location)
        .where(Location.place_of_service == place_of_service)
        .order_by(
            and_(has_begun, ~has_ended).desc(),
            Location.facility_from.desc().nulls_last(),
            Location.id,
        )
    )
    anywhere = select(Location).order_by(Location.id)
    return session.scalars(same.limit(1)).first() or session.scalars(anywhere.limit(1)).one()


def keep(session: Session, row: Location | None, said: PlaceSaid, *, by: User) -> Location:
    """`row` is None for a new place. Raises `Refused` with every field that is wrong."""
    if row is not None:
        session.refresh(row, with_for_update={"key_share": True})
    problems = dict(_problems(session, row, said))
    if problems:
        raise Refused({field: Problem(words=words) for field, words in problems.items()})
    told = [f"new: {said.name}"] if row is None else list(_differences(session, row, said))
    if row is None:
        unit = session.scalars(select(OrgUnit.id).order_by(OrgUnit.id).limit(1)).one()
        row = Location(org_unit_id=unit, **_columns(said))
        session.add(row)
    for name, value in _columns(said).items():
        setattr(row, name, value)
    session.flush()
    session.refresh(row)
    if told:
        audit.record(session, by, "changed", KIND, str(row.id), words="; ".join(told))
    return row


def changes(session: Session, row: Location) -> Sequence[tuple[AuditEvent, str]]:
    """What was changed of a place, the latest first, and by whom."""
    found = session.execute(
        select(AuditEvent, User.full_name)
        .join(User, User.id == AuditEvent.user_id)
        .where(AuditEvent.object_kind == KIND, AuditEvent.object_key == str(row.id))
        .where(AuditEvent.action == "changed")
        .order_by(AuditEvent.id.desc())
        .limit(CHANGES_MAX)
    )
    return [(event, name) for event, name in found]


def _columns(said: PlaceSaid) -> dict[str, object]:
    return {**asdict(said), "address": dict(said.address)}


def _differences(session: Session, row: Location, said: PlaceSaid) -> Iterator[str]:
    names = {each.id: each.name for each in bills.facilities(session)}
    for name, value in _columns(said).items():
        held = getattr(row, name)
        if held == value:
            continue
        if name == "facility_id":
            nobody = "nobody beside the practice"
            before, after = names.get(held or 0, nobody), names.get(said.facility_id or 0, nobody)
            yield f"billed by {before} → {after}"
        else:
            yield f"{name.replace('_', ' ')} {_spoken(held)} → {_spoken(value)}"


def _spoken(value: object) -> str:
    if isinstance(value, dict):
        return addresses.spoken(value)
    return "none" if value is None else str(value)


def _problems(session: Session, row: Location | None, said: PlaceSaid) -> Iterator[tuple[str, str]]:
    if not said.name or len(said.name) > NAME_MAX:
        yield "name", f"Give the place a name, at most {NAME_MAX} letters."
    elif _has_another(session, row, said.name):
        yield "name", "There is a place of this name already."
    if not places.is_known(said.place_of_service):
        yield "place_of_service", "Choose one of the list."
    if said.npi and not is_npi(said.npi):
        yield "npi", "This is no NPI: ten digits whose check digit fits."
    yield from bills.address_problems(said.address)
    yield from _facility(session, said)
    if row is not None:
        yield from _as_billed(session, row, said)


def _has_another(session: Session, row: Location | None, name: str) -> bool:
    found = session.scalars(
        select(Location.id).where(func.lower(Location.name) == name.lower()).limit(2)
    )
    return any(row is None or each != row.id for each in found)


def _facility(session: Session, said: PlaceSaid) -> Iterator[tuple[str, str]]:
    if said.facility_id is None:
        if said.type_of_bill:
            yield "type_of_bill", "Only a place that a facility bills for has a type of bill."
        if said.facility_from or said.facility_to:
            yield "facility_id", "Choose the facility that bills in these days."
        return
    if said.facility_id not in {each.id for each in bills.facilities(session)}:
        yield "facility_id", "Choose one of the list."
    if not _TYPE_OF_BILL.fullmatch(said.type_of_bill or ""):
        yield "type_of_bill", "Give its first two digits: 13 for an outpatient department."
    if said.facility_from and said.facility_to and said.facility_to < said.facility_from:
        yield "facility_to", "It ends before it begins."


def _as_billed(session: Session, row: Location, said: PlaceSaid) -> Iterator[tuple[str, str]]:
    """What a facility has charged there stays billed by it."""
    first_on, last_on = _days_billed(session, row)
    if first_on is None or last_on is None:
        return
    if said.facility_id != row.facility_id:
        until = f"{row.facility.name if row.facility else 'A facility'} has charged for visits here"
        yield "facility_id", f"{until} until {last_on}: give its last day, and add a place anew."
    elif said.type_of_bill != row.type_of_bill:
        yield "type_of_bill", f"It has charged by {row.type_of_bill} here: add a place anew."
    if said.facility_from and said.facility_from > first_on:
        yield "facility_from", f"It has charged for a visit of {first_on}: begin then, or before."
    if said.facility_to and said.facility_to < last_on:
        yield "facility_to", f"It has charged for a visit of {last_on}: end then, or later."


def _days_billed(session: Session, row: Location) -> tuple[dt.date | None, dt.date | None]:
    of_facility: ColumnElement[bool] = ChargeLine.form == ClaimForm.INSTITUTIONAL
    found = session.execute(
        select(func.min(Encounter.service_on), func.max(Encounter.service_on))
        .join(ChargeLine, ChargeLine.encounter_id == Encounter.id)
        .where(Encounter.location_id == row.id, of_facility, ChargeLine.is_void.is_(False))
    ).one()
    return found[0], found[1]
