"""What patients owe: only of encounters whose every payer has answered, and that nobody holds."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from casework import holds
from casework.moment import Moment
from db.models import ChargeLine, Claim, Denial, Encounter, Entry, Guarantor, Posting
from db.queries.claim_visits import bills
from domain.denials import DenialStatus
from domain.encounter import ClaimStage, Stage
from domain.ledger import Account, Leg

RETURNED = "returned:"


def with_the_patient(session: Session, guarantor: Guarantor) -> Sequence[Encounter]:
    """Encounters whose payers owe nothing any more in our books, oldest first.

    A payer with whom we only dispute what it adjusted owes nothing: the patient's part stands.
    """
    return session.scalars(
        select(Encounter)
        .where(Encounter.guarantor_id == guarantor.id)
        .where(or_(Encounter.stage == Stage.PATIENT, _is_only_disputed()))
        .order_by(Encounter.service_on, Encounter.id)
    ).all()


def _is_only_disputed() -> ColumnElement[bool]:
    """With the claims still, but only for underpayments, and with every payer at zero."""
    of_it = bills(Encounter.id)
    unsettled = select(Claim.id).where(of_it, Claim.stage != ClaimStage.SETTLED)
    disputed = unsettled.where(
        Claim.stage.in_([ClaimStage.DENIED, ClaimStage.APPEALED]),
        select(Denial.id)
        .where(Denial.claim_id == Claim.id, Denial.status != DenialStatus.RESOLVED)
        .where(Denial.is_underpayment)
        .exists(),
        ~select(Denial.id)
        .where(Denial.claim_id == Claim.id, Denial.status != DenialStatus.RESOLVED)
        .where(~Denial.is_underpayment)
        .exists(),
    )
    owing = (
        select(Posting.charge_line_id)
        .where(Posting.encounter_id == Encounter.id, Posting.account == Account.AR_INSURANCE)
        .group_by(Posting.charge_line_id, Posting.payer_id)
        .having(func.sum(Posting.cents) != 0)
    )
    return and_(
        Encounter.stage == Stage.CLAIMS,
        disputed.exists(),
        ~unsettled.where(Claim.id.not_in(disputed)).exists(),
        ~owing.exists(),
    )


def billable(session: Session, guarantor: Guarantor, now: Moment) -> list[Encounter]:
    """Encounters that the patient may be asked to pay for, oldest first."""
    return [
        encounter
        for encounter in with_the_patient(session, guarantor)
        if owed_cents(session, encounter) > 0
        and not holds.stopping_encounter(session, encounter, now)
    ]


def owed_lines(session: Session, encounter: Encounter) -> list[tuple[int | None, int]]:
    """The patient's part of each charge line that is above zero, in the order of the lines."""
    rows = session.execute(
        select(Posting.charge_line_id, func.sum(Posting.cents))
        .outerjoin(ChargeLine, ChargeLine.id == Posting.charge_line_id)
        .where(Posting.encounter_id == encounter.id, Posting.account == Account.AR_PATIENT)
        .group_by(Posting.charge_line_id, ChargeLine.ordinal)
        .having(func.sum(Posting.cents) > 0)
        .order_by(ChargeLine.ordinal, Posting.charge_line_id)
    )
    return [(line_id, int(cents)) for line_id, cents in rows]


def owed_cents(session: Session, encounter: Encounter) -> int:
    return sum(cents for _, cents in owed_lines(session, encounter))


def paying_legs(session: Session, encounter: Encounter, cents: int) -> tuple[Leg, ...]:
    """Credits to the patient's part of an encounter, first lines first, of at most `cents`."""
    legs = []
    for line_id, owed in owed_lines(session, encounter):
        part = min(owed, cents)
        cents -= part
        if part:
            legs.append(patient_leg(encounter, line_id, -part))
    return tuple(legs)


def patient_leg(encounter: Encounter, line_id: int | None, cents: int) -> Leg:
    return Leg(
        account=Account.AR_PATIENT,
        cents=cents,
        patient_id=encounter.patient_id,
        guarantor_id=encounter.guarantor_id,
        encounter_id=encounter.id,
        charge_line_id=line_id,
    )


def last_posting_id(session: Session, account: Account, **dimensions: int) -> int:
    """Names a state of an account: what was done in this state is done once."""
    statement = select(func.coalesce(func.max(Posting.id), 0)).where(Posting.account == account)
    for name, value in dimensions.items():
        statement = statement.where(getattr(Posting, name) == value)
    return int(session.scalar(statement) or 0)


def last_charged_on(session: Session, encounter: Encounter) -> dt.date | None:
    """When a payer (or a price) last put something on the patient; a returned check does not."""
    return session.scalar(
        select(func.max(Entry.posted_on))
        .join(Posting, Posting.entry_id == Entry.id)
        .where(Posting.encounter_id == encounter.id, Posting.account == Account.AR_PATIENT)
        .where(Posting.cents > 0, Entry.effect_key.not_like(f"{RETURNED}%"))
    )
