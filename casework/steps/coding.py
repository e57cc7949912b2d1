"""Coding: a coder confirms the codes, unless they came with the chart and every check passes."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import coding_checks, settings, stays, subjects, tasks
from casework.moment import Moment
from db.models import Claim, CodingSession, Encounter, ProviderQuery
from domain.encounter import CodingStatus, Stage
from domain.tasks import TaskKind


def begin(session: Session, encounter: Encounter, now: Moment) -> None:
    """Enter the stage: take the chart's own codes where the practice allows it, else ask a
    coder.
    """
    encounter.stage = Stage.CODING
    takes = settings.flag(session, "takes_charted_codes")
    if takes and encounter.has_charted_codes and not coding_checks.findings(encounter):
        encounter.coding_status = CodingStatus.CODED
        record_session(session, encounter, None, "The codes came with the chart and passed", now)
        return
    open_review(session, encounter, "The chart is signed and waits for its codes.", now)


def code(session: Session, encounter: Encounter, now: Moment) -> str:
    """The coder has answered: on to charges. An unanswered chart is asked about again."""
    if encounter.coding_status is CodingStatus.CODED:
        encounter.stage = Stage.CHARGES
        return "Coded: on to charges"
    open_review(session, encounter, "The chart still waits for its codes.", now)
    return "Asked a coder"


def open_review(
    session: Session,
    encounter: Encounter,
    reason: str,
    now: Moment,
    *,
    claim: Claim | None = None,
    denial_ids: tuple[int, ...] = (),
) -> int:
    """A coding task; with a claim, that claim (of the encounter that leads it) waits for it.

    Returns the task's id.
    """
    version = coding_version(session, encounter) + 1
    claim_id = claim.id if claim else None
    task = tasks.open_task(
        session,
        TaskKind.CODING_REVIEW,
        subject=subjects.encounter_key(claim.encounter if claim else encounter),
        cause=f"coding:{encounter.id}:{version}:{claim_id or ''}:{','.join(map(str, denial_ids))}"
        f":{_queries(session, encounter)}",
        title="Code the encounter" if claim_id is None else "Change the codes of a refused claim",
        reason=reason,
        details={"denial_ids": list(denial_ids)},
        now=now,
        waits_in_claim=claim_id,
        encounter_id=encounter.id,
        claim_id=claim_id,
        provider_id=encounter.provider_id,
    )
    return task.id


def open_reviews_of(session: Session, claim: Claim, reason: str, now: Moment) -> None:
    """What is wrong with the claim's codes may stand in the chart of any visit that it bills."""
    for encounter in stays.visits(session, claim):
        open_review(session, encounter, reason, now, claim=claim)


def record_session(
    session: Session, encounter: Encounter, coder_id: int | None, words: str, now: Moment
) -> None:
    session.add(
        CodingSession(
            encounter_id=encounter.id,
            version=coding_version(session, encounter) + 1,
            coder_id=coder_id,
            coded_at=now.at,
            words=words,
        )
    )
    session.flush()


def coding_version(session: Session, encounter: Encounter) -> int:
    return (
        session.scalar(
            select(func.max(CodingSession.version)).where(
                CodingSession.encounter_id == encounter.id
            )
        )
        or 0
    )


def _queries(session: Session, encounter: Encounter) -> int:
    asked = select(func.count()).where(ProviderQuery.encounter_id == encounter.id)
    return session.scalar(asked) or 0
