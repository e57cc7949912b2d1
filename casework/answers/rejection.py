"""A biller mends a rejected claim. It was never adjudicated: no appeal, a new original is sent."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from casework import complaints, submissions
from casework.answers import claim_facts, member_id
from casework.answers.form import Form
from casework.complaints import Complaint
from casework.moment import Moment
from casework.steps import coding
from db.models import Claim, Task, User
from domain.denials import WriteOffReason
from domain.encounter import ClaimStage
from domain.questions import Fact, FactSection, Option, Question, radio

NO_APPEAL = (
    "It was never adjudicated, so there is nothing to appeal: what is mended goes out as a new "
    "original under a new control number."
)
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
        value="there",
        label="They have it already: wait for its answer",
        because="Sent once more it would be refused as a duplicate again.",
    ),
    Option(
        value="write_off",
        label="Write it off",
        because="Loses all of it; above the limit a second person must agree.",
    ),
)


def ask(session: Session, task: Task, now: Moment) -> Question:
    claim = session.get_one(Claim, task.claim_id)
    return Question(
        lead=task.reason,
        sections=(
            *_where(claim, task),
            claim_facts.acknowledgments(session, claim),
            claim_facts.lines(session, claim),
        ),
        fields=(
            radio("action", "How to mend it", ACTIONS, recommended=_recommended(task)),
            member_id.field(claim.coverage, depends_on=("action", ("coverage",))),
        ),
        submit="Mend and send",
        consequences=(NO_APPEAL,),
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    claim = session.get_one(Claim, task.claim_id)
    match form.one_of("action", [option.value for option in ACTIONS]):
        case "coverage":
            claim.coverage.member_id = member_id.read(form)
            return f"{by.full_name} checked the coverage after the rejection"
        case "again":
            return f"{by.full_name} had the claim sent again"
        case "there":
            claim.stage = ClaimStage.ACCEPTED
            submissions.await_remittance(session, claim, now)
            return f"{by.full_name} waits for the answer to the claim that they have already"
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
    return complaints.remedy(complaints.of_details(task.details), task.details.get("status_code"))


def _where(claim: Claim, task: Task) -> Iterator[FactSection]:
    """Each complaint with its place on the form and on our pages; none where none was named."""
    found = complaints.of_details(task.details)
    if not found:
        return
    facts = (fact for complaint in found for fact in _facts(claim, complaint))
    yield FactSection(title="Where to mend it", facts=tuple(facts))


def _facts(claim: Claim, complaint: Complaint) -> Iterator[Fact]:
    """The part with its boxes; then what is minded, where in the file, and what was sent."""
    place = complaint.form_place
    is_personal = place is None or place.is_personal
    sent = f"; {complaint.value!r} was sent" if complaint.value and not is_personal else ""
    where = f" ({complaint.where})" if complaint.where else ""
    yield Fact(
        label=place.name.capitalize() if place else "No part is named",
        value=f"{complaint.words}{where}{sent}",
        aside=f"{place.on(claim.form)} · {place.page}" if place else "",
    )
    if complaint.value and is_personal:
        yield Fact(label="What was sent there", value=complaint.value, is_identifier=True)
