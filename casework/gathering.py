"""The visits of a stay gather before they are billed: who waits for whom, and who goes together."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import coverages, filing, holds, open_lines, stays, subjects, waits
from casework.moment import Moment
from casework.waits import WaitKind
from db.models import Claim, Encounter, Journal, Subject, Wait
from db.queries.claim_visits import bills
from domain.billing_plan import OpenLine
from domain.claim_form import ClaimForm
from domain.clock import add_business_days, month_end
from domain.diagnosis_edits import DIAGNOSES_MAX
from domain.encounter import ClaimStage, Stage

# How long a visit waits for the charges of others after the discharge.
GATHERED_WITHIN_BUSINESS_DAYS = 5
# The claim's own dates escalate; whoever rides along looks again in a month.
CARRIED_BUSINESS_DAYS = 20
ON_THE_WAY = (Stage.REGISTERED, Stage.ELIGIBILITY, Stage.CODING, Stage.CHARGES)


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """What a visit waits for before it is billed, until when, and what happens then; and the visit
    that is to lead it, if there is one."""

    what: str
    until_at: dt.datetime
    then_what: str
    leader: Encounter | None = None


def look(session: Session, subject: Subject, encounter: Encounter, now: Moment) -> None:
    """End the wait for other visits when it has come true, or when another one takes its place."""
    if encounter.stay_no is None:
        return
    waiting = [w for w in waits.open_waits(session, subject.key) if w.kind == WaitKind.STAY]
    awaited = to_wait_for(session, encounter, now) if waiting else None
    # An earlier date is taken up; a later one of the same is not, for it may move every day.
    if waiting and (
        awaited is None or awaited.what != waiting[0].what or awaited.until_at < waiting[0].until_at
    ):
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
    if awaited.leader is not None:
        # It may have waited for this one's charges.
        subjects.wake(session, subjects.encounter_key(awaited.leader))
    return f"Waits for {awaited.what}"


def party(session: Session, encounter: Encounter, now: Moment) -> list[Encounter]:
    """This visit and those after it that can go on one claim with it now, locked: as many as its
    diagnoses and lines have room for."""
    together = [encounter]
    if encounter.stay_no is None:
        return together
    codes, lines = _room_taken(session, encounter)
    for mate in _mates(session, encounter):
        if mate.encounter_no < encounter.encounter_no:
            continue
        subjects.lock(session, subjects.encounter_key(mate))
        session.refresh(mate)
        more_codes, more_lines = _room_taken(session, mate)
        fits = (
            len(codes | more_codes) <= DIAGNOSES_MAX
            and lines + more_lines <= ClaimForm.PROFESSIONAL.lines_max
        )
        if fits and _can_join(session, mate, now):
            together.append(mate)
            codes, lines = codes | more_codes, lines + more_lines
    return together


def _room_taken(session: Session, encounter: Encounter) -> tuple[set[str], int]:
    """Its diagnoses, and how many lines a payer that takes stays whole is to be asked for."""
    return {diagnosis.code for diagnosis in encounter.diagnoses}, len(_unasked(session, encounter))


def _gathering(session: Session, encounter: Encounter, now: Moment) -> Awaited | None:
    """A visit before it, then the charges of others, then the discharge after which none comes."""
    if not _wants_whole(session, encounter):
        return None
    mates = _mates(session, encounter)
    before = [each for each in mates if each.encounter_no < encounter.encounter_no]
    leader = next((each for each in before if _may_lead(session, each)), None)
    coming = [each.encounter_no for each in mates if _is_coming(session, each, now)]
    _, discharged_on = stays.span(session, encounter)
    if leader is not None:
        what = f"{leader.encounter_no}, whose claim bills the whole stay"
    elif coming:
        what = f"the charges of {', '.join(coming)}, of the same stay"
    elif discharged_on is None:
        what = "the discharge that ends the stay"
    else:
        return None
    until_on = _gathers_until(session, encounter, discharged_on, now)
    if leader is not None:
        # The leader comes first when both have waited long enough.
        until_on = add_business_days(until_on, 1)
    if now.at >= now.end_of(until_on):
        return None
    then_what = "this visit is billed without it"
    return Awaited(what=what, until_at=now.end_of(until_on), then_what=then_what, leader=leader)


def _gathers_until(
    session: Session, encounter: Encounter, discharged_on: dt.date | None, now: Moment
) -> dt.date:
    """Some days after the discharge, or after the month that a claim covers at most; counted from
    when it first waited for this claim, and never so long that it would be filed late."""
    first = _first_waited_at(session, encounter)
    since_on = first.astimezone(now.zone).date() if first else now.today
    ends_on = discharged_on or month_end(encounter.service_on)
    until_on = add_business_days(max(since_on, ends_on), GATHERED_WITHIN_BUSINESS_DAYS)
    covered = coverages.of_encounter(session, encounter)
    limits = [filing.limit_of(each.plan.payer, encounter.service_on) for each in covered]
    return min(until_on, *(filing.latest_due_on(limit) for limit in limits))


def _first_waited_at(session: Session, encounter: Encounter) -> dt.datetime | None:
    """Since when it waits for others; a claim that was unmade lets it begin anew."""
    key = subjects.encounter_key(encounter)
    unmade = Journal.step == stays.UNBUNDLED
    unbundled = select(func.max(Journal.at)).where(Journal.subject == key, unmade)
    since_at = session.scalar(unbundled)
    waited = select(func.min(Wait.since_at)).where(Wait.subject == key, Wait.kind == WaitKind.STAY)
    return session.scalar(waited.where(Wait.since_at >= since_at) if since_at else waited)


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


def _is_coming(session: Session, mate: Encounter, now: Moment) -> bool:
    """Its charges are to come, or are there and held."""
    return mate.stage in ON_THE_WAY or (
        mate.stage is Stage.CLAIMS
        and bool(holds.stopping_encounter(session, mate, now))
        and _wants_whole(session, mate)
    )


def _wants_whole(session: Session, encounter: Encounter) -> bool:
    return bool(_unasked(session, encounter))


def _unasked(session: Session, encounter: Encounter) -> list[OpenLine]:
    """Lines on which a payer owes that takes stays whole and has not been asked for them."""
    return [
        line
        for line in open_lines.of(session, encounter)
        if line.takes_stays_whole and not line.has_claim
    ]


def _can_join(session: Session, mate: Encounter, now: Moment) -> bool:
    return (
        mate.stage is Stage.CLAIMS
        and _carrier(session, mate) is None
        and not holds.stopping_encounter(session, mate, now)
    )


def _mates(session: Session, encounter: Encounter) -> list[Encounter]:
    """Other open visits of the stay that could stand on the same claim: one provider, one place,
    one guarantor, one month (its codes and prices hold for all), the same payers in the same order.
    """
    found = session.scalars(
        select(Encounter)
        .where(*stays.open_of_stay(encounter))
        .where(Encounter.provider_id == encounter.provider_id)
        .where(Encounter.place_of_service == encounter.place_of_service)
        .where(Encounter.guarantor_id == encounter.guarantor_id)
        .order_by(Encounter.encounter_no)
    ).all()
    month, covered = f"{encounter.service_on:%Y-%m}", _covered(session, encounter)
    return [
        each
        for each in found
        if f"{each.service_on:%Y-%m}" == month and _covered(session, each) == covered
    ]


def _covered(session: Session, encounter: Encounter) -> list[int]:
    return [coverage.id for coverage in coverages.of_encounter(session, encounter)]
