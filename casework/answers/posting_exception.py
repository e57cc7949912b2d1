"""A posting exception: an answer, a file or an acknowledgment that software alone cannot place."""

from collections.abc import Callable, Mapping
from typing import assert_never

from sqlalchemy.orm import Session

from casework import waits
from casework.answers import namesake, posting_answer, unmatched_answer, unread_ack
from casework.answers.form import Form
from casework.answers.posting_figures import arithmetic_sections
from casework.moment import Moment
from casework.posting.cases import ExceptionCase
from casework.subjects import lock
from db.models import Task, User
from domain.questions import Fact, FactSection, Field, Option, Question, radio

ASKED_AGAIN, SET_ASIDE, STANDS, NOT_OURS = "asked_again", "set_aside", "stands", "not_ours"
_PAPER = {
    STANDS: "What was keyed from paper stands; the file posts nothing",
    ASKED_AGAIN: "The payer was asked; what was keyed from paper stands until it answers",
}


def ask(session: Session, task: Task, now: Moment) -> Question:
    case = ExceptionCase(task.details["case"])
    match case:
        case (
            ExceptionCase.OUT_OF_BALANCE
            | ExceptionCase.REJECTED_AFTER_835
            | ExceptionCase.FOREIGN_ACK
            | ExceptionCase.UNREAD_ACK
            | ExceptionCase.NAMESAKE
            | ExceptionCase.KEYED_DIFFERS
        ):
            asked = _ASKED_OF_TASK[case](task)
        case ExceptionCase.UNMATCHED_ANSWER:
            asked = unmatched_answer.ask(session, task)
        case (
            ExceptionCase.UNMATCHED
            | ExceptionCase.OTHER_PAYER
            | ExceptionCase.UNKNOWN_CODE
            | ExceptionCase.LINE
            | ExceptionCase.CHARGE
            | ExceptionCase.OVERPOSTED
            | ExceptionCase.REVERSAL_DIFFERS
            | ExceptionCase.EARLY_REVERSAL
        ):
            asked = posting_answer.ask(session, task, now)
        case _:
            assert_never(case)
    return asked


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    case = ExceptionCase(task.details["case"])
    match case:
        case ExceptionCase.OUT_OF_BALANCE:
            form.one_of("action", [ASKED_AGAIN, SET_ASIDE])
            waits.close_if_none(session, lock(session, task.subject))
            words = "The file is not used; a corrected one is taken in when it comes"
        case ExceptionCase.REJECTED_AFTER_835:
            form.one_of("action", [STANDS])
            words = "The remittance stands; the late rejection was noted"
        case ExceptionCase.FOREIGN_ACK:
            form.one_of("action", [NOT_OURS])
            waits.close_if_none(session, lock(session, task.subject))
            words = "The acknowledgment is not about a claim of ours"
        case ExceptionCase.UNMATCHED_ANSWER:
            words = unmatched_answer.act(session, task, form, now)
        case ExceptionCase.UNREAD_ACK:
            words = unread_ack.act(session, task, form, now)
        case ExceptionCase.NAMESAKE:
            words = namesake.act(session, task, form, now)
        case ExceptionCase.KEYED_DIFFERS:
            action = form.one_of("action", [STANDS, ASKED_AGAIN])
            waits.close_if_none(session, lock(session, task.subject))
            words = _PAPER[action]
        case _:
            words = posting_answer.act(session, task, form, by, now)
    return words


def _ask_about_balance(task: Task) -> Question:
    details = task.details
    return Question(
        lead=f"{task.title}: nothing of {details['file']} was posted.",
        sections=arithmetic_sections(details["arithmetic"], details["rows"]),
        fields=(
            _action(
                Option(
                    value=ASKED_AGAIN,
                    label="The payer was asked for a corrected file",
                    because="It posts when it comes, under the same trace number.",
                ),
                Option(value=SET_ASIDE, label="Set the file aside for good"),
            ),
        ),
        submit="Close",
        consequences=("No money is posted by this answer.",),
    )


def _ask_about_rejection(task: Task) -> Question:
    details = task.details
    return Question(
        lead=f"{task.title}.",
        sections=(
            FactSection(
                title="The late rejection",
                facts=(
                    Fact(label="Control number", value=details["pcn"]),
                    Fact(label="Source", value=details["source"]),
                    Fact(label="What it says", value=details["words"]),
                ),
            ),
        ),
        fields=(
            _action(
                Option(
                    value=STANDS,
                    label="The remittance stands",
                    because="An adjudicated claim was not rejected.",
                )
            ),
        ),
        submit="Note it",
        consequences=("Nothing that was posted changes.",),
    )


def _ask_about_acknowledgment(task: Task) -> Question:
    pcns = task.details["pcns"]
    kinds = task.details.get("kinds") or ["277CA"] * len(pcns)
    return Question(
        lead=f"{task.title}.",
        sections=(
            FactSection(
                title="Numbers that are not ours",
                facts=tuple(
                    Fact(label=f"{n}. {kind}", value=pcn or "none")
                    for n, (kind, pcn) in enumerate(zip(kinds, pcns, strict=True), 1)
                ),
            ),
        ),
        fields=(_action(Option(value=NOT_OURS, label="They are not ours")),),
        submit="Close",
        consequences=("No claim changes.",),
    )


def _ask_about_paper(task: Task) -> Question:
    details = task.details
    shown, count = details["differences"], details["count"]
    return Question(
        lead=f"{task.title}: remittance {details['trace_number']}.",
        sections=(
            FactSection(
                title="What differs" if count == len(shown) else f"The first of {count}",
                facts=tuple(Fact(label=f"{n}.", value=each) for n, each in enumerate(shown, 1)),
            ),
        ),
        fields=(
            _action(
                Option(
                    value=ASKED_AGAIN,
                    label="The payer was asked which of the two is right",
                    because="Where the paper is wrong, it takes its answer back and sends another.",
                ),
                Option(value=STANDS, label="What was keyed stands"),
            ),
        ),
        submit="Close",
        consequences=("What was keyed is posted and stays so; the file posts nothing.",),
    )


def _action(*options: Option) -> Field:
    """The first option is the recommended one."""
    return radio("action", "What was done", options, recommended=options[0].value)


# The task itself holds all that there is to ask.
_ASKED_OF_TASK: Mapping[ExceptionCase, Callable[[Task], Question]] = {
    ExceptionCase.OUT_OF_BALANCE: _ask_about_balance,
    ExceptionCase.REJECTED_AFTER_835: _ask_about_rejection,
    ExceptionCase.FOREIGN_ACK: _ask_about_acknowledgment,
    ExceptionCase.UNREAD_ACK: unread_ack.ask,
    ExceptionCase.NAMESAKE: namesake.ask,
    ExceptionCase.KEYED_DIFFERS: _ask_about_paper,
}
