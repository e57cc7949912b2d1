"""What stands between us and a partner, for whoever keeps the routes: a file that may not leave as
it is, one of which nobody knows whether it came, or a payer that has not agreed to take ours."""

from enum import StrEnum

from sqlalchemy.orm import Session

from casework import enrolment_keeping, enrolments, file_resends, subjects, unsent
from casework.answers.form import Form
from casework.moment import Moment
from casework.refusals import Refused
from db.models import Enrolment, Outbox, Task, User
from domain.questions import Fact, FactSection, Option, Question, radio


class Action(StrEnum):
    WRITE_ANEW = "write_anew"
    TRY_AGAIN = "try_again"


WRITE_ANEW = Option(
    value=Action.WRITE_ANEW,
    label="Write its contents anew, as the route is now",
    because="Nothing of the refused file was sent; the new one has its own control number.",
)
TRY_AGAIN = Option(
    value=Action.TRY_AGAIN,
    label="Send the same bytes: the route was wrong and has been put right",
)


class Arrival(StrEnum):
    CAME = "came"
    LOST = "lost"


CAME = Option(value=Arrival.CAME, label="The partner has it", because="It goes on as sent.")
LOST = Option(
    value=Arrival.LOST,
    label="The partner does not have it: send it once more",
    because="The same bytes go under the same name and control numbers.",
)


def ask(session: Session, task: Task, now: Moment) -> Question:
    match task.details["case"]:
        case enrolments.CASE:
            return _ask_enrolment(session, task, now)
        case unsent.UNSEEN:
            return _ask_whether_it_came(session, task)
        case _:
            return _ask_about_refused(session, task)


def _ask_about_refused(session: Session, task: Task) -> Question:
    row = session.get_one(Outbox, task.details["outbox_id"])
    return Question(
        lead=f"{task.title}: {task.reason}",
        sections=(
            FactSection(
                title="The file",
                facts=(
                    Fact(label="Name", value=row.name),
                    Fact(label="Route", value=row.route),
                    Fact(label="Refused because", value=row.refused_because or "no more"),
                ),
            ),
        ),
        fields=(
            radio("action", "What is done", (WRITE_ANEW, TRY_AGAIN), recommended=Action.WRITE_ANEW),
        ),
        submit="Do it",
        consequences=("Whatever is sent is judged once more at the moment of sending.",),
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    if task.details["case"] == enrolments.CASE:
        return _act_on_enrolment(session, task, form, by, now)
    if task.details["case"] == unsent.UNSEEN:
        return _act_on_arrival(session, task, form, by, now)
    action = form.choice("action", Action)
    row = session.get_one(Outbox, task.details["outbox_id"])
    subjects.lock(session, task.subject).is_open = False
    match action:
        case Action.WRITE_ANEW:
            return f"Written anew as {unsent.write_anew(session, row, now).name}"
        case Action.TRY_AGAIN:
            unsent.release(row)
            return f"{row.name} is sent as it is"


def _ask_whether_it_came(session: Session, task: Task) -> Question:
    row = session.get_one(Outbox, task.details["outbox_id"])
    facts = (Fact(label="Name", value=row.name), Fact(label="Route", value=row.route))
    return Question(
        lead=f"{task.title} {task.reason}",
        sections=(FactSection(title="The file", facts=facts),),
        fields=(radio("action", "What the partner says", (CAME, LOST), recommended=Arrival.CAME),),
        submit="Keep",
        consequences=("A receiver who has it after all knows it again by its control numbers.",),
    )


def _act_on_arrival(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    arrival = form.choice("action", Arrival)
    row = session.get_one(Outbox, task.details["outbox_id"])
    subjects.lock(session, task.subject).is_open = False
    match arrival:
        case Arrival.CAME:
            return f"The partner has {row.name}"
        case Arrival.LOST:
            file_resends.send_again(session, row, task.reason, by, now, insists=False)
            return f"{row.name} is sent once more"


def _ask_enrolment(session: Session, task: Task, now: Moment) -> Question:
    row = session.get_one(Enrolment, task.details["enrolment_id"])
    waiting = enrolment_keeping.claims_waiting(session, row)
    return Question(
        lead=f"{task.title}: {task.reason}",
        sections=(
            FactSection(
                title="The enrolment",
                facts=(
                    Fact(label="Payer", value=row.payer.name),
                    Fact(label="Transaction", value=row.transaction_set),
                    Fact(
                        label="Stands at", value=f"{enrolments.WORDS[row.status]}, {row.since_on}"
                    ),
                    Fact(label="Claims that wait", value=str(waiting)),
                ),
            ),
        ),
        fields=(
            radio(
                "status",
                "It stands now at",
                tuple(Option(value=key, label=words) for key, words in enrolments.WORDS.items()),
                recommended="production",
            ),
        ),
        submit="Keep",
        consequences=("What waits goes with the next batch once the payer takes it.",),
    )


def _act_on_enrolment(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    row = session.get_one(Enrolment, task.details["enrolment_id"])
    status = form.text("status") or ""
    if status not in enrolments.WORDS:
        raise Refused.of("status", "Choose where the enrolment stands.")
    subjects.lock(session, task.subject).is_open = False
    enrolment_keeping.move(session, row, status, now, by, withdraw=False)
    return f"{row.transaction_set} with {row.payer.name}: {enrolments.WORDS[status]}"
