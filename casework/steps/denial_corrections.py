"""A refused claim that is sent once more, corrected: by a coder first, if it needs another code."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import appeals, submissions
from casework.moment import Moment
from casework.steps import coding
from casework.steps.denial_moves import resolve
from db.models import Claim, Denial, Encounter, Task
from domain.corrections import Instead
from domain.denials import DenialRoute
from domain.encounter import ClaimStage
from domain.tasks import TaskKind, TaskStatus


def correct(session: Session, claim: Claim, corrected: list[Denial], now: Moment) -> str:
    """A corrected claim; one that needs another code waits for a coder first."""
    recode = [denial for denial in corrected if denial.route is DenialRoute.RECODE]
    to_recode = [
        (encounter, denials)
        for encounter, denials in _by_encounter(recode)
        if not _is_recoded(session, claim, denials)
    ]
    for encounter, denials in to_recode:
        _ask_coder(session, claim, encounter, denials, now)
    if to_recode:
        return "A coder changes the codes first"
    # MA130: the payer says that it never processed the claim; then a replacement has no original.
    is_correction = not any("MA130" in denial.rarcs for denial in corrected)
    if is_correction and not claim.may_be_replaced and claim.instead is Instead.REOPENING:
        return appeals.draft(session, claim, corrected, now)
    for denial in corrected:
        resolve(denial, now)
    version = submissions.new_version(
        session,
        claim,
        because=f"corrected after {corrected[0].group_code}-{corrected[0].carc}",
        is_correction=is_correction,
        now=now,
        line_ids=tuple(sorted({denial.charge_line_id for denial in corrected})),
    )
    claim.stage = ClaimStage.EDITS
    return f"Corrected claim, frequency {version.frequency}"


def _is_recoded(session: Session, claim: Claim, recode: list[Denial]) -> bool:
    answered = session.scalars(
        select(Task).where(
            Task.claim_id == claim.id,
            Task.kind == TaskKind.CODING_REVIEW,
            Task.status == TaskStatus.ANSWERED,
        )
    )
    recoded = [set(task.details.get("denial_ids", [])) for task in answered]
    return any({denial.id for denial in recode} <= ids for ids in recoded)


def _ask_coder(
    session: Session, claim: Claim, encounter: Encounter, recode: list[Denial], now: Moment
) -> None:
    first = recode[0]
    asked = coding.open_review(
        session,
        encounter,
        f"{claim.payer.name} refused the claim ({first.group_code}-{first.carc}): "
        "only a coder changes codes.",
        now,
        claim=claim,
        denial_ids=tuple(denial.id for denial in recode),
    )
    if first.task_id:
        session.get_one(Task, first.task_id).waits_on_id = asked


def _by_encounter(denials: list[Denial]) -> list[tuple[Encounter, list[Denial]]]:
    """Each encounter has a chart, and codes, of its own."""
    encounters = {
        denial.charge_line.encounter_id: denial.charge_line.encounter for denial in denials
    }
    return [
        (encounter, [each for each in denials if each.charge_line.encounter_id == encounter_id])
        for encounter_id, encounter in encounters.items()
    ]
