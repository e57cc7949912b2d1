"""When a task must be answered: the appeal window and the filing limit rule every other date."""

import datetime as dt
import itertools

import pytest
from sqlalchemy import select

from casework import answers, arrivals, subjects, tasks, waits
from casework.refusals import Refused
from db.models import Task, Wait
from domain.clock import add_business_days
from domain.denials import DenialRoute
from domain.encounter import ClaimStage, Stage
from domain.questions import Question
from domain.tasks import TaskKind, TaskStatus
from tests.casework.office import CHARGE, answered, claims, visit
from tests.casework.payer_files import ack_277ca
from tests.scenarios import practice
from tests.scenarios.play import Play

_numbers = itertools.count(900)


def appeal_window(office: Play, *, days: int, levels: int = 1) -> None:
    payer = practice.payer(office.session, "ALPHA")
    payer.appeal_days, payer.appeal_levels = days, levels


def refused(office: Play, carc: str = "50") -> dt.date:
    """A visit whose payer refuses all of it; returns the day of the refusal."""
    visit(office)
    answered(office, "A1", [("CO", carc, CHARGE)])
    return office.engine.now.today


def page(office: Play, kind: TaskKind) -> Question:
    (task,) = office.open_tasks(kind)
    return answers.question(office.session, task)


def offered(asked: Question) -> list[str]:
    return [option.value for option in asked.fields[0].options]


def upheld(office: Play, dated_on: dt.date) -> None:
    (case,) = [letter for letter in office.letters() if letter.status == "sent"]
    text = f"Your reference: {case.reference}\nDecision: upheld\nDate: {dated_on}\n"
    _arrives(office, text.encode(), "mail")
    office.react()
    office.answer(TaskKind.APPEAL_DECISION)


# The appeal window.


def test_a_short_appeal_window_is_the_denials_due_date(office: Play) -> None:
    appeal_window(office, days=3)

    refused_on = refused(office)

    (task,) = office.open_tasks(TaskKind.DENIAL)
    (wait,) = [w for w in _waits(office) if w.task_id == task.id]
    assert task.due_on == refused_on + dt.timedelta(days=3)
    assert wait.until_at == office.engine.now.end_of(task.due_on)


def test_a_long_appeal_window_leaves_the_usual_due_date(office: Play) -> None:
    appeal_window(office, days=180)

    refused_on = refused(office)

    (task,) = office.open_tasks(TaskKind.DENIAL)
    assert task.due_on == add_business_days(refused_on, 5)


def test_a_window_that_no_level_is_left_for_shortens_nothing(office: Play) -> None:
    appeal_window(office, days=3, levels=0)

    refused_on = refused(office)

    (task,) = office.open_tasks(TaskKind.DENIAL)
    assert task.due_on == add_business_days(refused_on, 5)
    assert task.reason == "Refused on the remittance; no level of appeal is left."


def test_a_letter_to_sign_is_due_by_the_end_of_the_window(office: Play) -> None:
    appeal_window(office, days=3)
    refused_on = refused(office)

    office.answer(TaskKind.DENIAL)

    (task,) = office.open_tasks(TaskKind.APPEAL_REVIEW)
    assert task.due_on == refused_on + dt.timedelta(days=3)


def test_an_appeal_is_offered_until_the_last_day_of_the_window(office: Play) -> None:
    appeal_window(office, days=3)
    refused_on = refused(office)

    office.pass_to(office.day_of(refused_on) + 3)

    asked = page(office, TaskKind.DENIAL)
    assert asked.fields[0].values == (DenialRoute.APPEAL,)


def test_after_the_window_no_appeal_is_offered_and_the_page_says_why(office: Play) -> None:
    appeal_window(office, days=3)
    refused_on = refused(office)

    office.pass_to(office.day_of(refused_on) + 4)

    asked = page(office, TaskKind.DENIAL)
    assert asked.fields[0].values == (DenialRoute.WRITE_OFF,)
    assert DenialRoute.APPEAL not in offered(asked)
    assert asked.lead.endswith("That day has passed: an appeal is no longer offered.")
    with pytest.raises(Refused, match="not open"):
        office.answer(TaskKind.DENIAL, route=DenialRoute.APPEAL)


def test_a_dispute_after_the_window_is_not_offered(office: Play) -> None:
    appeal_window(office, days=3)
    visit(office)
    answered(office, "A1", [("CO", "45", 9_000)])

    office.pass_to(office.day_of(office.engine.now.today) + 4)

    asked = page(office, TaskKind.UNDERPAYMENT)
    assert offered(asked) == ["accept"]
    assert asked.lead.endswith("That day has passed: a dispute is no longer offered.")
    with pytest.raises(Refused):
        office.answer(TaskKind.UNDERPAYMENT, action="dispute")


def test_a_letter_is_not_sent_after_the_window(office: Play) -> None:
    appeal_window(office, days=3)
    refused_on = refused(office)
    office.answer(TaskKind.DENIAL)

    office.pass_to(office.day_of(refused_on) + 4)

    asked = page(office, TaskKind.APPEAL_REVIEW)
    assert offered(asked) == ["stop"]
    assert asked.lead.endswith("That day has passed: it can no longer be sent.")
    with pytest.raises(Refused), office.session.begin_nested():
        office.answer(TaskKind.APPEAL_REVIEW, action="send", argument="Please.")
    office.answer(TaskKind.APPEAL_REVIEW)
    assert page(office, TaskKind.DENIAL).fields[0].values == (DenialRoute.WRITE_OFF,)


def test_the_next_levels_window_counts_from_the_date_of_the_letter(office: Play) -> None:
    appeal_window(office, days=60, levels=2)
    refused_on = refused(office)
    office.answer(TaskKind.DENIAL)
    office.answer(TaskKind.APPEAL_REVIEW)
    office.pass_to(office.day_of(refused_on) + 50)
    dated_on = refused_on + dt.timedelta(days=48)

    upheld(office, dated_on)
    until_on = dated_on + dt.timedelta(days=60)
    asked = page(office, TaskKind.DENIAL)
    office.pass_to(office.day_of(refused_on) + 70)
    office.answer(TaskKind.DENIAL)

    first, second = office.letters()
    assert (first.decided_on, second.level) == (dated_on, 2)
    assert (second.basis_on, second.due_on) == (dated_on, until_on)
    assert f"must be filed by {until_on}" in asked.lead


# The filing limit.


def file_by(office: Play, days: int) -> None:
    """Every claim, made or to be made, must reach the payer within these days of today."""
    for payer in ("ALPHA", "BETA"):
        practice.payer(office.session, payer).timely_days = days
    for claim in claims(office):
        claim.file_by_on = office.engine.now.today + dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("kind", "days", "due_in"),
    [(TaskKind.REJECTION, 30, 2), (TaskKind.REJECTION, 5, None), (TaskKind.EDIT_FIX, 5, None)],
)
def test_what_stands_before_a_sending_is_due_before_the_filing_limit(
    office: Play, kind: TaskKind, days: int, due_in: int | None
) -> None:
    office.acknowledges = False
    visit(office)
    file_by(office, days)
    claim = office.claim("A1")

    task = tasks.open_task(
        office.session, kind, subject=subjects.encounter_key(claim.encounter), cause="test",
        title="A question", reason="Because.", now=office.engine.now, waits_in_claim=claim.id,
        encounter_id=claim.encounter_id, claim_id=claim.id,
    )  # fmt: skip

    today = office.engine.now.today
    latest_on = add_business_days(claim.file_by_on, -3)
    usual_on = add_business_days(today, 2)
    assert task.due_on == (usual_on if due_in else max(today, latest_on))
    assert task.due_on <= max(today, latest_on)


def test_before_there_is_a_claim_the_first_payers_limit_counts(office: Play) -> None:
    file_by(office, 6)

    visit(office, diagnoses=(), codes=(), until_sent=False)

    (task,) = office.open_tasks(TaskKind.CODING_REVIEW)
    limit_on = office.encounters["A1"].service_on + dt.timedelta(days=6)
    assert task.due_on == add_business_days(limit_on, -3)
    assert task.due_on < add_business_days(office.engine.now.today, 3)
    assert task.reason.endswith(f"The claim must be filed by {limit_on}.")


def test_a_limit_that_has_passed_makes_it_due_today(office: Play) -> None:
    office.acknowledges = False
    visit(office)
    office.claim("A1").file_by_on = office.engine.now.today - dt.timedelta(days=9)

    _reject(office)

    (task,) = office.open_tasks(TaskKind.REJECTION)
    assert task.due_on == office.engine.now.today


def test_a_claim_that_was_filed_in_time_has_no_limit_any_more(office: Play) -> None:
    visit(office)
    file_by(office, 1)

    _reject(office)

    (task,) = office.open_tasks(TaskKind.REJECTION)
    assert task.due_on == add_business_days(office.engine.now.today, 2)


# Every open task has a date that escalates it.


def test_of_two_questions_about_a_claim_each_escalates_on_its_own_date(office: Play) -> None:
    visit(office, codes=["99213", "87880"])
    answered(office, "A1", [("CO", "45", 9_000)], [("CO", "50", 4_000)])
    (denial,) = office.open_tasks(TaskKind.DENIAL)
    (underpaid,) = office.open_tasks(TaskKind.UNDERPAYMENT)
    assert denial.due_on < underpaid.due_on

    office.pass_to(office.day_of(denial.due_on) + 1)

    assert (denial.is_escalated, underpaid.is_escalated) == (True, False)


def test_a_late_rejection_is_escalated_while_the_claim_is_open(office: Play) -> None:
    refused(office)
    _reject(office)
    (task,) = office.open_tasks(TaskKind.POSTING_EXCEPTION)
    (denial,) = office.open_tasks(TaskKind.DENIAL)

    office.pass_to(office.day_of(task.due_on) + 1)

    assert (task.is_escalated, denial.is_escalated) == (True, False)
    assert office.claim("A1").stage is ClaimStage.DENIED


def test_a_question_that_a_rejection_settles_is_not_left_open(office: Play) -> None:
    office.acknowledges = False
    visit(office)
    office.pass_to(5)
    asked = [task.kind for task in office.open_tasks()]

    _reject(office)

    assert asked == [TaskKind.FOLLOW_UP]
    assert [task.kind for task in office.open_tasks()] == [TaskKind.REJECTION]


def test_a_question_about_a_line_is_asked_once_when_another_line_is_answered(office: Play) -> None:
    visit(office, codes=["99213", "87880"])
    answered(office, "A1", [("CO", "50", CHARGE)], [("CO", "16", 4_000)])
    before = len(office.open_tasks(TaskKind.DENIAL))

    answered(office, "A1", [("CO", "45", 6_000)], [("CO", "16", 4_000)])

    (task,) = office.open_tasks(TaskKind.DENIAL)
    assert before == 2
    assert task.amount_cents == 4_000
    assert _without_date(office) == []


def test_no_coder_is_asked_about_a_refusal_that_is_answered_anew(office: Play) -> None:
    refused(office, "11")
    office.answer(TaskKind.DENIAL)
    (coding,) = office.open_tasks(TaskKind.CODING_REVIEW)

    answered(office, "A1", [("CO", "45", 6_000)])

    assert coding.status is TaskStatus.WITHDRAWN
    assert office.encounters["A1"].stage is Stage.CLOSED


def test_a_task_whose_wait_ended_with_the_encounters_has_a_date_again(office: Play) -> None:
    """The patient's part was awaited; now the payer takes its answer back."""
    visit(office)
    answered(office, "A1", [("CO", "45", 6_000), ("PR", "3", 2_000)], icn="ICN1")
    _reject(office)
    (task,) = office.open_tasks(TaskKind.POSTING_EXCEPTION)

    answered(
        office, "A1", [("CO", "45", -6_000), ("PR", "3", -2_000)], status="22", charges=[-CHARGE],
        icn="ICN1",
    )  # fmt: skip
    dateless = _without_date(office)
    office.pass_to(office.day_of(task.due_on) + 1)

    assert dateless == []
    assert task.is_escalated


def test_a_late_rejection_opens_a_closed_encounter_until_it_is_answered(office: Play) -> None:
    made = visit(office)
    answered(office, "A1", [("CO", "45", 6_000)])
    closed = made.stage

    _reject(office)
    office.react()
    (task,) = office.open_tasks(TaskKind.POSTING_EXCEPTION)
    opened, ended_at = made.stage, made.ended_at
    office.pass_to(office.day_of(task.due_on) + 1)
    escalated = task.is_escalated
    office.answer(TaskKind.POSTING_EXCEPTION)

    assert (closed, opened, ended_at) == (Stage.CLOSED, Stage.PATIENT, None)
    assert escalated
    assert task.status is TaskStatus.ANSWERED
    assert (made.stage, made.ended_at is None) == (Stage.CLOSED, False)


def _arrives(office: Play, content: bytes, route: str) -> None:
    arrivals.take_in(office.session, route, f"{next(_numbers)}.txt", content, office.engine.now)


def _reject(office: Play) -> None:
    pcn = office.submissions(office.claim("A1"))[-1].pcn
    _arrives(office, ack_277ca([(pcn, "A3", None)], isa=next(_numbers)), "clearinghouse")
    office.react()


def _waits(office: Play) -> list[Wait]:
    return waits.open_waits(office.session, subjects.encounter_key(office.encounters["A1"]))


def _without_date(office: Play) -> list[str]:
    """Open tasks for which nothing waits: nobody would ever be told that they are late."""
    is_awaited = select(Wait.id).where(Wait.task_id == Task.id, Wait.ended_at.is_(None)).exists()
    return list(
        office.session.scalars(
            select(Task.title).where(Task.status == TaskStatus.OPEN, ~is_awaited)
        )
    )
