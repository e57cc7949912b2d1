"""A biller decides an underpayment: dispute it, or accept what the payer allowed."""

from sqlalchemy.orm import Session

from casework import denial_facts
from casework.answers import claim_facts
from casework.answers.denial import of_task
from casework.answers.form import Form
from casework.moment import Moment
from casework.refusals import Refused
from db.models import Claim, Task, User
from domain.denials import DenialRoute, DenialStatus
from domain.money import dollars
from domain.questions import Field, FieldKind, Option, Question


def ask(session: Session, task: Task, now: Moment) -> Question:
    claim = session.get_one(Claim, task.claim_id)
    may_dispute = _may_dispute(session, claim)
    action = "dispute" if may_dispute else "accept"
    options = [
        Option(
            value="accept",
            label="Accept what was allowed",
            because="The contractual adjustment stays as the payer made it.",
            is_recommended=not may_dispute,
        )
    ]
    if may_dispute:
        options.insert(
            0,
            Option(
                value="dispute",
                label="Dispute it",
                because="A letter with the contracted amounts; the payer adjudicates again.",
                is_recommended=True,
            ),
        )
    return Question(
        lead=task.reason,
        sections=(
            claim_facts.refusals(of_task(session, task)),
            claim_facts.lines(session, claim),
        ),
        fields=(
            Field(
                name="action",
                label="Decide",
                kind=FieldKind.RADIO,
                values=(action,),
                options=tuple(options),
            ),
        ),
        submit="Decide",
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    claim = session.get_one(Claim, task.claim_id)
    action = form.one_of("action", ("dispute", "accept"))
    if action == "dispute" and not _may_dispute(session, claim):
        raise Refused.of("action", "The last level has been reached: accept it.")
    for denial in of_task(session, task):
        denial.route = DenialRoute.APPEAL if action == "dispute" else DenialRoute.WRITE_OFF
        denial.status = DenialStatus.DECIDED if action == "dispute" else DenialStatus.RESOLVED
        denial.resolved_at = None if action == "dispute" else now.at
    done = "disputes" if action == "dispute" else "accepts"
    return f"{by.full_name} {done} {dollars(task.amount_cents)} below the contract"


def _may_dispute(session: Session, claim: Claim) -> bool:
    return denial_facts.level_reached(session, claim) < claim.payer.appeal_levels
