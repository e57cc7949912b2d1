"""A payer decided an appeal by letter: a person keys what it says, and the claim goes on."""

import datetime as dt
from enum import StrEnum

from sqlalchemy.orm import Session

from casework import appeal_windows, mail, subjects, waits
from casework.answers.form import Form
from casework.moment import Moment
from casework.refusals import Refused
from casework.waits import WaitKind
from db.models import AppealCase, RawFile, Task, User
from domain.denials import DenialStatus
from domain.encounter import ClaimStage
from domain.money import dollars
from domain.questions import Fact, FactSection, Field, FieldKind, Option, Question, radio


class Decision(StrEnum):
    UPHELD = "upheld"
    OVERTURNED = "overturned"


def ask(session: Session, task: Task, now: Moment) -> Question:
    case = session.get_one(AppealCase, task.details["case_id"])
    file = session.get_one(RawFile, task.raw_file_id)
    said = Decision(task.details["decision"] or Decision.UPHELD)
    return Question(
        lead=f"{case.claim.payer.name} answered our {case.kind} {case.reference} by letter.",
        sections=(_case(case), FactSection(title="The letter", text=mail.text_of(file))),
        fields=(
            radio("decision", "The payer's decision", _decisions(said), recommended=said),
            _date_field(task, case, now),
        ),
        submit="Record the decision",
        consequences=(
            "Upheld: the refused amount is asked about again, one level further.",
            "Overturned: we wait for the payer's remittance.",
        ),
    )


def act(session: Session, task: Task, form: Form, _by: User, now: Moment) -> str:
    decision = form.choice("decision", Decision)
    decided_on = form.date("decided_on")
    if decided_on > now.today:
        raise Refused.of("decided_on", "A letter cannot be of a later day.", now.today.isoformat())
    case = session.get_one(AppealCase, task.details["case_id"])
    if case.sent_at is not None and decided_on < case.sent_at.astimezone(now.zone).date():
        raise Refused.of("decided_on", "The letter cannot be older than our appeal.")
    if case.status != "sent":
        return f"{case.reference} had been decided meanwhile; the letter was filed"
    case.decided_at, case.decided_on = now.at, decided_on
    if decision is Decision.UPHELD:
        return _lose(session, case)
    return _win(session, case, now)


def _lose(session: Session, case: AppealCase) -> str:
    case.status = "lost"
    for link in case.denials:
        if link.denial.status is not DenialStatus.RESOLVED:
            link.denial.status = DenialStatus.OPEN
    case.claim.stage = ClaimStage.ADJUDICATED
    session.flush()
    return f"{case.claim.payer.name} upheld its denial ({case.reference})"


def _win(session: Session, case: AppealCase, now: Moment) -> str:
    """The case stays sent until the remittance proves the letter."""
    claim = case.claim
    case.decided_at = None
    waits.begin(
        session,
        subjects.encounter_key(claim.encounter),
        WaitKind.MESSAGE,
        f"{claim.payer.name}'s remittance after its letter",
        until_at=now.end_of(now.today + dt.timedelta(days=claim.payer.usual_days)),
        then_what="a biller asks where the money is",
        now=now,
        claim_id=claim.id,
    )
    return f"{claim.payer.name} overturned its denial ({case.reference}); its remittance is awaited"


def _case(case: AppealCase) -> FactSection:
    amount = sum(link.denial.amount_cents for link in case.denials)
    refused = ", ".join(
        dict.fromkeys(f"{link.denial.group_code}-{link.denial.carc}" for link in case.denials)
    )
    return FactSection(
        title="What we asked",
        facts=(
            Fact(label="Reference", value=case.reference or ""),
            Fact(label="Kind and level", value=f"{case.kind}, level {case.level}"),
            Fact(label="Refused", value=f"{dollars(amount)} ({refused})"),
            Fact(label="Sent", value=f"{case.sent_at:%Y-%m-%d}" if case.sent_at else "not yet"),
        ),
    )


def _decisions(said: Decision) -> tuple[Option, ...]:
    labels = {
        Decision.UPHELD: "Upheld: the denial stands",
        Decision.OVERTURNED: "Overturned: the payer will pay",
    }
    return tuple(
        Option(
            value=decision,
            label=label,
            because="This is what the letter says." if decision is said else "",
        )
        for decision, label in labels.items()
    )


def _date_field(task: Task, case: AppealCase, now: Moment) -> Field:
    return Field(
        name="decided_on",
        label="Date of the letter",
        kind=FieldKind.DATE,
        values=(_dated_on(task, case, now).isoformat(),),
        hint="The next level's deadline is counted from this date."
        if appeal_windows.climbs(case)
        else "",
    )


def _dated_on(task: Task, case: AppealCase, now: Moment) -> dt.date:
    said = task.details["dated_on"]
    dated_on = dt.date.fromisoformat(said) if said else now.today
    sent_on = case.sent_at.astimezone(now.zone).date() if case.sent_at else dated_on
    return max(min(dated_on, now.today), sent_on)
