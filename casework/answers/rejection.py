"""A biller mends a rejected claim. It was never adjudicated: no appeal, a new original is sent."""

from sqlalchemy.orm import Session

from casework.answers import claim_facts, member_id
from casework.answers.form import Form
from casework.moment import Moment
from casework.steps import coding
from db.models import Claim, Task, User
from domain.denials import WriteOffReason
from domain.encounter import ClaimStage
from domain.questions import Option, Question, radio

ACTIONS = (
    Option(
        value="coverage",
        label="Check the coverage and send again",
        because="Goes out as a new original; nothing was adjudicated.",
    ),
    Option(
        value="again",
        label="It is mended where it was wrong: send it again",
        because="For a provider's number, an address or the route; claims are written anew.",
    ),
    Option(
        value="codes",
        label="Ask a coder to change the codes",
        because="The claim waits for the coder, then goes out as a new original.",
    ),
    Option(
        value="write_off",
        label="Write it off",
        because="Loses all of it; above the limit a second person must agree.",
    ),
)
# Claim status codes (277CA STC01-2) of who is covered, and of diagnoses, services and modifiers.
OF_COVERAGE = frozenset({"33", "97", "116", "158", "164"})
OF_CODES = frozenset({"254", "255", "453", "454", "477"})


def ask(session: Session, task: Task, now: Moment) -> Question:
    claim = session.get_one(Claim, task.claim_id)
    return Question(
        lead=task.reason,
        sections=(
            claim_facts.acknowledgments(session, claim),
            claim_facts.lines(session, claim),
        ),
        fields=(
            radio("action", "How to mend it", ACTIONS, recommended=_recommended(task)),
            member_id.field(claim.coverage, depends_on=("action", ("coverage",))),
        ),
        submit="Mend and send",
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    claim = session.get_one(Claim, task.claim_id)
    match form.one_of("action", [option.value for option in ACTIONS]):
        case "coverage":
            claim.coverage.member_id = member_id.read(form)
            return f"{by.full_name} checked the coverage after the rejection"
        case "again":
            return f"{by.full_name} had the claim sent again"
        case "codes":
            why = f"The claim was rejected: {task.title}"
            coding.open_reviews_of(session, claim, why, now)
            return f"{by.full_name} asked a coder to mend the rejection"
        case _:
            reason = WriteOffReason.BILLING_ERROR
            not_yet = claim_facts.give_up(session, claim, reason, task.title, by, now)
            claim.stage = ClaimStage.ADJUDICATED
            claim.outcome = "denied"
            return f"{by.full_name} gave the rejected claim up{not_yet}"


def _recommended(task: Task) -> str:
    """What the status code speaks of; a file refused as a whole names no part of a claim."""
    code = task.details.get("status_code")
    if code in OF_COVERAGE:
        return "coverage"
    return "codes" if code in OF_CODES else "again"
