"""A file that cannot be used: why, in words; it is used later only if what it lacked was added."""

from enum import StrEnum

from sqlalchemy.orm import Session

from casework import inbox, subjects
from casework.answers.form import Form
from casework.moment import Moment
from casework.refusals import Refused
from db.models import RawFile, Task, User
from domain.questions import Fact, FactSection, Option, Question, radio


class Action(StrEnum):
    ASKED_AGAIN = "asked_again"
    TAKE_IN = "take_in"
    SET_ASIDE = "set_aside"


# Only this fault can be cured on our side: the payer was added since.
CURABLE = "unknown_payer"
ASKED_AGAIN = Option(
    value=Action.ASKED_AGAIN,
    label="The sender was asked for it again",
    because="A new file is taken in when it comes.",
)
TAKE_IN = Option(
    value=Action.TAKE_IN, label="Take it in now", because="The payer has been added since."
)
SET_ASIDE = Option(value=Action.SET_ASIDE, label="Set it aside for good")


def ask(session: Session, task: Task, now: Moment) -> Question:
    file = session.get_one(RawFile, task.raw_file_id)
    details = task.details
    found = [*details.get("findings", [task.reason]), *details.get("others", [])]
    return Question(
        lead=f"{task.title}: {task.reason}",
        sections=(
            _file(file, now),
            FactSection(
                title="What is wrong",
                facts=tuple(Fact(label=f"{n}.", value=words) for n, words in enumerate(found, 1)),
            ),
        ),
        fields=(
            radio(
                "action",
                "What was done",
                (ASKED_AGAIN, TAKE_IN, SET_ASIDE)
                if details.get("case") == CURABLE
                else (ASKED_AGAIN, SET_ASIDE),
                recommended=Action.ASKED_AGAIN,
            ),
        ),
        submit="Close",
        consequences=("Nothing of the damaged part is ever used.",),
    )


def act(session: Session, task: Task, form: Form, _by: User, now: Moment) -> str:
    action = form.choice("action", Action)
    file = session.get_one(RawFile, task.raw_file_id)
    if action is Action.TAKE_IN:
        if task.details.get("case") != CURABLE:
            raise Refused.of("action", "The file itself is damaged; ask for it again.")
        judged = inbox.take_in_again(session, file, now)
        if judged.verdict is inbox.Verdict.QUARANTINED:
            raise Refused.of("action", judged.sentences[-1], Action.ASKED_AGAIN)
    subjects.lock(session, task.subject).is_open = False
    match action:
        case Action.ASKED_AGAIN:
            return "The sender was asked for the file again"
        case Action.TAKE_IN:
            return "The file was taken in after all"
        case Action.SET_ASIDE:
            return "The file was set aside"


def _file(file: RawFile, now: Moment) -> FactSection:
    came_at = file.received_at.astimezone(now.zone)
    return FactSection(
        title="The file",
        facts=(
            Fact(label="Name", value=file.name),
            Fact(label="Route", value=file.route),
            Fact(label="Received", value=f"{came_at:%Y-%m-%d %H:%M}"),
            Fact(label="Size", value=f"{len(file.content)} bytes"),
        ),
    )
