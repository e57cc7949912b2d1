"""`claimflow routes quarantine`: files that cannot be used, why, and what is done about each; what
is done answers the same task as the page *Quarantine*, under the name of whoever does it."""

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from casework import answers
from casework.answers.quarantined_file import Action
from casework.moment import moment
from commands.acting import by_options, given, person, refusals_told
from commands.database import opened
from commands.failure import CommandFailed
from commands.screen import columns, plural, say, say_json
from db.models import RawFile, Task
from domain.questions import Option, Question
from domain.tasks import TaskKind, TaskStatus
from settings import load_settings

LISTED_MAX = 200
HEADING = ("number", "file", "route", "came", "due", "what is wrong")


@click.group()
def quarantine() -> None:
    """Files from outside that cannot be used: list them, see why, and say what was done.

    Each is an administrator's task; a file whose amounts do not balance is a biller's, in Posting.
    """


@quarantine.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for a program.")
@click.pass_obj
def list_files(home: Path, as_json: bool) -> None:
    """Every file that waits for somebody, by the number that the other verbs take."""
    with opened(load_settings(home), "claimflow_web") as sessions, sessions() as session:
        zone = moment(session).zone
        found = session.execute(_waiting().limit(LISTED_MAX + 1)).all()
    rows = [_facts(task, file, zone) for task, file in found[:LISTED_MAX]]
    if as_json:
        say_json(rows)
        return
    if not rows:
        say("No file waits in quarantine.")
        return
    for line in columns([HEADING, *(tuple(row.values()) for row in rows)], right=[0]):
        say(line)
    if len(found) > LISTED_MAX:
        say(f"… and more than these {plural(LISTED_MAX, 'file')}.")


@quarantine.command()
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for a program.")
@click.pass_obj
def show(home: Path, number: int, as_json: bool) -> None:
    """All that is wrong with a file, and what may be done about it."""
    with opened(load_settings(home), "claimflow_web") as sessions, sessions() as session:
        question = answers.question(session, _task(session, number))
    if as_json:
        say_json({"number": number, "lead": question.lead, "sections": question.sections,
                  "choices": [option.value for option in _choices(question)]})  # fmt: skip
        return
    for line in _lines(number, question):
        say(line)


@quarantine.command("take-in")
@click.argument("number", type=int)
@by_options
@click.pass_obj
def take_in(home: Path, number: int, username: str, *, is_piped: bool) -> None:
    """Take a file in after all, once its payer is there or the mark of its route is mended."""
    _answer(home, number, Action.TAKE_IN, username, is_piped=is_piped)


@quarantine.command("asked-again")
@click.argument("number", type=int)
@by_options
@click.pass_obj
def asked_again(home: Path, number: int, username: str, *, is_piped: bool) -> None:
    """Say that the sender was asked for the file again; the new one is taken in when it comes."""
    _answer(home, number, Action.ASKED_AGAIN, username, is_piped=is_piped)


@quarantine.command("set-aside")
@click.argument("number", type=int)
@by_options
@click.pass_obj
def set_aside(home: Path, number: int, username: str, *, is_piped: bool) -> None:
    """Set a file aside for good."""
    _answer(home, number, Action.SET_ASIDE, username, is_piped=is_piped)


def _answer(home: Path, number: int, action: Action, username: str, *, is_piped: bool) -> None:
    password = given(is_piped=is_piped)
    with (
        refusals_told(),
        opened(load_settings(home), "claimflow_web") as sessions,
        sessions.begin() as session,
    ):
        by, task = person(session, username, password), _task(session, number)
        form = {"action": [action]}
        done = answers.answer(session, task.uuid, version=task.version, form=form, by=by)
    say(f"{done.words}.")


def _waiting() -> Select[Task, RawFile]:
    return (
        select(Task, RawFile)
        .join(RawFile, RawFile.id == Task.raw_file_id)
        .where(Task.kind == TaskKind.QUARANTINED_FILE, Task.status == TaskStatus.OPEN)
        .order_by(Task.due_on, Task.id)
    )


def _task(session: Session, number: int) -> Task:
    found = session.execute(_waiting().where(RawFile.id == number).limit(1)).first()
    if found is None:
        words = "“claimflow routes quarantine list” shows which do."
        raise CommandFailed(f"No file {number} waits in quarantine: {words}")
    task: Task = found[0]
    return task


def _facts(task: Task, file: RawFile, zone: ZoneInfo) -> dict[str, str]:
    return {
        "number": str(file.id),
        "file": file.name,
        "route": file.route,
        "came": f"{file.received_at.astimezone(zone):%Y-%m-%d %H:%M}",
        "due": task.due_on.isoformat(),
        "what_is_wrong": task.reason.removeprefix(f"{file.name}: "),
    }


def _lines(number: int, question: Question) -> list[str]:
    lines = [question.lead]
    for section in question.sections:
        lines += ["", section.title]
        lines += [f"  {fact.label} {fact.value}" for fact in section.facts]
    lines += ["", "What may be done"]
    return lines + [
        f"  claimflow routes quarantine {option.value.replace('_', '-')} {number} --by NAME"
        for option in _choices(question)
    ]


def _choices(question: Question) -> Sequence[Option]:
    return question.fields[0].options
