"""A charge that comes after its claim was sent: on a replacement once the payer has decided, where
it takes one, else on a claim for that line alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import (
    audit,
    corrections,
    facility_lines,
    late_facility_charges,
    news,
    prices,
    subjects,
)
from casework.moment import Moment
from casework.refusals import Forbidden, Problem, Refused
from casework.reopening import reopen
from codesets import procedures
from db.models import (
    ChargeLine,
    Claim,
    ClaimLine,
    ClaimVersion,
    Encounter,
    LateCharge,
    Payer,
    Submission,
    User,
)
from db.queries.claim_visits import bills
from domain.claim_form import ClaimForm
from domain.corrections import LateCharging
from domain.encounter import ClaimStage, Stage
from domain.tasks import Role

MAY_ADD = (Role.CODER, Role.BILLER, Role.SUPERVISOR)
UNITS_MAX, POINTERS_MAX, MODIFIERS_MAX = 999, 4, 4
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
# What a payer decided for good: its replacement asks for the old lines and the late one together.
_DECIDED = ("paid", "partly_paid")


@dataclass(frozen=True, kw_only=True)
class Late:
    """The service as somebody found it in the chart."""

    code: str
    modifiers: tuple[str, ...]
    units: int
    pointers: tuple[int, ...]
    way: LateCharging
    because: str


@dataclass(frozen=True, kw_only=True)
class FacilityLate:
    """What a facility charges without a coded service, as on its page: `0250 2 2026-03-01`."""

    charge: str
    way: LateCharging
    because: str


def is_possible(session: Session, encounter: Encounter) -> bool:
    """Whether a claim that bills it has gone out; before that a charge is not late."""
    sent = (
        select(Submission.id)
        .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
        .join(Claim, Claim.id == ClaimVersion.claim_id)
        .where(bills(encounter.id))
        .where(Submission.batch_id.is_not(None) | Submission.sent_at.is_not(None))
    )
    return encounter.stage is not Stage.CANCELLED and session.scalar(sent.limit(1)) is not None


def add(
    session: Session, encounter: Encounter, late: Late | FacilityLate, *, by: User, now: Moment
) -> ChargeLine:
    """Keep the line with its price; `late_billing` makes it a receivable, and the billing plan a
    claim of it. Raises `Refused` in words."""
    if by.role not in MAY_ADD:
        raise Forbidden("Only a coder, a biller or a supervisor adds a late charge.")
    subject = subjects.lock(session, subjects.encounter_key(encounter))
    session.refresh(encounter)
    _require_right(session, encounter, late)
    line, *beside = _lines(session, encounter, late)
    for each in (line, *beside):
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
    words = f"{by.full_name} added a late charge, {line.price_code}: {late.because.strip()}"
    news.tell(session, subject, "late charge", words, now, by)
    audit.record(session, by, "added a late charge", "encounter", str(encounter.uuid))
    return line


def join(session: Session, encounter: Encounter, now: Moment) -> list[Claim]:
    """The claims that are replaced, because a late line waited for the payer's decision on them."""
    replaced = []
    for line in _waiting(session, encounter):
        claim = _decided_claim(session, encounter, line)
        if claim is None:
            continue
        session.add(ClaimLine(claim_id=claim.id, charge_line_id=line.id, expected_cents=None))
        session.flush()
        if claim not in replaced:
            replaced.append(claim)
    for claim in replaced:
        session.expire(claim, ["lines"])
        corrections.start(session, claim, "a late charge joins it", now)
    return replaced


def _lines(
    session: Session, encounter: Encounter, late: Late | FacilityLate
) -> tuple[ChargeLine, ...]:
    """The line, and what the facility charges beside it."""
    match late:
        case Late():
            line = _line(session, encounter, late)
            return line, *_beside(session, encounter, line)
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
    last = select(func.max(ChargeLine.ordinal)).where(ChargeLine.encounter_id == encounter.id)
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


def _beside(session: Session, encounter: Encounter, line: ChargeLine) -> Sequence[ChargeLine]:
    """The facility's own line for it, where a hospital's department charges too."""
    facility_lines.stand_beside(session, encounter, as_sent=_as_sent(encounter))
    return session.scalars(select(ChargeLine).where(ChargeLine.beside_id == line.id)).all()


def _as_sent(encounter: Encounter) -> set[int]:
    """A recoding before may not have reached the facility's lines: they stay as their payer knows
    them."""
    held = (line for line in encounter.charge_lines if line.form is ClaimForm.INSTITUTIONAL)
    return {line.id for line in held if not line.is_void}


def _price(session: Session, line: ChargeLine) -> None:
    item = prices.of(session, line.price_code, line.form, line.service_on)
    assert item is not None, f"{line.price_code} was looked up before it was charged"
    line.charge_cents = item.price_cents * line.units
    line.fee_schedule_id = item.fee_schedule_id


def _waiting(session: Session, encounter: Encounter) -> Sequence[ChargeLine]:
    """Late lines that are to join and that no claim has asked their payer for."""
    asked = (
        select(ClaimLine.charge_line_id)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(ClaimLine.charge_line_id == ChargeLine.id, Claim.payer_id == ChargeLine.payer_id)
    )
    unasked = session.execute(
        select(ChargeLine, LateCharge.way, Payer)
        .join(LateCharge, LateCharge.charge_line_id == ChargeLine.id)
        .join(Payer, Payer.id == ChargeLine.payer_id)
        .where(ChargeLine.encounter_id == encounter.id, ~ChargeLine.is_void)
        .where(~asked.exists())
        .order_by(ChargeLine.id)
    )
    return [
        line
        for line, way, payer in unasked
        if way == LateCharging.JOINS or payer.late_charges_join(line.form)
    ]


def _decided_claim(session: Session, encounter: Encounter, line: ChargeLine) -> Claim | None:
    """The claim that a replacement can take the place of, with room for the line."""
    found = session.scalars(
        select(Claim)
        .where(Claim.encounter_id == encounter.id, Claim.payer_id == line.payer_id)
        .where(Claim.form == line.form, Claim.stage == ClaimStage.SETTLED)
        .where(Claim.outcome.in_(_DECIDED), Claim.payer_claim_number.is_not(None))
        .order_by(Claim.id)
        .limit(1)
    ).first()
    if found is None or not found.may_be_replaced or len(found.lines) >= found.form.lines_max:
        return None
    return found
