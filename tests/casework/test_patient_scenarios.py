"""The golden scenarios of patients' money, to the cent, without files: S01 S02 S20 S22 S23 S25."""

from collections.abc import Callable

from casework import patients
from casework.patients.returns import return_payment, unreturned_check
from domain.dunning import Instalment
from domain.encounter import Stage
from domain.tasks import TaskKind
from tests.casework.conftest import AccountWorld


def test_s01_a_copay_is_applied_when_the_payer_has_answered(
    account: AccountWorld, balanced: Callable[[], None]
) -> None:
    made = account.charge(22000)
    account.pay(2500, "cash", encounter=made)
    before = account.balances()

    account.day(21)
    account.answer_835(made, paid=11000, contractual=8500, patient=2500)
    account.settle(made)
    account.step()

    assert before["liability:unapplied"] == -2500
    assert "ar:patient" not in before
    assert account.balances() == {
        "revenue:charges": -22000,
        "adj:contractual": 8500,
        "cash:bank": 11000,
        "cash:patient": 2500,
    }
    assert made.stage is Stage.CLOSED
    assert account.tasks() == []
    assert account.statements() == []
    balanced()


def test_s02_a_deductible_is_a_statement_and_no_task(
    account: AccountWorld, balanced: Callable[[], None]
) -> None:
    made = account.charge(18000)
    account.day(25)
    account.answer_835(made, paid=0, contractual=5850, patient=12150)
    account.settle(made)

    account.day(40)
    account.pay(12150, "check", check_no="1204")

    assert account.balances() == {
        "revenue:charges": -18000,
        "adj:contractual": 5850,
        "cash:patient": 12150,
    }
    assert account.statements() == [(1, "statement", 12150, account.date(25))]
    assert made.stage is Stage.CLOSED
    assert account.tasks() == []
    assert account.waits() == []
    balanced()


def test_s20_money_taken_at_the_desk_goes_back_when_nothing_is_the_patients(
    account: AccountWorld, balanced: Callable[[], None]
) -> None:
    made = account.charge(20000)
    account.pay(2000, "cash", encounter=made)
    account.day(28)
    account.answer_835(made, paid=6200, contractual=13800, patient=0)
    account.settle(made)
    account.step()
    (task,) = account.tasks(TaskKind.PATIENT_CREDIT)

    account.day(35)
    account.answer(task)

    assert account.balances() == {
        "revenue:charges": -20000,
        "adj:contractual": 13800,
        "cash:bank": 6200,
    }
    assert made.stage is Stage.CLOSED
    assert account.statements() == []
    assert account.open_tasks() == []
    assert [name for name in account.outbox() if name.endswith(".json")]
    balanced()


def test_s22_a_copay_guessed_too_high_is_applied_and_the_rest_refunded(
    account: AccountWorld, balanced: Callable[[], None]
) -> None:
    made = account.charge(15000)
    account.pay(4000, "card", encounter=made)
    account.day(20)
    account.answer_835(made, paid=7500, contractual=5000, patient=2500)
    account.settle(made)
    (task,) = account.tasks()

    account.day(30)
    words = account.answer(task)

    assert words == "Refunded $15.00"
    assert account.balances() == {
        "revenue:charges": -15000,
        "adj:contractual": 5000,
        "cash:bank": 7500,
        "cash:patient": 2500,
    }
    assert made.stage is Stage.CLOSED
    assert account.statements() == []
    balanced()


def test_s23_a_plan_kept_with_one_late_instalment_sends_no_reminder(
    account: AccountWorld, balanced: Callable[[], None]
) -> None:
    made = account.charge(52000)
    account.day(20)
    account.answer_835(made, paid=0, contractual=16000, patient=36000)
    account.settle(made)
    account.day(30)
    parts = tuple(Instalment(due_on=account.date(day), cents=9000) for day in (40, 70, 100, 130))
    plan = patients.agree_plan(account.session, account.guarantor, parts, account.now)

    for day in (40, 70, 108, 130):
        account.days(day - 1, day)
        account.pay(9000)
    account.day(200)

    assert account.balances() == {
        "revenue:charges": -52000,
        "adj:contractual": 16000,
        "cash:patient": 36000,
    }
    assert account.statements() == [(1, "statement", 36000, account.date(20))]
    assert plan.status == "done"
    assert made.stage is Stage.CLOSED
    assert account.tasks() == []
    balanced()


def test_s25_a_returned_check_is_owed_again_with_a_fee_and_the_clock_resumes(
    account: AccountWorld, balanced: Callable[[], None]
) -> None:
    made = account.charge(15000)
    account.day(20)
    account.answer_835(made, paid=2500, contractual=5000, patient=7500)
    account.settle(made)
    account.day(40)
    account.pay(7500, "check", check_no="1204")
    closed_between = made.stage
    account.day(47)
    receipt = unreturned_check(account.session, account.guarantor, "1204", 7500)
    assert receipt is not None
    return_payment(account.session, receipt, account.now.today, "test:returned", account.now)
    account.step()
    (task,) = account.tasks(TaskKind.RETURNED_PAYMENT)
    account.answer(task)
    account.days(48, 49, 50, 51, 55)

    account.pay(10000, "card")

    assert closed_between is Stage.CLOSED
    assert account.balances() == {
        "revenue:charges": -15000,
        "adj:contractual": 5000,
        "cash:bank": 2500,
        "cash:patient": 10000,
        "income:nsf_fee": -2500,
    }
    assert account.statements() == [
        (1, "statement", 7500, account.date(20)),
        (2, "reminder", 10000, account.date(50)),
    ]
    assert made.stage is Stage.CLOSED
    assert account.open_tasks() == []
    balanced()
