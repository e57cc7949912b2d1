"""What a patient pays settles the oldest balance first; what is left over is kept as credit."""

import pytest
from sqlalchemy import select

from casework import patients
from casework.refusals import Refused
from db.models import Statement
from domain.tasks import TaskKind
from tests.casework.conftest import AccountWorld
from tests.casework.owing import owing


def test_a_small_rest_of_a_payment_is_dropped(account: AccountWorld) -> None:
    owing(account, 2600)

    account.pay(2200)

    assert account.balances()["writeoff:small_balance"] == 400
    assert account.waits() == []


def test_a_payment_of_part_of_a_statement_pays_the_oldest_first(account: AccountWorld) -> None:
    owing(account, 2600)
    owing(account, 4000, day=30)
    newer = account.session.scalars(select(Statement).order_by(Statement.id.desc())).first()

    account.pay(4000, statement=newer)

    assert account.balances()["ar:patient"] == 2600
    (wait,) = account.waits()
    assert "$26.00" in wait[0]


def test_money_beyond_every_balance_is_kept_as_credit_and_asked_about(
    account: AccountWorld,
) -> None:
    owing(account, 2600)

    account.pay(3000)

    assert account.balances()["liability:unapplied"] == -400
    assert account.open_tasks() == [TaskKind.PATIENT_CREDIT]


def test_credit_is_not_asked_about_while_a_payer_is_open(account: AccountWorld) -> None:
    account.charge(9000)
    owing(account, 2600)

    account.pay(3000)

    assert account.open_tasks() == []


def test_kept_credit_is_not_asked_about_again(account: AccountWorld) -> None:
    owing(account, 2600)
    account.pay(3000)
    (task,) = account.tasks()

    account.answer(task, route="keep")
    account.days(21, 60)

    assert len(account.tasks()) == 1
    assert account.balances()["liability:unapplied"] == -400


def test_the_same_money_is_taken_in_once(account: AccountWorld) -> None:
    owing(account, 2600)
    known = ("card", account.now.today, "desk:once", account.now)

    first = patients.receive_payment(account.session, account.guarantor, 2600, *known)
    second = patients.receive_payment(account.session, account.guarantor, 2600, *known)

    assert first is not None
    assert second is None
    assert account.balances()["cash:patient"] == 2600


@pytest.mark.parametrize("cents", [0, -100])
def test_a_payment_of_nothing_is_refused(account: AccountWorld, cents: int) -> None:
    with pytest.raises(Refused, match="more than nothing"):
        patients.receive_payment(
            account.session, account.guarantor, cents, "card", account.date(1), "k", account.now
        )


def test_a_copay_is_kept_for_its_own_encounter_though_an_older_one_is_owed(
    account: AccountWorld,
) -> None:
    owing(account, 2600)
    younger = account.charge(9000, day=20)

    account.pay(2000, "copay", encounter=younger)

    assert account.balances()["ar:patient"] == 2600
    assert account.balances()["liability:unapplied"] == -2000
    account.answer_835(younger, paid=6000, contractual=2000, patient=1000)
    account.settle(younger)
    account.step()
    assert account.balances()["ar:patient"] == 1600
    assert "liability:unapplied" not in account.balances()


def test_a_copay_alone_wakes_no_account(account: AccountWorld) -> None:
    made = account.charge(9000)

    account.pay(2000, "copay", encounter=made)

    assert account.step() is None
