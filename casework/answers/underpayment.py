"""A biller decides an underpayment: dispute it, or accept what the payer allowed."""

from sqlalchemy.orm import Session

from casework import appeal_windows, denial_facts
from casework.answers import claim_facts
from casework.answers.denial import of_task
from casework.answers.form import Form
from casework.moment import Moment
from casework.refusals import Refused
from db.models import Claim, Task, User
from domain.denials import DenialRoute, DenialStatus
from domain.money import dollars
from domain.questions import Option, Question, radio

DISPUTE = Option(
    value="dispute",
    label="Dispute it",
    because="A letter with the contracted amounts; the payer adjudicates again.",
)
ACCEPT = Option(
    value="accept",
    label="Accept what was allowed",
    because="The contractual adjustment stays as the payer made it.",
)


def ask(session: Session, task: Task, now: Moment) -> Question:
    claim = session.get_one(Claim, task.claim_id)
    has_level, is_late = _has_level(session, claim), _is_late(session, task, claim, now)
    may_dispute = has_level and not is_late
    return Question(
        lead=f"{task.reason} That day has passed: a dispute is no longer offered."
        if has_level and is_late
        else task.reason,
        sections=(
            claim_facts.refusals(of_task(session, task)),
            claim_facts.lines(session, claim),
        ),
        fields=(
            radio("action", "Decide", (DISPUTE, ACCEPT), recommended=DISPUTE.value)
            if may_dispute
            else radio("action", "Decide", (ACCEPT,), recommended=ACCEPT.value),
        ),
        submit="Decide",
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    claim = session.get_one(Claim, task.claim_id)
    action = form.one_of("action", ("dispute", "accept"))
    if action == "dispute" and not _has_level(session, claim):
        raise Refused.of("action", "The last level has been reached: accept it.")
    if action == "dispute" and _is_late(session, task, claim, now):
        raise Refused.of("action", "The window for a dispute has passed: accept it.")
    for denial in of_task(session, task):
        denial.route = DenialRoute.APPEAL if action == "dispute" else DenialRoute.WRITE_OFF
        denial.status = DenialStatus.DECIDED if action == "dispute" else DenialStatus.RESOLVED
        denial.resolved_at = None if action == "dispute" else now.at
    done = "disputes" if action == "dispute" else "accepts"
    return f"{by.full_name} {done} {dollars(task.amount_cents)} below the contract"


def _has_level(session: Session, claim: Claim) -> bool:
    return denial_facts.level_reached(session, claim) < claim.payer.appeal_levels


def _is_late(session: Session, task: Task, claim: Claim, now: Moment) -> bool:
    window = appeal_windows.of(session, claim, of_task(session, task), now)
    return now.today > window.until_on
