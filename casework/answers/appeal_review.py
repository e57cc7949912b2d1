"""A biller reads the drafted letter, changes its argument where needed, signs and sends it."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from casework import appeals
from casework.answers import claim_facts
from casework.answers.form import Form
from casework.moment import Moment
from casework.refusals import Refused
from db.models import AppealCase, Claim, Task, User
from domain.correspondence import AppealLetter, AppealLine
from domain.denials import DenialStatus
from domain.encounter import ClaimStage
from domain.money import dollars
from domain.questions import FactSection, Field, FieldKind, Option, Question, radio
from forms.words import in_words

SEND, STOP = "send", "stop"
SEND_IT = Option(value=SEND, label="Sign and send it")
STOP_IT = Option(value=STOP, label="Do not send it: decide the denial again")


def ask(session: Session, task: Task, now: Moment) -> Question:
    case = session.get_one(AppealCase, task.details["case_id"])
    letter = appeals.letter(session, case, None, now)
    claim = session.get_one(Claim, case.claim_id)
    is_late = appeals.is_past_window(case, now)
    return Question(
        lead=f"{task.reason} That day has passed: it can no longer be sent."
        if is_late
        else task.reason,
        sections=(
            FactSection(
                title="Letter",
                aside=f"{f'level {case.level}, ' if case.level else ''}to {claim.payer.name}",
                text="\n".join(_lines(letter)),
            ),
            claim_facts.refusals(appeals.denials_of(session, case)),
            claim_facts.lines(session, claim),
        ),
        fields=(_stop_only(),) if is_late else _send_or_stop(case),
        submit="Decide" if is_late else "Send",
        consequences=("The letter is locked once it is sent, and kept with its hash.",),
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    case = session.get_one(AppealCase, task.details["case_id"])
    claim = session.get_one(Claim, case.claim_id)
    if form.one_of("action", (SEND, STOP)) == SEND:
        if appeals.is_past_window(case, now):
            raise Refused.of("action", f"It had to be filed by {case.due_on}: decide again.", STOP)
        argument = form.text("argument", required="Write why the payer should pay.")
        appeals.send(session, case, argument, by, now)
        return f"{by.full_name} signed and sent the {case.kind} to {claim.payer.name}"
    case.status = "withdrawn"
    case.decided_at = now.at
    for denial in appeals.denials_of(session, case):
        denial.status = DenialStatus.OPEN
        denial.route = None
    claim.stage = ClaimStage.ADJUDICATED
    return f"{by.full_name} stopped the {case.kind}"


def _send_or_stop(case: AppealCase) -> tuple[Field, ...]:
    return (
        radio("action", "Decide", (SEND_IT, STOP_IT), recommended=SEND),
        Field(
            name="argument",
            label="Argument",
            kind=FieldKind.TEXTAREA,
            values=(case.argument,),
            depends_on=("action", (SEND,)),
        ),
    )


def _lines(letter: AppealLetter) -> Iterator[str]:
    """What will be signed, without the patient's name: the letter's own lines."""
    yield from letter.payer.lines
    yield from ("", f"Claim {letter.payer_claim_number}, service of {in_words(letter.service_on)}")
    yield from map(_named, letter.lines)
    yield from ("", letter.argument, "")
    yield from (f"Enclosed: {item}" for item in letter.enclosures)


def _named(line: AppealLine) -> str:
    """A refused line as the letter lists it."""
    return f"{line.code}, {dollars(line.denied_cents)}: {line.reason_code} {line.reason_words}"


def _stop_only() -> Field:
    return radio("action", "Decide", (STOP_IT,), recommended=STOP)
