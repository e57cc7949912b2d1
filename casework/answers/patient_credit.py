"""Credit that nothing can use up: refund it, or keep it because the guarantor wants that."""

from enum import StrEnum

from sqlalchemy.orm import Session

from casework import patients
from casework.answers.form import Form
from casework.moment import Moment
from casework.patients.account_subjects import guarantor_of
from casework.patients.credits import unapplied_by_encounter
from db.models import Task, User
from domain.money import dollars
from domain.questions import Fact, FactSection, Option, Question, radio


class Route(StrEnum):
    REFUND = "refund"
    KEEP = "keep"


ROUTES = (
    Option(
        value=Route.REFUND,
        label="Refund it",
        because="It is the guarantor's money, and nothing is owed.",
    ),
    Option(value=Route.KEEP, label="Keep it as credit, as the guarantor asked"),
)


def ask(session: Session, task: Task, _now: Moment) -> Question:
    guarantor = guarantor_of(session, task.subject)
    cents = sum(unapplied_by_encounter(session, guarantor).values())
    return Question(
        lead=f"{dollars(cents)} of the guarantor's money is left over. Send it back?",
        sections=(
            FactSection(
                title="Account",
                facts=(
                    Fact(label="Account", value=guarantor.account_no),
                    Fact(label="Credit", value=dollars(cents)),
                ),
            ),
        ),
        fields=(radio("route", "Decision", ROUTES, recommended=Route.REFUND),),
        submit="Decide",
        consequences=("A refund goes out at once and cannot be called back.",),
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    guarantor = guarantor_of(session, task.subject)
    match form.choice("route", Route):
        case Route.REFUND:
            refund = patients.refund_credit(
                session, guarantor, reason="credit left over", task=task, by=by, now=now
            )
            return f"Refunded {dollars(refund.cents)}"
        case Route.KEEP:
            return "Kept the credit on the account"
