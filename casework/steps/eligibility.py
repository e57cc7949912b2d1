"""Eligibility: every coverage in force is asked once; silence is asked again, then a person
decides.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import coverages, subjects, tasks, waits
from casework.charted_coverages import UNKNOWN_PAYER_NO
from casework.moment import Moment
from casework.steps import coding
from casework.waits import WaitKind
from db.models import Coverage, EligibilityCheck, Encounter
from domain.encounter import Stage
from domain.tasks import TaskKind

ANSWER_WITHIN_BUSINESS_DAYS = 1
ASK_MAX = 2


def ask(session: Session, encounter: Encounter, now: Moment) -> str:
    """Queue a 270 for each coverage; a patient without any is self-pay and goes on to coding."""
    covered = coverages.of_encounter(session, encounter)
    for coverage in covered:
        if _problem(coverage):
            return _open_registration(session, encounter, coverage, now)
    asked = [c for c in covered if coverages.route(session, c.plan.payer, "270")]
    if not asked:
        coding.begin(session, encounter, now)
        return "No payer to ask: on to coding"
    attempt = _attempt(session, encounter) + 1
    for coverage in asked:
        _queue(session, encounter, coverage, attempt, now)
    encounter.stage = Stage.ELIGIBILITY
    payers = ", ".join(coverage.plan.payer.name for coverage in asked)
    waits.begin(
        session,
        subjects.encounter_key(encounter),
        WaitKind.MESSAGE,
        f"the eligibility answer (271) of {payers}",
        until_at=now.end_of(now.business_days(ANSWER_WITHIN_BUSINESS_DAYS)),
        then_what="we ask again" if attempt < ASK_MAX else "the front desk asks by phone",
        now=now,
    )
    return f"Asked {payers} whether the coverage is active"


def hear(session: Session, encounter: Encounter, now: Moment) -> str:
    """The answers came, or their time is over."""
    attempt = _attempt(session, encounter)
    checks = session.scalars(
        select(EligibilityCheck)
        .where(EligibilityCheck.encounter_id == encounter.id, EligibilityCheck.attempt == attempt)
        .order_by(EligibilityCheck.id)
    ).all()
    # The answer to an earlier inquiry may come after we asked again: it counts all the same.
    active = _active(session, encounter)
    silent = [c for c in checks if c.answered_at is None and c.coverage_id not in active]
    refused = [check for check in checks if check.answered_at and check.outcome != "active"]
    if refused:
        return _open_fix(session, encounter, refused[0], attempt, now)
    if silent and attempt < ASK_MAX:
        return ask(session, encounter, now)
    if silent:
        return _open_fix(session, encounter, silent[0], attempt, now)
    coding.begin(session, encounter, now)
    return "Coverage is active: on to coding"


def _active(session: Session, encounter: Encounter) -> set[int]:
    """The coverages that any inquiry of this encounter found active."""
    return set(
        session.scalars(
            select(EligibilityCheck.coverage_id).where(
                EligibilityCheck.encounter_id == encounter.id,
                EligibilityCheck.outcome == "active",
            )
        )
    )


def _problem(coverage: Coverage) -> str | None:
    """Why nobody can be asked about this coverage."""
    if coverage.plan.payer.payer_no == UNKNOWN_PAYER_NO:
        return f"“{coverage.plan.name}” is not one of our payers: choose who it is."
    if not coverage.member_id:
        return f"The coverage with {coverage.plan.payer.name} has no member id."
    return None


def _open_registration(
    session: Session, encounter: Encounter, coverage: Coverage, now: Moment
) -> str:
    problem = _problem(coverage) or ""
    tasks.open_task(
        session,
        TaskKind.REGISTRATION_FIX,
        subject=subjects.encounter_key(encounter),
        cause=f"coverage:{coverage.id}",
        title=problem,
        reason="Nobody can be billed before the coverage is complete.",
        details={"coverage_id": coverage.id, "outcome": None},
        now=now,
        encounter_id=encounter.id,
        payer_id=coverage.plan.payer_id,
    )
    return f"Front desk: {problem}"


def _open_fix(
    session: Session, encounter: Encounter, check: EligibilityCheck, attempt: int, now: Moment
) -> str:
    payer = check.coverage.plan.payer
    words = check.words or f"{payer.name} has not answered {attempt} eligibility inquiries."
    task = tasks.open_task(
        session,
        TaskKind.REGISTRATION_FIX,
        subject=subjects.encounter_key(encounter),
        cause=f"eligibility:{check.id}",
        title=f"{payer.name} does not confirm the coverage",
        reason=words,
        details={"check_id": check.id, "coverage_id": check.coverage_id, "outcome": check.outcome},
        now=now,
        encounter_id=encounter.id,
        payer_id=payer.id,
    )
    return f"Front desk: {task.title}"


def _attempt(session: Session, encounter: Encounter) -> int:
    latest = select(func.max(EligibilityCheck.attempt)).where(
        EligibilityCheck.encounter_id == encounter.id
    )
    return session.scalar(latest) or 0


def _queue(
    session: Session, encounter: Encounter, coverage: Coverage, attempt: int, now: Moment
) -> None:
    session.add(
        EligibilityCheck(
            encounter_id=encounter.id, coverage_id=coverage.id, attempt=attempt, asked_at=now.at
        )
    )
    session.flush()
    route = coverages.route(session, coverage.plan.payer, "270")
    assert route is not None
    key = subjects.batch_key(route.route)
    subjects.touch(session, key, now, is_open=False)
    subjects.wake(session, key)
