"""A balance that three notices did not bring in: plan, one more notice, hardship, or give it up."""

import datetime as dt
from enum import StrEnum

from sqlalchemy.orm import Session

from casework import patients, write_offs
from casework.answers.form import Form
from casework.moment import Moment
from casework.patients import statements
from casework.patients.account import plans
from casework.patients.account_subjects import guarantor_of
from casework.patients.plans import billed
from casework.refusals import Refused
from casework.write_offs import Part
from db.models import Encounter, Guarantor, Task, User
from domain.denials import WriteOffReason
from domain.dunning import (
    INSTALMENTS_MAX,
    INSTALMENTS_WITHOUT_DISCLOSURE,
    Bill,
    SendNotice,
    asked_for,
    instalments,
    notice_kind,
    recommends_plan,
)
from domain.money import dollars
from domain.questions import Fact, FactSection, Field, FieldKind, Option, Question, radio

FIRST_INSTALMENT_IN = dt.timedelta(days=14)


class Route(StrEnum):
    PLAN = "plan"
    REMINDER = "reminder"
    HARDSHIP = "hardship"
    BAD_DEBT = "bad_debt"


ROUTES = (
    Option(
        value=Route.PLAN,
        label="Agree on a payment plan",
        because="A larger balance is easier paid in parts.",
    ),
    Option(value=Route.REMINDER, label="Send one more notice"),
    Option(
        value=Route.HARDSHIP,
        label="Write off: hardship",
        because="The patient has shown that they cannot pay.",
    ),
    Option(
        value=Route.BAD_DEBT,
        label="Write off: bad debt",
        because="Asked three times without an answer.",
    ),
)
WRITE_OFF_ROUTES = (Route.HARDSHIP, Route.BAD_DEBT)


def ask(session: Session, task: Task, now: Moment) -> Question:
    guarantor = guarantor_of(session, task.subject)
    bills = _bills(session, task, now)
    cents = sum(bill.cents for bill in bills)
    was_offered = bool(plans(session, guarantor))
    is_plan = recommends_plan(cents, was_offered=was_offered)
    recommended = Route.PLAN if is_plan else Route.BAD_DEBT
    return Question(
        lead=f"{dollars(cents)} has not been paid after the last notice. How do we go on?",
        sections=(_owed(session, bills), _history(guarantor, was_offered=was_offered)),
        fields=(
            radio("route", "Decision", ROUTES, recommended=recommended),
            *_plan_fields(now),
            _note_field(),
        ),
        submit="Decide",
        consequences=(
            "A plan stops all reminders while it is kept.",
            "A write-off above the limit waits for a second person.",
        ),
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    guarantor = guarantor_of(session, task.subject)
    route = form.choice("route", Route)
    bills = _bills(session, task, now)
    if not bills:
        raise Refused.of("route", "Nothing of this balance is owed any more.")
    match route:
        case Route.PLAN:
            return _agree(session, guarantor, form, now)
        case Route.REMINDER:
            return _remind(session, guarantor, task, now)
        case Route.HARDSHIP | Route.BAD_DEBT:
            note = form.text("note", required="Say why this is given up.")
            return _give_up(session, guarantor, bills, WriteOffReason(route), note, by, now)


def _agree(session: Session, guarantor: Guarantor, form: Form, now: Moment) -> str:
    allowed = [str(count) for count in range(2, INSTALMENTS_MAX + 1)]
    count = int(form.one_of("instalments", allowed))
    if count > INSTALMENTS_WITHOUT_DISCLOSURE and not form.is_checked("disclosure"):
        raise Refused.of(
            "instalments",
            "More than four instalments may be credit under the Truth in Lending Act: choose at "
            "most four, or confirm that the disclosure was given.",
            str(INSTALMENTS_WITHOUT_DISCLOSURE),
        )
    cents = sum(bill.cents for bill in billed(session, guarantor, now))
    parts = instalments(cents, count, form.date("first_on"))
    patients.agree_plan(session, guarantor, parts, now)
    return f"Agreed on {count} instalments over {dollars(cents)}, the first on {parts[0].due_on}"


def _remind(session: Session, guarantor: Guarantor, task: Task, now: Moment) -> str:
    bills = asked_for(patients.read_account(session, guarantor, now))
    cycle = int(task.details["cycle"]) + 1
    notice = SendNotice(
        run=int(task.details["run"]), cycle=cycle, kind=notice_kind(cycle), bills=bills
    )
    row = statements.issue(session, guarantor, notice, now)
    return f"Sent one more notice, {row.statement_no}"


def _give_up(
    session: Session,
    guarantor: Guarantor,
    bills: tuple[Bill, ...],
    reason: WriteOffReason,
    note: str,
    by: User,
    now: Moment,
) -> str:
    """Each encounter is a write-off of its own; our fees just go, they were never earned."""
    parts = [
        Part(encounter=session.get_one(Encounter, bill.encounter_id), cents=bill.cents)
        for bill in bills
        if bill.encounter_id is not None
    ]
    not_yet = write_offs.ask_all(
        session, parts, side="patient", reason=reason, note=note, by=by, now=now
    )
    waived = patients.waive_fees(session, guarantor, now, by=by)
    words = f"Gave up {dollars(sum(part.cents for part in parts))}: {reason.replace('_', ' ')}"
    fees = f"; waived fees of {dollars(waived)}" if waived else ""
    return f"{words}{fees}{not_yet}"


def _bills(session: Session, task: Task, now: Moment) -> tuple[Bill, ...]:
    account = patients.read_account(session, guarantor_of(session, task.subject), now)
    run = task.details["run"]
    return tuple(b for b in account.bills if b.run == run and not b.is_in_question)


def _owed(session: Session, bills: tuple[Bill, ...]) -> FactSection:
    return FactSection(
        title="What is owed",
        columns=("Encounter", "Date of service", "Patient owes"),
        rows=tuple(_row(session, bill) for bill in bills),
    )


def _row(session: Session, bill: Bill) -> tuple[str, ...]:
    if bill.encounter_id is None:
        return ("Fees for returned checks", "", dollars(bill.cents))
    encounter = session.get_one(Encounter, bill.encounter_id)
    return (encounter.encounter_no, str(encounter.service_on), dollars(bill.cents))


def _history(guarantor: Guarantor, *, was_offered: bool) -> FactSection:
    return FactSection(
        title="Account",
        facts=(
            Fact(label="Account", value=guarantor.account_no),
            Fact(label="Payment plan", value="tried before" if was_offered else "never offered"),
        ),
    )


def _plan_fields(now: Moment) -> tuple[Field, ...]:
    only_plan = ("route", (Route.PLAN.value,))
    counts = range(2, INSTALMENTS_MAX + 1)
    return (
        Field(
            name="instalments",
            label="Instalments",
            kind=FieldKind.SELECT,
            values=(str(INSTALMENTS_WITHOUT_DISCLOSURE),),
            options=tuple(Option(value=str(count), label=str(count)) for count in counts),
            hint="Thirty days apart.",
            is_required=False,
            depends_on=only_plan,
        ),
        Field(
            name="first_on",
            label="First instalment due",
            kind=FieldKind.DATE,
            values=((now.today + FIRST_INSTALMENT_IN).isoformat(),),
            is_required=False,
            depends_on=only_plan,
        ),
        Field(
            name="disclosure",
            label="More than four: the Truth in Lending disclosure was given",
            kind=FieldKind.CHECKBOX,
            is_required=False,
            depends_on=only_plan,
        ),
    )


def _note_field() -> Field:
    return Field(
        name="note",
        label="Why it is given up",
        kind=FieldKind.TEXTAREA,
        values=("Three notices went unanswered.",),
        is_required=False,
        depends_on=("route", tuple(route.value for route in WRITE_OFF_ROUTES)),
    )
