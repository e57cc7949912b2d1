"""A check came back: the balance is owed again; a person decides about the fee."""

from enum import StrEnum

from sqlalchemy.orm import Session

from casework import patients
from casework.answers.form import Form
from casework.moment import Moment
from casework.patients.account_subjects import guarantor_of
from db.models import Receipt, Task, User
from domain.dunning import NSF_FEE_CENTS
from domain.money import dollars
from domain.questions import Fact, FactSection, Option, Question, radio


class Route(StrEnum):
    KEEP_FEE = "keep_fee"
    WAIVE_FEE = "waive_fee"


ROUTES = (
    Option(
        value=Route.KEEP_FEE, label="Keep the fee", because="The bank charges us for the return."
    ),
    Option(value=Route.WAIVE_FEE, label="Waive the fee"),
)


def ask(session: Session, task: Task, _now: Moment) -> Question:
    receipt = session.get_one(Receipt, task.details["receipt_id"])
    return Question(
        lead=f"Check {receipt.check_no} of {dollars(receipt.cents)} came back unpaid.",
        sections=(
            FactSection(
                title="The check",
                facts=(
                    Fact(label="Received", value=str(receipt.received_on)),
                    Fact(label="Amount", value=dollars(receipt.cents)),
                    Fact(label="Fee charged", value=dollars(_fee(task))),
                ),
            ),
        ),
        fields=(radio("route", "The fee", ROUTES, recommended=Route.KEEP_FEE),),
        submit="Ask for the money again",
        consequences=("Reminders go on where they stood before the check came.",),
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    match form.choice("route", Route):
        case Route.KEEP_FEE:
            return "The balance is owed again, and the fee stands"
        case Route.WAIVE_FEE:
            guarantor = guarantor_of(session, task.subject)
            waived = patients.waive_fees(session, guarantor, now, by=by)
            return f"The balance is owed again; the fee of {dollars(waived)} is waived"


def _fee(task: Task) -> int:
    """What was charged for it then."""
    return int(task.details.get("fee_cents", NSF_FEE_CENTS))
