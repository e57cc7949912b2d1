"""A charge that comes after its claim was sent: refused in words, or kept as a priced line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import (
    audit,
    facility_lines,
    late_facility_charges,
    news,
    prices,
    subjects,
)
from casework.late_facility_charges import FacilityLate
from casework.moment import Moment
from casework.refusals import Forbidden, Problem, Refused
from casework.reopening import reopen
from codesets import procedures
from db.models import (
    ChargeLine,
    Claim,
    Encounter,
    LateCharge,
    User,
)
from db.queries.claim_visits import bills, has_gone_out
from domain.claim_form import ClaimForm
from domain.corrections import LateCharging
from domain.encounter import Stage
from domain.tasks import Role

MAY_ADD = (Role.CODER, Role.BILLER, Role.SUPERVISOR)
UNITS_MAX, POINTERS_MAX, MODIFIERS_MAX = 999, 4, 4
_MODIFIER = re.compile(r"[0-9A-Z]{2}")


@dataclass(frozen=True, kw_only=True)
class Late:
    """The service as somebody found it in the chart."""

    code: str
    modifiers: tuple[str, ...]
    units: int
    pointers: tuple[int, ...]
    way: LateCharging
    because: str


def is_possible(session: Session, encounter: Encounter) -> bool:
    """Whether a claim that bills it has gone out; before that a charge is not late."""
    sent = select(Claim.id).where(bills(encounter.id), has_gone_out())
    return encounter.stage is not Stage.CANCELLED and session.scalar(sent.limit(1)) is not None


def add(
    session: Session, encounter: Encounter, late: Late | FacilityLate, *, by: User, now: Moment
) -> tuple[ChargeLine, ...]:
    """Keep the line with its price, and the facility's line beside it; `late_billing` makes them
    receivables. Raises `Refused` in words."""
    if by.role not in MAY_ADD:
        raise Forbidden("Only a coder, a biller or a supervisor adds a late charge.")
    subject = subjects.lock(session, subjects.encounter_key(encounter))
    session.refresh(encounter)
    _require_right(session, encounter, late)
    lines = _lines(session, encounter, late)
    for each in lines:
        _price(session, each)
        session.add(
            LateCharge(
                charge_line_id=each.id,
                way=late.way,
                because=late.because.strip(),
                added_by_id=by.id,
                added_at=now.at,
            )
        )
    session.flush()
    if encounter.stage in (Stage.PATIENT, Stage.CLOSED):
        reopen(session, encounter, Stage.CLAIMS, now)
    words = f"{by.full_name} added a late charge, {lines[0].price_code}: {late.because.strip()}"
    news.tell(session, subject, "late charge", words, now, by)
    audit.record(session, by, "added a late charge", "encounter", str(encounter.uuid))
    return lines


def _lines(
    session: Session, encounter: Encounter, late: Late | FacilityLate
) -> tuple[ChargeLine, ...]:
    """The line, and what the facility charges beside it."""
    match late:
        case Late():
            line = _line(session, encounter, late)
            return line, *facility_lines.one_beside(session, encounter, line)
        case FacilityLate():
            return (late_facility_charges.enter(session, encounter, late.charge),)
        case _:
            assert_never(late)


def _require_right(session: Session, encounter: Encounter, late: Late | FacilityLate) -> None:
    problems = dict(_problems(session, encounter, late))
    if problems:
        raise Refused({field: Problem(words=words) for field, words in problems.items()})


def _problems(
    session: Session, encounter: Encounter, late: Late | FacilityLate
) -> Iterator[tuple[str, str]]:
    match late:
        case Late():
            yield from _about_service(session, encounter, late)
        case FacilityLate() if not is_possible(session, encounter):
            yield "charge", "No claim has gone out yet: enter it on the facility's claim."
        case FacilityLate():
            words = late_facility_charges.problem(session, encounter, late.charge)
            if words is not None:
                yield "charge", words
        case _:
            assert_never(late)
    if not late.because.strip():
        yield "because", "Say where the charge was found."


def _about_service(session: Session, encounter: Encounter, late: Late) -> Iterator[tuple[str, str]]:
    yield from _about_code(session, encounter, late)
    if len(late.modifiers) > MODIFIERS_MAX or not all(map(_MODIFIER.fullmatch, late.modifiers)):
        yield "modifiers", "At most four modifiers of two letters or digits each."
    if not 1 <= late.units <= UNITS_MAX:
        yield "units", f"Units are 1 to {UNITS_MAX}."
    count = len(encounter.diagnoses)
    good = [each for each in late.pointers if 1 <= each <= count]
    if not good or len(good) != len(late.pointers) or len(good) > POINTERS_MAX:
        yield "pointers", f"Point to one to four of the visit's {count} diagnoses, as 1,2."


def _about_code(session: Session, encounter: Encounter, late: Late) -> Iterator[tuple[str, str]]:
    if not is_possible(session, encounter):
        yield "code", "No claim has gone out yet: a coder enters it with the other codes."
    elif not procedures.has_shape(late.code):
        yield "code", f"{late.code!r} is not a procedure code (five characters)."
    elif prices.of(session, late.code, ClaimForm.PROFESSIONAL, encounter.service_on) is None:
        yield "code", f"{late.code} has no price: an administrator adds it first."
    elif any(_is_same(line, late) for line in encounter.coded_lines):
        yield "code", f"{late.code} is charged already: add modifier 76 or 59 if it was done again."


def _is_same(line: ChargeLine, late: Late) -> bool:
    return not line.is_void and (line.code, tuple(line.modifiers)) == (late.code, late.modifiers)


def _line(session: Session, encounter: Encounter, late: Late) -> ChargeLine:
    last = select(func.max(ChargeLine.ordinal)).where(
        ChargeLine.encounter_id == encounter.id, ChargeLine.form == ClaimForm.PROFESSIONAL
    )
    line = ChargeLine(
        encounter_id=encounter.id,
        ordinal=(session.scalar(last) or 0) + 1,
        code=late.code,
        modifiers=list(late.modifiers),
        units=late.units,
        pointers=list(late.pointers),
        service_on=encounter.service_on,
    )
    session.add(line)
    session.flush()
    session.expire(encounter, ["charge_lines"])
    return line


def _price(session: Session, line: ChargeLine) -> None:
    item = prices.of(session, line.price_code, line.form, line.service_on)
    assert item is not None, f"{line.price_code} was looked up before it was charged"
    line.charge_cents = item.price_cents * line.units
    line.fee_schedule_id = item.fee_schedule_id
