"""A letter that names nothing of ours: a person says whose it is, or files it as general mail."""

from sqlalchemy.orm import Session

from casework import mail, subjects
from casework.answers.form import Form
from casework.moment import Moment
from db.models import Claim, RawFile, Task, User
from domain.parties import initials, last4
from domain.questions import FactSection, Option, Question, radio

GENERAL, NOT_OURS = "general", "not_ours"
CLAIM = "claim:"


def ask(session: Session, task: Task, _now: Moment) -> Question:
    file = session.get_one(RawFile, task.raw_file_id)
    return Question(
        lead="This letter has no reference of ours that it could answer.",
        sections=(FactSection(title="The letter", text=mail.text_of(file)),),
        fields=(radio("action", "Where it belongs", _options(session, file), recommended=GENERAL),),
        submit="File the letter",
        consequences=("The letter is kept; no claim changes its stage.",),
    )


def act(session: Session, task: Task, form: Form, _by: User, now: Moment) -> str:
    file = session.get_one(RawFile, task.raw_file_id)
    allowed = [option.value for option in _options(session, file)]
    action = form.one_of("action", allowed)
    subjects.lock(session, task.subject).is_open = False
    if action == NOT_OURS:
        return "The letter is not ours; it was sent back"
    claim = None
    if action.startswith(CLAIM):
        claim = session.get_one(Claim, int(action.removeprefix(CLAIM)))
    mail.file_with(session, file, now, claim=claim)
    return "The letter was filed with its claim" if claim else "The letter was filed"


def _options(session: Session, file: RawFile) -> tuple[Option, ...]:
    return (
        Option(
            value=GENERAL,
            label="General correspondence",
            because="It asks nothing of us about one claim.",
        ),
        *(_claim(claim) for claim in mail.candidates(session, mail.text_of(file))),
        Option(value=NOT_OURS, label="Not ours: send it back"),
    )


def _claim(claim: Claim) -> Option:
    patient = claim.encounter.patient
    who = f"{initials(patient.first_name, patient.last_name)} {last4(patient.mrn)}"
    return Option(
        value=f"{CLAIM}{claim.id}",
        label=f"{claim.encounter.encounter_no}, {who}, {claim.encounter.service_on}",
        because=f"claim to {claim.payer.name}",
    )
