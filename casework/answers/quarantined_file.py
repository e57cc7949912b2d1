"""A file that cannot be used: why, in words; it is used later only if what it lacked was added."""

from enum import StrEnum

from sqlalchemy.orm import Session

from casework import inbox, quarantine, subjects, waits
from casework.answers.form import Form
from casework.moment import Moment
from casework.refusals import Refused
from db.models import RawFile, Task, User
from domain.questions import Fact, FactSection, Option, Question, radio


class Action(StrEnum):
    ASKED_AGAIN = "asked_again"
    TAKE_IN = "take_in"
    SET_ASIDE = "set_aside"


ASKED_AGAIN = Option(
    value=Action.ASKED_AGAIN,
    label="The sender was asked for it again",
    because="A new file is taken in when it comes.",
)
TAKE_IN = Option(
    value=Action.TAKE_IN, label="Take it in now", because="What it lacked here was added since."
)
SET_ASIDE = Option(value=Action.SET_ASIDE, label="Set it aside for good")

_WORDS = {
    Action.ASKED_AGAIN: "The sender was asked for the file again",
    Action.SET_ASIDE: "The file was set aside",
}
_NOTHING_LEFT = "There is nothing in it to take in"
_CAME_MEANWHILE = "Nothing was left to take in: its payment came in another file meanwhile"


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
                if _is_curable(task)
                else (ASKED_AGAIN, SET_ASIDE),
                recommended=Action.ASKED_AGAIN,
            ),
        ),
        submit="Close",
        consequences=("Nothing of the damaged part is ever used.",),
    )


def act(session: Session, task: Task, form: Form, _by: User, now: Moment) -> str:
    action = form.choice("action", Action)
    words = _take_in(session, task, now) if action is Action.TAKE_IN else _WORDS[action]
    waits.close_if_none(session, subjects.lock(session, task.subject))
    return words


def _take_in(session: Session, task: Task, now: Moment) -> str:
    if not _is_curable(task):
        raise Refused.of("action", "The file itself is damaged; ask for it again.")
    file, sets = session.get_one(RawFile, task.raw_file_id), task.details.get("sets")
    places = None if sets is None else {(interchange, number) for interchange, number in sets}
    judged = inbox.take_in_again(session, file, places, now)
    is_owed = judged.verdict is inbox.Verdict.QUARANTINED
    if judged.heard and is_owed:
        return "Part of the file was taken in after all; the rest is still in quarantine"
    if judged.heard:
        return "The file was taken in after all"
    if judged.asked:
        return "Nothing of it could be used: a payment out of balance has a task of its own"
    if is_owed:
        raise Refused.of("action", judged.sentences[-1], Action.ASKED_AGAIN)
    return _NOTHING_LEFT if sets else _CAME_MEANWHILE


def _is_curable(task: Task) -> bool:
    """Some of it lacks only what can be added here. Tasks of the first release name no sets."""
    details = task.details
    return bool(details.get("sets", details.get("case") == quarantine.UNKNOWN_PAYER))


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
