"""No deadline without its test: each kind of task escalates on its own date, each wait ends."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, delete, select, update
from sqlalchemy.orm import Session

from casework import patients, stays, tasks
from casework.subjects import patient_balance_key
from casework.waits import WaitKind
from db.models import Claim, EligibilityCheck, FeeScheduleItem, Payer, Task, TaskLog, Wait
from domain.clock import add_business_days, business_date
from domain.encounter import ClaimStage, EncounterClass, Stage
from domain.steps import EncounterStep, StepRequest
from domain.tasks import TaskKind
from tests.workflows.clinic import SERVICE_ON
from tests.workflows.stand import Stand
from workflows import waiting

ZONE = ZoneInfo("America/Chicago")
CONTRACTUAL = ("CO", "45", 6300)
# Whose subject such a task belongs to.
OF_ENCOUNTERS = (
    TaskKind.CODING_REVIEW,
    TaskKind.PROVIDER_QUERY,
    TaskKind.REGISTRATION_FIX,
    TaskKind.MISSING_MASTER_DATA,
    TaskKind.EDIT_FIX,
    TaskKind.REJECTION,
    TaskKind.FOLLOW_UP,
    TaskKind.DENIAL,
    TaskKind.UNDERPAYMENT,
    TaskKind.APPEAL_REVIEW,
    TaskKind.APPEAL_DECISION,
    TaskKind.WRITE_OFF_APPROVAL,
    TaskKind.VOID_APPROVAL,
    TaskKind.POSTING_EXCEPTION,
    TaskKind.PORTAL_CLAIM,
)
OF_ACCOUNTS = (TaskKind.PATIENT_BALANCE, TaskKind.PATIENT_CREDIT, TaskKind.RETURNED_PAYMENT)
# Kept by dispatch, not by a workflow: tests/dispatch/test_reconcile.py.
OF_FILES = (TaskKind.QUARANTINED_FILE, TaskKind.MAIL_TO_SORT, TaskKind.EXCHANGE_PROBLEM)


def test_every_kind_of_task_has_its_test_here() -> None:
    assert sorted((*OF_ENCOUNTERS, *OF_ACCOUNTS, *OF_FILES)) == sorted(TaskKind)
    assert set(WaitKind) == {"task", "message", "timer", "batch", "money", "stay"}


@pytest.mark.parametrize("of_claim", [True, False])
def test_each_task_of_an_encounter_escalates_on_its_own_date(engine: Stand, of_claim: bool) -> None:
    """All at once, so that none can hide behind the later date of another."""
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())
    claim_id = clinic.claim(key).id
    with clinic.sessions.begin() as session:
        now, encounter = clinic.moment(session), clinic.encounter_row(session, key)
        due_on = {
            kind: tasks.open_task(
                session, kind, subject=key, cause="its date", title=f"A {kind}", reason="A test.",
                now=now, waits_in_claim=claim_id if of_claim else None, encounter_id=encounter.id,
            ).due_on
            for kind in OF_ENCOUNTERS
        }  # fmt: skip

    _look(engine, key)
    engine.skip_days(18)

    assert _escalated_on(engine, "its date") == {
        kind: day + dt.timedelta(days=1) for kind, day in due_on.items()
    }
    assert all(task.answered_at is None for task in clinic.open_tasks())
    assert clinic.claim(key).stage is ClaimStage.ACCEPTED


def test_an_unanswered_question_to_a_physician_is_escalated(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_coding(clinic.register(is_coded=False))
    clinic.answer(TaskKind.CODING_REVIEW, action="query", question="Which one was it?")
    engine.settle()
    (asked,) = clinic.open_tasks(TaskKind.PROVIDER_QUERY)

    _skip_past(engine, asked)

    (late,) = clinic.open_tasks()
    assert (late.id, late.is_escalated, late.answered_at) == (asked.id, True, None)
    assert clinic.stage(key) is Stage.CODING


def test_a_missing_price_is_escalated(engine: Stand, practice_url: str) -> None:
    clinic = engine.clinic
    owner = create_engine(practice_url)
    with Session(owner) as session, session.begin():
        session.execute(delete(FeeScheduleItem).where(FeeScheduleItem.code == "99213"))
    owner.dispose()
    key = engine.until_coding(clinic.register())
    (asked,) = clinic.open_tasks(TaskKind.MISSING_MASTER_DATA)

    _skip_past(engine, asked)

    (late,) = clinic.open_tasks()
    assert (late.id, late.is_escalated, late.answered_at) == (asked.id, True, None)
    assert clinic.stage(key) is Stage.CHARGES


def test_a_corrected_answer_that_stays_away_becomes_a_follow_up(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())
    engine.pays(key, CONTRACTUAL)
    engine.pays(key, CONTRACTUAL, status="22", sign=-1)
    awaited = clinic.claim(key)

    engine.skip_days(13)
    early = clinic.open_tasks()
    engine.skip_days(2)

    assert (awaited.stage, awaited.outcome) == (ClaimStage.ADJUDICATED, "awaits correction")
    assert early == []
    (task,) = clinic.open_tasks(TaskKind.FOLLOW_UP)
    assert task.reason == "The remittance neither paid nor refused this amount."
    assert clinic.claim(key).stage is ClaimStage.DENIED


def test_an_answer_that_waits_for_another_is_asked_about_and_then_escalated(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())
    engine.pays(key, CONTRACTUAL, status="22", sign=-1)
    received_on = clinic.today()
    (waiting,) = _waits(engine, "remittance:")

    engine.skip_to(_end_of(add_business_days(received_on, 3)) - dt.timedelta(hours=1))
    early = clinic.open_tasks()
    engine.skip(dt.timedelta(hours=2))
    (asked,) = clinic.open_tasks(TaskKind.POSTING_EXCEPTION)
    _skip_past(engine, asked)

    assert (waiting.kind, early) == (WaitKind.TIMER, [])
    assert asked.details["case"] == "early_reversal"
    (late,) = clinic.open_tasks(TaskKind.POSTING_EXCEPTION)
    assert (late.id, late.is_escalated, late.answered_at) == (asked.id, True, None)


def test_a_stay_of_which_no_discharge_is_heard_is_billed_after_its_month(
    engine: Stand, practice_url: str
) -> None:
    clinic = engine.clinic
    first, second = clinic.register(), clinic.register()
    _admit(engine, practice_url, first, second)
    engine.until_coding(first)
    waiting = [clinic.waits(key) for key in (first, second)]

    engine.skip_to(waiting[0][0].until_at - dt.timedelta(hours=1))
    with clinic.sessions() as session:
        early = session.scalars(select(Claim)).all()
    engine.skip_days(1)

    with clinic.sessions() as session:
        (claim,) = session.scalars(select(Claim)).all()
        billed = [visit.encounter_no for visit in stays.visits(session, claim)]
    assert [[wait.kind for wait in waits] for waits in waiting] == [["stay"], ["stay"]]
    waited_from_on = business_date(waiting[0][0].since_at, ZONE)
    assert waiting[0][0].until_at == _end_of(add_business_days(waited_from_on, 5))
    assert waited_from_on.month > SERVICE_ON.month
    assert early == []
    assert [f"encounter:{number}" for number in billed] == [first, second]


def _admit(engine: Stand, practice_url: str, *keys: str) -> None:
    """The first one's patient was in the hospital: all of these are visits of one stay."""
    with engine.clinic.sessions.begin() as session:
        rows = [engine.clinic.encounter_row(session, key) for key in keys]
        for row in rows:
            row.stay_no, row.encounter_class = "H7", EncounterClass.INPATIENT
            row.patient_id, row.guarantor_id = rows[0].patient_id, rows[0].guarantor_id
    owner = create_engine(practice_url)
    with Session(owner) as session, session.begin():
        session.execute(update(Payer).values(takes_stays_whole=True))
    owner.dispose()


def test_a_patient_who_never_pays_is_looked_at_again(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())
    engine.pays(key, CONTRACTUAL, ("PR", "3", 2000))
    (wait,) = clinic.waits(key)
    settled = clinic.steps(key).count("settle_with_patient")

    engine.skip_to(wait.until_at - dt.timedelta(days=1))
    before = clinic.steps(key).count("settle_with_patient")
    (balance,) = clinic.open_tasks(TaskKind.PATIENT_BALANCE)
    engine.skip_days(2)

    assert wait.kind == WaitKind.MONEY
    assert (settled, before) == (1, 1)
    assert balance.is_escalated
    assert balance.answered_at is None
    assert clinic.steps(key).count("settle_with_patient") == 2
    assert clinic.stage(key) is Stage.PATIENT


@pytest.mark.parametrize("kind", [TaskKind.PATIENT_CREDIT, TaskKind.RETURNED_PAYMENT])
def test_a_question_about_an_account_is_escalated(engine: Stand, kind: TaskKind) -> None:
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())
    engine.pays(key, CONTRACTUAL)
    with clinic.sessions.begin() as session:
        now, guarantor = clinic.moment(session), clinic.encounter_row(session, key).guarantor
        patients.receive_payment(session, guarantor, 5000, "check", now.today, "desk:1", now)
    engine.settle()
    if kind is TaskKind.RETURNED_PAYMENT:
        with clinic.sessions.begin() as session:
            now, guarantor = clinic.moment(session), clinic.encounter_row(session, key).guarantor
            account = patient_balance_key(guarantor)
            tasks.open_task(
                session, kind, subject=account, cause="test", title="A check came back",
                reason="A test.", now=now, guarantor_id=guarantor.id,
            )  # fmt: skip
        _look(engine, account)
    (asked,) = clinic.open_tasks(kind)

    _skip_past(engine, asked)

    (late,) = clinic.open_tasks(kind)
    assert (late.id, late.is_escalated, late.answered_at) == (asked.id, True, None)


def test_a_step_that_fails_for_long_succeeds_with_the_date_of_that_day(engine: Stand) -> None:
    """Its first request is long out of date by then."""
    clinic = engine.clinic

    key = _register_and_fail_for(engine, minutes=40)

    with clinic.sessions() as session:
        asked_at = session.scalars(select(EligibilityCheck.asked_at)).one()
        now = clinic.moment(session)
    assert now.at - asked_at < dt.timedelta(minutes=8)
    assert clinic.stage(key) is Stage.ELIGIBILITY
    assert "WorkflowExecutionFailed" not in engine.events(key)


def test_a_step_that_fails_for_long_does_not_fill_its_history(
    engine: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "HISTORY_MAX", 20)
    clinic = engine.clinic

    key = _register_and_fail_for(engine, minutes=20)

    assert len([run for run in engine.steps.runs if run[0] == key]) > 1
    assert clinic.steps(key).count("ask_eligibility") == 1
    assert clinic.stage(key) is Stage.ELIGIBILITY


# What is seen.


def _look(engine: Stand, key: str) -> None:
    """What a test wrote beside the workflow is news to it."""
    engine.run(engine.ring(key))
    engine.settle()


def _skip_past(engine: Stand, task: Task) -> None:
    """First to the last hour of its day, when nobody has been told yet."""
    engine.skip_to(_end_of(task.due_on) - dt.timedelta(hours=1))
    (waiting,) = [t for t in engine.clinic.open_tasks() if t.id == task.id]
    assert not waiting.is_escalated
    engine.skip(dt.timedelta(hours=2))


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=ZONE)


def _escalated_on(engine: Stand, cause: str) -> dict[TaskKind, dt.date]:
    """On which day each task with this cause was first escalated."""
    with engine.clinic.sessions() as session:
        rows = session.execute(
            select(Task.kind, TaskLog.at)
            .join(TaskLog, TaskLog.task_id == Task.id)
            .where(Task.cause == cause, TaskLog.action == "escalated")
            .order_by(TaskLog.id.desc())
        ).all()
    return {kind: business_date(at, ZONE) for kind, at in rows}


def _waits(engine: Stand, subject: str) -> list[Wait]:
    with engine.clinic.sessions() as session:
        return list(
            session.scalars(
                select(Wait).where(Wait.subject.startswith(subject), Wait.ended_at.is_(None))
            )
        )


def _register_and_fail_for(engine: Stand, *, minutes: int) -> str:
    """The first step fails for so long, then succeeds; returns the subject."""
    fails = [True]

    def fail(request: StepRequest) -> None:
        if fails and request.step is EncounterStep.ASK_ELIGIBILITY:
            raise RuntimeError("not yet")

    engine.steps.inside = fail
    key = engine.clinic.register()
    engine.run(engine.ring(key))
    engine.run(engine.env.sleep(dt.timedelta(minutes=minutes)))
    fails.clear()
    engine.run(engine.env.sleep(dt.timedelta(minutes=2)))
    engine.settle()
    return key
