"""How a step is taken: lock, compare the revision, act once, record, and say where things stand.

A repeat of a step that was done finds another revision: it changes nothing and reads the world
anew (effects are remembered, observations never are).
"""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import gathering, holds, stays, subjects, task_dates, waits
from casework.moment import Moment, moment
from casework.steps import (
    adjudication,
    charges,
    claim_making,
    claims,
    coding,
    denials,
    eligibility,
    patient,
)
from db.models import Claim, Encounter, Hold, Subject, Wait
from domain.encounter import ClaimStage, ClaimStanding, Standing
from domain.steps import ClaimStep, EncounterStep, StepRequest

EncounterAction = Callable[[Session, Encounter, Moment], str]
ClaimAction = Callable[[Session, Claim, Moment], str]

ENCOUNTER_STEPS: dict[EncounterStep, EncounterAction] = {
    EncounterStep.ASK_ELIGIBILITY: eligibility.ask,
    EncounterStep.HEAR_ELIGIBILITY: eligibility.hear,
    EncounterStep.CODE: coding.code,
    EncounterStep.PRICE: charges.price,
    EncounterStep.PLAN_CLAIMS: claim_making.plan,
    EncounterStep.SETTLE_WITH_PATIENT: patient.settle,
}

CLAIM_STEPS: dict[ClaimStep, ClaimAction] = {
    ClaimStep.EDIT: claims.edit,
    ClaimStep.CHASE_BATCH: claims.chase_batch,
    ClaimStep.CHASE_ACKNOWLEDGMENT: claims.chase_acknowledgment,
    ClaimStep.APPLY_REJECTION_ANSWER: claims.apply_rejection_answer,
    ClaimStep.FOLLOW_UP: adjudication.follow_up,
    ClaimStep.JUDGE_ADJUDICATION: denials.judge,
    ClaimStep.APPLY_DENIAL_DECISIONS: denials.apply_decisions,
    ClaimStep.FOLLOW_APPEAL: denials.follow_appeal,
    ClaimStep.BILL_AFTER_CROSSOVER: adjudication.bill_after_crossover,
}


# Nothing but news can move a subject without waits; this look is for news that was lost.
LOOK_AGAIN_AFTER = dt.timedelta(days=1)


def take_step(session: Session, request: StepRequest) -> Standing:
    """Take one step of an encounter's workflow, or only look; then say where it stands."""
    now = moment(session, request.real_now)
    subject = subjects.lock(session, request.subject)
    encounter = encounter_of(session, request.subject)
    _keep_dates(session, subject, encounter, now)
    gathering.look(session, subject, encounter, now)
    if request.step is not None and request.rev == subject.rev:
        _act(session, subject, encounter, request, now)
    return standing(session, subject, encounter, now)


def encounter_of(session: Session, key: str) -> Encounter:
    number = key.partition(":")[2]
    return session.scalars(select(Encounter).where(Encounter.encounter_no == number)).one()


def standing(session: Session, subject: Subject, encounter: Encounter, now: Moment) -> Standing:
    """What the workflow may know: the stage, what is ready, and how long to wait otherwise."""
    session.flush()
    open_waits = waits.open_waits(session, subject.key)
    held = holds.in_force(session, encounter, now)
    open_claims = session.scalars(
        select(Claim)
        .where(Claim.encounter_id == encounter.id, Claim.stage != ClaimStage.SETTLED)
        .order_by(Claim.id)
    ).all()
    return Standing(
        rev=subject.rev,
        stage=encounter.stage,
        is_ready=_is_ready(open_waits, None, now),
        is_held=any(holds.stops_encounter(hold, encounter) for hold in held),
        claims=tuple(
            ClaimStanding(
                claim_id=claim.id,
                stage=claim.stage,
                is_ready=_is_ready(open_waits, claim.id, now)
                and not any(holds.stops_claim(hold, claim) for hold in held),
            )
            for claim in open_claims
        ),
        wait=now.real_wait(_nearest(open_waits, held, now)),
    )


def _keep_dates(session: Session, subject: Subject, encounter: Encounter, now: Moment) -> None:
    """Each open task keeps its own date, whatever else its claim waits for; but no hold is broken.

    The next revision makes a step that was asked for together with this one look again first.
    """
    if task_dates.keep_dates(session, subject.key, now):
        waits.set_due(session, subject)
    scopes = task_dates.late_scopes(session, subject.key, now)
    held = holds.in_force(session, encounter, now) if scopes else []
    late = [
        task
        for claim_id in scopes
        if not _is_held(session, encounter, held, claim_id)
        for task in task_dates.escalate_overdue(session, subject.key, now, claim_id=claim_id)
    ]
    if late:
        words = "; ".join(task.title for task in late)
        subjects.record(session, subject, "escalated", f"Escalated to a supervisor: {words}", now)
        waits.set_due(session, subject)


def _is_held(
    session: Session, encounter: Encounter, held: list[Hold], claim_id: int | None
) -> bool:
    claim = session.get(Claim, claim_id) if claim_id else None
    return any(
        holds.stops_encounter(hold, encounter)
        or (claim is not None and holds.stops_claim(hold, claim))
        for hold in held
    )


def _act(
    session: Session, subject: Subject, encounter: Encounter, request: StepRequest, now: Moment
) -> None:
    waits.end_overdue(session, subject.key, now, claim_id=request.claim_id)
    stage = encounter.stage
    words = _do(session, encounter, request, now)
    subjects.record(session, subject, str(request.step), words, now)
    subject.is_open = encounter.stage.is_open
    waits.set_due(session, subject)
    if encounter.stage is not stage:
        stays.wake_stay(session, encounter)


def _do(session: Session, encounter: Encounter, request: StepRequest, now: Moment) -> str:
    match request.step:
        case EncounterStep():
            return ENCOUNTER_STEPS[request.step](session, encounter, now)
        case ClaimStep():
            claim = session.get_one(Claim, request.claim_id)
            stays.lock_others(session, claim)
            words = CLAIM_STEPS[request.step](session, claim, now)
            if claim.stage is ClaimStage.SETTLED:
                stays.wake_others(session, claim)
            return words
        case None:
            raise AssertionError("a look has nothing to do")


def _is_ready(open_waits: list[Wait], claim_id: int | None, now: Moment) -> bool:
    in_scope = [wait for wait in open_waits if wait.claim_id == claim_id]
    return all(wait.until_at <= now.at for wait in in_scope)


def _nearest(open_waits: list[Wait], held: list[Hold], now: Moment) -> dt.datetime:
    """The next deadline or end of a hold. What is overdue under a hold must not keep us awake."""
    ahead = [wait.until_at for wait in open_waits if wait.until_at > now.at]
    return min((*ahead, *(hold.held_until_at for hold in held)), default=now.at + LOOK_AGAIN_AFTER)
