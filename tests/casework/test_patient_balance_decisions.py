"""What a biller decides after the last notice."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from casework import patients, write_offs
from casework.refusals import Refused
from db.models import PaymentPlan, WriteOffRequest
from domain.dunning import Instalment
from domain.tasks import TaskKind, TaskStatus
from tests.casework.conftest import AccountWorld
from tests.casework.owing import owing


def let_three_notices_pass(account: AccountWorld) -> None:
    account.days(50, 80, 110)


def test_a_larger_balance_is_offered_a_plan_first(account: AccountWorld) -> None:
    owing(account, 36000)
    let_three_notices_pass(account)
    (task,) = account.tasks()

    words = account.answer(task)

    (plan,) = account.session.scalars(select(PaymentPlan))
    assert words.startswith("Agreed on 4 instalments over $360.00")
    assert [part.cents for part in plan.instalments] == [9000] * 4
    assert "the instalment of $90.00" in account.waits()[0][0]
    assert len(account.statements()) == 3


def test_a_broken_plan_leads_back_to_the_biller_who_gives_it_up(account: AccountWorld) -> None:
    owing(account, 36000)
    let_three_notices_pass(account)
    account.answer(account.tasks()[0])
    first_due = account.session.scalars(select(PaymentPlan)).one().instalments[0].due_on
    day_late = (first_due - account.date(0)).days + 10

    account.day(day_late)
    still_kept = account.session.scalars(select(PaymentPlan.status)).one()
    account.day(day_late + 1)

    assert still_kept == "kept"
    assert account.session.scalars(select(PaymentPlan.status)).one() == "broken"
    (task,) = account.tasks()[1:]
    assert task.kind is TaskKind.PATIENT_BALANCE
    assert account.answer(task).startswith("Gave up $360.00: bad debt")


def test_five_instalments_need_the_disclosure(account: AccountWorld) -> None:
    owing(account, 36000)
    let_three_notices_pass(account)
    (task,) = account.tasks()

    with pytest.raises(Refused) as refused:
        account.answer(task, instalments="5")

    assert refused.value.problems["instalments"].suggestion == "4"
    assert "Truth in Lending" in refused.value.problems["instalments"].words


def test_a_plan_must_cover_what_is_owed(account: AccountWorld) -> None:
    owing(account, 36000)
    parts = (Instalment(due_on=account.date(60), cents=100),)

    with pytest.raises(Refused, match="36000 are owed"):
        patients.agree_plan(account.session, account.guarantor, parts, account.now)


def test_a_bad_debt_above_the_limit_waits_for_a_second_person(
    account: AccountWorld, balanced: Callable[[], None]
) -> None:
    owing(account, 9000)
    let_three_notices_pass(account)

    account.answer(account.tasks()[0])

    assert account.balances()["ar:patient"] == 9000
    assert account.open_tasks() == [TaskKind.WRITE_OFF_APPROVAL]
    account.answer(account.tasks(TaskKind.WRITE_OFF_APPROVAL)[0], by=account.supervisor)
    assert account.balances()["writeoff:bad_debt"] == 9000
    assert "ar:patient" not in account.balances()
    balanced()


def test_a_refused_write_off_is_asked_about_again(account: AccountWorld) -> None:
    owing(account, 9000)
    let_three_notices_pass(account)
    account.answer(account.tasks()[0])
    request = account.session.scalars(select(WriteOffRequest)).one()

    write_offs.refuse(account.session, request)
    account.step()

    asked = account.tasks(TaskKind.PATIENT_BALANCE)
    assert [task.status for task in asked] == [TaskStatus.ANSWERED, TaskStatus.OPEN]


def test_a_bad_debt_below_the_limit_closes_the_encounter(account: AccountWorld) -> None:
    owing(account, 2600)
    let_three_notices_pass(account)

    account.answer(account.tasks()[0])

    assert account.balances()["writeoff:bad_debt"] == 2600
    assert account.waits() == []
    assert account.open_tasks() == []


def test_one_more_notice_is_waited_for_and_asked_about_again(account: AccountWorld) -> None:
    owing(account, 2600)
    let_three_notices_pass(account)

    account.answer(account.tasks()[0], route="reminder")
    account.days(111, 139, 140)

    assert [cycle for cycle, *_ in account.statements()] == [1, 2, 3, 4]
    asked = account.tasks(TaskKind.PATIENT_BALANCE)
    assert [task.status for task in asked] == [TaskStatus.ANSWERED, TaskStatus.OPEN]


def test_a_payment_withdraws_the_question(account: AccountWorld) -> None:
    owing(account, 2600)
    let_three_notices_pass(account)

    account.pay(2600)

    assert [task.status for task in account.tasks()] == [TaskStatus.WITHDRAWN]
    assert account.waits() == []


def test_a_question_past_its_date_is_escalated_and_stays_open(account: AccountWorld) -> None:
    owing(account, 2600)
    let_three_notices_pass(account)

    account.day(130)

    (task,) = account.tasks()
    assert task.is_escalated
    assert task.status is TaskStatus.OPEN
    assert account.waits()


def test_a_fee_left_alone_is_asked_for_and_can_be_given_up(account: AccountWorld) -> None:
    owing(account, 7500)
    account.pay(7500, "check", check_no="12")
    receipt = patients.unreturned_check(account.session, account.guarantor, "12", 7500)
    assert receipt is not None
    patients.return_payment(account.session, receipt, account.now.today, "returned", account.now)
    account.step()
    account.answer(account.tasks()[0])
    account.pay(7500)
    account.days(50, 80, 110)

    account.answer(account.tasks(TaskKind.PATIENT_BALANCE)[0])

    assert [(cycle, cents) for cycle, _, cents, _ in account.statements()] == [
        (1, 7500),
        (1, 2500),
        (2, 2500),
        (3, 2500),
    ]
    assert "ar:fees" not in account.balances()
    assert "income:nsf_fee" not in account.balances()
    assert account.waits() == []
