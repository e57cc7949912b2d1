"""Holds: a stop with a scope, a reason and dates. Every step asks `is_held` first."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from casework import audit, stays, subjects
from casework.moment import Moment
from casework.refusals import Forbidden, Refused
from db.models import (
    Claim,
    Encounter,
    Guarantor,
    Hold,
    Payer,
    PayerRoute,
    User,
)
from db.queries.claim_visits import billed_by, billed_together, bills
from domain.encounter import Stage
from domain.tasks import Role

HOLD_MAX = dt.timedelta(days=180)


@dataclass(frozen=True, kw_only=True)
class HoldScope:
    """Exactly one of these is set."""

    encounter_id: int | None = None
    claim_id: int | None = None
    payer_id: int | None = None
    guarantor_id: int | None = None


def hold(
    session: Session, scope: HoldScope, reason: str, until_on: dt.date, *, by: User, now: Moment
) -> Hold:
    """Stop everything in scope until released or until the date, whichever comes first."""
    _require_supervisor(by)
    if not reason.strip():
        raise Refused.of("reason", "Say why this is held.")
    if not now.today < until_on <= now.today + HOLD_MAX:
        raise Refused.of("until", "A hold ends on a date after today and within 180 days.")
    row = Hold(
        encounter_id=scope.encounter_id,
        claim_id=scope.claim_id,
        payer_id=scope.payer_id,
        guarantor_id=scope.guarantor_id,
        reason=reason.strip(),
        held_from_at=now.at,
        held_until_at=now.end_of(until_on),
        held_by_id=by.id,
    )
    session.add(row)
    session.flush()
    words = f"{in_words(session, row)} by {by.full_name} until {until_on}: {row.reason}"
    _tell_encounters(session, row, words, now, by)
    audit.record(session, by, "held", "hold", str(row.id))
    return row


def release(session: Session, row: Hold, *, by: User, now: Moment, because: str = "") -> None:
    """Once: who released first, and when, stays written down."""
    _require_supervisor(by)
    released = session.scalar(
        update(Hold)
        .where(Hold.id == row.id, Hold.released_at.is_(None))
        .values(released_at=now.at, released_by_id=by.id)
        .returning(Hold.id)
    )
    if released is None:
        raise Refused.of("release", "This hold has been released already; nothing was changed.")
    why = f": {because.strip()}" if because.strip() else ""
    _tell_encounters(session, row, f"Released by {by.full_name}{why}", now, by)
    audit.record(session, by, "released", "hold", str(row.id))


def in_force(session: Session, encounter: Encounter, now: Moment) -> list[Hold]:
    """The holds that stop this encounter (its own, its claims', its payers', its guarantor's)."""
    statement = select(Hold).join(Encounter, Encounter.id == encounter.id)
    return list(session.scalars(statement.where(*_stopping(now)).order_by(Hold.id)))


def stopping_encounter(session: Session, encounter: Encounter, now: Moment) -> list[Hold]:
    """Those that stop the patient's part too; a hold on a claim or a payer does not."""
    return [row for row in in_force(session, encounter, now) if stops_encounter(row, encounter)]


def is_held(now: Moment) -> ColumnElement[bool]:
    """The same as a condition on `Encounter`, for queries over many."""
    return select(Hold.id).where(*_stopping(now)).correlate(Encounter).exists()


def stops_sending(
    now: Moment,
    payer_id: InstrumentedAttribute[int],
    claim_id: InstrumentedAttribute[int] | None,
) -> ColumnElement[bool]:
    """What goes to one payer about an encounter: a condition on a query of `Encounter`."""
    about = [Hold.encounter_id == Encounter.id, Hold.guarantor_id == Encounter.guarantor_id]
    if claim_id is not None:
        about += [Hold.claim_id == claim_id, Hold.encounter_id.in_(billed_by(claim_id))]
    held = select(Hold.id).where(
        Hold.released_at.is_(None),
        Hold.held_until_at > now.at,
        or_(*about, Hold.payer_id == payer_id),
    )
    return held.correlate(Encounter, Claim, PayerRoute).exists()


def _stopping(now: Moment) -> list[ColumnElement[bool]]:
    of_it = bills(Encounter.id)
    claims = select(Claim.id).where(of_it)
    payers = select(Claim.payer_id).where(of_it)
    return [
        Hold.released_at.is_(None),
        Hold.held_until_at > now.at,
        or_(
            Hold.encounter_id == Encounter.id,
            # What a hold does not name costs nothing.
            Encounter.stay_no.is_not(None)
            & Hold.encounter_id.is_not(None)
            & Hold.encounter_id.in_(billed_together()),
            Hold.claim_id.is_not(None) & Hold.claim_id.in_(claims.correlate(Encounter)),
            Hold.payer_id.is_not(None) & Hold.payer_id.in_(payers.correlate(Encounter)),
            Hold.guarantor_id == Encounter.guarantor_id,
        ),
    ]


def in_words(session: Session, row: Hold) -> str:
    """What is held, as the beginning of a sentence that goes on with by whom or until when."""
    if row.claim_id is not None:
        return f"Claim {claim_words(session.get_one(Claim, row.claim_id))} is held"
    if row.payer_id is not None:
        return f"All claims of {session.get_one(Payer, row.payer_id).name} are held"
    return "The patient's account is held" if row.guarantor_id is not None else "Held"


def claim_words(claim: Claim) -> str:
    """The number under which it was last made, if it has one, and to whom it goes."""
    numbers = [sent.pcn for version in claim.versions for sent in version.submissions]
    return f"{numbers[-1]} to {claim.payer.name}" if numbers else f"to {claim.payer.name}"


def stops_encounter(row: Hold, encounter: Encounter) -> bool:
    """A hold on the encounter or its guarantor stops everything; other holds stop claims."""
    return row.encounter_id == encounter.id or row.guarantor_id is not None


def stops_claim(row: Hold, claim: Claim) -> bool:
    """One on it, on its payer, or on any of the visits that it bills."""
    if row.encounter_id is not None:
        return any(line.charge_line.encounter_id == row.encounter_id for line in claim.lines)
    return row.claim_id == claim.id or row.payer_id == claim.payer_id


def _tell_encounters(session: Session, row: Hold, words: str, now: Moment, by: User) -> None:
    for encounter in _encounters(session, row):
        subjects.tell(session, subjects.encounter_key(encounter), "hold", words, now, by)
        stays.wake_stay(session, encounter)
    if row.guarantor_id is not None:
        guarantor = session.get_one(Guarantor, row.guarantor_id)
        subjects.wake(session, subjects.patient_balance_key(guarantor))


def _encounters(session: Session, row: Hold) -> list[Encounter]:
    statement = select(Encounter).where(Encounter.stage.not_in([Stage.CLOSED, Stage.CANCELLED]))
    if row.encounter_id is not None:
        # And the visits of its stay whose claims bill it: they wait with it.
        leaders = select(Claim.encounter_id).where(bills(row.encounter_id))
        statement = statement.where(
            or_(Encounter.id == row.encounter_id, Encounter.id.in_(leaders))
        )
    elif row.guarantor_id is not None:
        statement = statement.where(Encounter.guarantor_id == row.guarantor_id)
    else:
        scope = Claim.id == row.claim_id if row.claim_id else Claim.payer_id == row.payer_id
        statement = statement.where(Encounter.id.in_(select(Claim.encounter_id).where(scope)))
    return list(session.scalars(statement.order_by(Encounter.encounter_no)))


def _require_supervisor(by: User) -> None:
    if by.role is not Role.SUPERVISOR:
        raise Forbidden("Only a supervisor holds and releases.")
