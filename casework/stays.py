"""The visits of one hospital stay, which some payers want on one claim: who leads, who waits.

The visit with the lowest number leads: it makes the claim, and whatever the payer says of that is
the leader's work. The others wait for it. A leader locks the visits after it, and no visit locks
one before it, so that the order of keys is kept.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from casework import coverages, filing, holds, open_lines, subjects, waits
from casework.moment import Moment
from casework.waits import WaitKind
from db.models import Claim, Encounter, Subject, Wait
from db.queries.claim_visits import bills, is_billed_by
from domain.clock import add_business_days, month_end
from domain.diagnosis_edits import DIAGNOSES_MAX
from domain.encounter import ClaimStage, EncounterClass, Stage

# How long a visit waits for the charges of others after the discharge.
GATHERED_WITHIN_BUSINESS_DAYS = 5
# The claim's own dates escalate; whoever rides along looks again in a month.
CARRIED_BUSINESS_DAYS = 20
ON_THE_WAY = (Stage.REGISTERED, Stage.ELIGIBILITY, Stage.CODING, Stage.CHARGES)


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """What a visit waits for before it is billed, until when, and what happens then."""

    what: str
    until_at: dt.datetime
    then_what: str


def visits(session: Session, claim: Claim) -> Sequence[Encounter]:
    """The encounters that a claim bills, in the order of their numbers: the leader first."""
    if claim.encounter.stay_no is None:
        return [claim.encounter]
    billed = select(Encounter).where(is_billed_by(claim.id))
    return session.scalars(billed.order_by(Encounter.encounter_no)).all()


def others(session: Session, claim: Claim) -> list[Encounter]:
    """The encounters that a claim bills beside the one that leads it."""
    return [each for each in visits(session, claim) if each.id != claim.encounter_id]


def lock_others(session: Session, claim: Claim) -> list[Encounter]:
    """The same, locked. The caller holds the leader's lock."""
    locked = others(session, claim)
    for encounter in locked:
        subjects.lock(session, subjects.encounter_key(encounter))
        session.refresh(encounter)
    return locked


def wake_others(session: Session, claim: Claim) -> None:
    for encounter in others(session, claim):
        subjects.wake(session, subjects.encounter_key(encounter))


def wake_mates(session: Session, encounter: Encounter) -> None:
    """The visits of the same stay may have waited for what this one has just done."""
    for mate in _mates(session, encounter):
        subjects.wake(session, subjects.encounter_key(mate))


def look(session: Session, subject: Subject, encounter: Encounter, now: Moment) -> None:
    """End the wait for other visits when it has come true, or when another one takes its place."""
    if encounter.stay_no is None:
        return
    waiting = [w for w in waits.open_waits(session, subject.key) if w.kind == WaitKind.STAY]
    awaited = to_wait_for(session, encounter, now) if waiting else None
    if waiting and (awaited is None or awaited.what != waiting[0].what):
        waits.answered(session, subject.key, now, claim_id=None, kind=WaitKind.STAY)
        waits.set_due(session, subject)


def to_wait_for(session: Session, encounter: Encounter, now: Moment) -> Awaited | None:
    """What keeps this visit from being billed by itself, or being settled with the patient, now."""
    if encounter.stay_no is None:
        return None
    carrier = _carrier(session, encounter)
    if carrier is not None:
        return Awaited(
            what=f"the claim of {carrier.encounter.encounter_no} to {carrier.payer.name}, "
            "which bills this visit too",
            until_at=now.end_of(now.business_days(CARRIED_BUSINESS_DAYS)),
            then_what="it is looked at again; the claim's own dates are watched there",
        )
    return _gathering(session, encounter, now)


def wait(session: Session, encounter: Encounter, awaited: Awaited, now: Moment) -> str:
    """Begin to wait for it; the words say so."""
    waits.begin(
        session,
        subjects.encounter_key(encounter),
        WaitKind.STAY,
        awaited.what,
        until_at=awaited.until_at,
        then_what=awaited.then_what,
        now=now,
    )
    return f"Waits for {awaited.what}"


def party(session: Session, encounter: Encounter, now: Moment) -> list[Encounter]:
    """This visit and those after it that can go on one claim with it now, locked."""
    together = [encounter]
    if encounter.stay_no is None:
        return together
    codes = {diagnosis.code for diagnosis in encounter.diagnoses}
    for mate in _mates(session, encounter):
        if mate.encounter_no < encounter.encounter_no:
            continue
        subjects.lock(session, subjects.encounter_key(mate))
        session.refresh(mate)
        joined = codes | {diagnosis.code for diagnosis in mate.diagnoses}
        if _can_join(session, mate, now) and len(joined) <= DIAGNOSES_MAX:
            together.append(mate)
            codes = joined
    return together


def span(session: Session, encounter: Encounter) -> tuple[dt.date | None, dt.date | None]:
    """When the stay began and ended, by all its visits that we know; outside a hospital never."""
    if encounter.encounter_class is not EncounterClass.INPATIENT:
        return None, None
    whole = [encounter]
    if encounter.stay_no is not None:
        whole += session.scalars(select(Encounter).where(*_of_stay(encounter)))
    ends = [each.discharged_on for each in whole if each.discharged_on]
    return min(each.service_on for each in whole), max(ends, default=None)


def _gathering(session: Session, encounter: Encounter, now: Moment) -> Awaited | None:
    """A visit before it, then the charges of others, then the discharge after which none comes."""
    if not _wants_whole(session, encounter):
        return None
    mates = _mates(session, encounter)
    before = [each for each in mates if each.encounter_no < encounter.encounter_no]
    leader = next((each for each in before if _may_lead(session, each)), None)
    coming = [each.encounter_no for each in mates if each.stage in ON_THE_WAY]
    _, discharged_on = span(session, encounter)
    if leader is not None:
        what = f"{leader.encounter_no}, whose claim bills the whole stay"
    elif coming:
        what = f"the charges of {', '.join(coming)}, of the same stay"
    elif discharged_on is None:
        what = f"the discharge that ends the stay {encounter.stay_no}"
    else:
        return None
    until_on = _gathers_until(session, encounter, discharged_on, now)
    if leader is not None:
        # The leader comes first when both have waited long enough.
        until_on = add_business_days(until_on, 1)
    if now.at >= now.end_of(until_on):
        return None
    then_what = "this visit is billed without it"
    return Awaited(what=what, until_at=now.end_of(until_on), then_what=then_what)


def _gathers_until(
    session: Session, encounter: Encounter, discharged_on: dt.date | None, now: Moment
) -> dt.date:
    """Some days after the discharge, or after the month that a claim covers at most; counted from
    when it first waited, and never so long that its claim comes late."""
    first = session.scalar(
        select(Wait.since_at)
        .where(Wait.subject == subjects.encounter_key(encounter), Wait.kind == WaitKind.STAY)
        .order_by(Wait.id)
        .limit(1)
    )
    since_on = first.astimezone(now.zone).date() if first else now.today
    ends_on = discharged_on or month_end(encounter.service_on)
    until_on = add_business_days(max(since_on, ends_on), GATHERED_WITHIN_BUSINESS_DAYS)
    covered = coverages.of_encounter(session, encounter)
    limits = [filing.limit_of(each.plan.payer, encounter.service_on) for each in covered]
    return min(until_on, *(filing.latest_due_on(limit) for limit in limits))


def _carrier(session: Session, encounter: Encounter) -> Claim | None:
    """Another visit's claim that bills this one too and is not settled."""
    return session.scalar(
        select(Claim)
        .where(bills(encounter.id), Claim.encounter_id != encounter.id)
        .where(Claim.stage != ClaimStage.SETTLED)
        .order_by(Claim.id)
        .limit(1)
    )


def _may_lead(session: Session, mate: Encounter) -> bool:
    return mate.stage in ON_THE_WAY or (mate.stage is Stage.CLAIMS and _wants_whole(session, mate))


def _wants_whole(session: Session, encounter: Encounter) -> bool:
    """Whether a payer that takes stays whole owes on a line for which it has not been asked."""
    return any(
        line.takes_stays_whole and not line.has_claim for line in open_lines.of(session, encounter)
    )


def _can_join(session: Session, mate: Encounter, now: Moment) -> bool:
    return (
        mate.stage is Stage.CLAIMS
        and _carrier(session, mate) is None
        and not holds.stopping_encounter(session, mate, now)
    )


def _mates(session: Session, encounter: Encounter) -> list[Encounter]:
    """Other open visits of the stay that could stand on the same claim: one provider, one place,
    one month (its codes and prices hold for all), the same payers in the same order."""
    found = session.scalars(
        select(Encounter)
        .where(*_of_stay(encounter), Encounter.id != encounter.id)
        .where(Encounter.stage.not_in([Stage.CLOSED, Stage.CANCELLED]))
        .order_by(Encounter.encounter_no)
    ).all()
    return [each for each in found if _is_alike(session, each, encounter)]


def _of_stay(encounter: Encounter) -> tuple[ColumnElement[bool], ...]:
    return (
        Encounter.patient_id == encounter.patient_id,
        Encounter.stay_no == encounter.stay_no,
        Encounter.encounter_class == EncounterClass.INPATIENT,
    )


def _is_alike(session: Session, one: Encounter, other: Encounter) -> bool:
    return _traits(one) == _traits(other) and (
        [coverage.id for coverage in coverages.of_encounter(session, one)]
        == [coverage.id for coverage in coverages.of_encounter(session, other)]
    )


def _traits(encounter: Encounter) -> tuple[object, ...]:
    return (
        encounter.provider_id,
        encounter.place_of_service,
        encounter.guarantor_id,
        f"{encounter.service_on:%Y-%m}",
    )
