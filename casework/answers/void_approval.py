"""A second person agrees that a claim is taken back from its payer, or says no."""

from sqlalchemy.orm import Session

from casework import voids
from casework.answers import claim_facts
from casework.answers.form import Form
from casework.moment import Moment
from db.models import Claim, Task, User
from domain.questions import Option, Question, radio

REFUSE = Option(value="refuse", label="Leave it as it is")


def ask(session: Session, task: Task, now: Moment) -> Question:
    claim = session.get_one(Claim, task.claim_id)
    approve = Option(
        value="approve",
        label="Take the claim back (void)",
        because=f"{claim.payer.name} will take its money back.",
    )
    return Question(
        lead=task.reason,
        sections=(
            claim_facts.lines(session, claim),
            claim_facts.acknowledgments(session, claim),
        ),
        fields=(radio("decision", "Decide", (approve, REFUSE), recommended=approve.value),),
        submit="Decide",
        consequences=("The charge is taken back when the payer has confirmed.",),
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    claim = session.get_one(Claim, task.claim_id)
    if form.one_of("decision", ("approve", "refuse")) == "refuse":
        return f"{by.full_name} left the claim to {claim.payer.name} as it is"
    voids.send(session, claim, task.reason, now)
    return f"{by.full_name} took the claim back from {claim.payer.name}"
