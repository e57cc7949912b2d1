"""An 835 with the name of one that came before, which says something else: a person says whether it
is another payment."""

from sqlalchemy.orm import Session

from casework import namesakes, subjects, waits
from casework.answers.form import Form
from casework.moment import Moment
from db.models import RawFile, Task
from domain.questions import Fact, FactSection, Option, Question, radio

ANOTHER, SAME = "another", "same"


def ask(task: Task) -> Question:
    details = task.details
    return Question(
        lead=f"{task.title}: remittance {details['trace_number']}.",
        sections=(
            _section("What is the same", details["same"]),
            _section("What differs", details["differences"]),
        ),
        fields=(
            radio(
                "action",
                "What the payer, or the bank, says it is",
                (
                    Option(
                        value=ANOTHER,
                        label="It is another payment: post it too",
                        because="Its money and its answers are posted beside those of the first.",
                    ),
                    Option(
                        value=SAME,
                        label="It is the payment that came first; this one posts nothing",
                        because="A correction comes as a reversal, or under a name of its own.",
                    ),
                ),
                recommended=ANOTHER if details["is_apart"] else SAME,
            ),
        ),
        submit="Settle it",
        consequences=("What came first is posted and stays so.",),
    )


def act(session: Session, task: Task, form: Form, now: Moment) -> str:
    words = "It is the payment that came first; this one posts nothing"
    if form.one_of("action", [ANOTHER, SAME]) == ANOTHER:
        file = session.get_one(RawFile, task.raw_file_id)
        words = namesakes.post(session, file, task.details["place"], now)
    waits.close_if_none(session, subjects.lock(session, task.subject))
    return words


def _section(title: str, words: list[str]) -> FactSection:
    facts = (Fact(label=f"{number}.", value=each) for number, each in enumerate(words, 1))
    return FactSection(title=title, facts=tuple(facts))
