"""A check that came back, as somebody at the desk says it: taken back once, owed again, told."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from casework import patients
from casework.refusals import Refused
from db.models import AuditEvent, Entry, Journal, Receipt, Setting
from domain.encounter import Stage
from domain.tasks import TaskKind
from tests.casework.conftest import AccountWorld


def paid_by_check(account: AccountWorld) -> Receipt:
    """A visit of $75.00 for the patient, paid by check on day 40 and so closed."""
    made = account.charge(15000)
    account.day(20)
    account.answer_835(made, paid=2500, contractual=5000, patient=7500)
    account.settle(made)
    account.day(40)
    account.pay(7500, "check", check_no="1204", encounter=made)
    account.day(47)
    (receipt,) = patients.returnable_checks(account.session, made)
    return receipt


def record(account: AccountWorld, receipt: Receipt, on: dt.date | None = None) -> Receipt | None:
    return patients.record_return(
        account.session, receipt, on or account.now.today, account.now, by=account.biller
    )


def entries(account: AccountWorld) -> int:
    return account.session.scalars(select(func.count()).select_from(Entry)).one()


def test_a_check_that_came_back_is_owed_again_with_the_fee(
    account: AccountWorld, balanced: Callable[[], None]
) -> None:
    receipt = paid_by_check(account)

    contra = record(account, receipt)
    account.step()

    assert contra is not None
    assert (contra.cents, contra.kind) == (-7500, "returned")
    balances = account.balances()
    assert balances["ar:patient"] == 7500
    assert balances["ar:fees"] == 2500
    assert "cash:patient" not in balances
    assert account.open_tasks() == [TaskKind.RETURNED_PAYMENT]
    balanced()


def test_the_balance_goes_back_to_the_statements_where_they_stood(account: AccountWorld) -> None:
    receipt = paid_by_check(account)
    record(account, receipt)
    account.step()
    account.answer(account.tasks(TaskKind.RETURNED_PAYMENT)[0])

    account.days(48, 49, 50, 51)

    assert account.statements()[-1] == (2, "reminder", 10000, account.date(50))


def test_a_second_click_takes_nothing_back(
    account: AccountWorld, balanced: Callable[[], None]
) -> None:
    receipt = paid_by_check(account)
    record(account, receipt)
    before, written = account.balances(), entries(account)

    again = record(account, receipt)

    assert again is None
    assert (account.balances(), entries(account)) == (before, written)
    assert len(account.tasks(TaskKind.RETURNED_PAYMENT)) == 1
    balanced()


def test_it_says_who_recorded_it(account: AccountWorld) -> None:
    receipt = paid_by_check(account)

    record(account, receipt)

    said = account.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "recorded a return")
    ).one()
    assert (said.user_id, said.object_key) == (account.biller.id, str(receipt.id))
    assert said.recorded_at is not None
    contra = account.session.scalars(
        select(Entry).where(Entry.effect_key == f"returned:{receipt.id}")
    ).one()
    assert contra.by_id == account.biller.id
    assert contra.reverses_id is not None


def test_a_check_given_at_a_visit_that_is_with_its_payers_is_told_there(
    account: AccountWorld, balanced: Callable[[], None]
) -> None:
    made = account.charge(9000)
    account.pay(2000, "check", check_no="88", encounter=made)
    (receipt,) = patients.returnable_checks(account.session, made)

    record(account, receipt)

    assert made.stage is not Stage.PATIENT
    assert "liability:unapplied" not in account.balances()
    told = account.session.scalars(
        select(Journal.words).where(Journal.subject == f"encounter:{made.encounter_no}")
    ).all()
    assert "Check 88 of $20.00 came back unpaid" in told
    balanced()


def test_cash_and_cards_do_not_come_back(account: AccountWorld) -> None:
    made = account.charge(9000)
    account.pay(2000, "card", encounter=made)
    receipt = account.session.scalars(select(Receipt)).one()
    before = account.balances()

    with pytest.raises(Refused, match="Only a check comes back"):
        record(account, receipt)

    assert patients.returnable_checks(account.session, made) == []
    assert account.balances() == before


@pytest.mark.parametrize("days", [-8, 1])
def test_a_day_before_the_check_or_after_today_is_refused(account: AccountWorld, days: int) -> None:
    receipt = paid_by_check(account)
    before = account.balances()

    with pytest.raises(Refused):
        record(account, receipt, account.now.today + dt.timedelta(days=days))

    assert account.balances() == before


def test_what_came_back_already_is_offered_no_more(account: AccountWorld) -> None:
    made = account.charge(9000)
    account.pay(2000, "check", check_no="88", encounter=made)
    (receipt,) = patients.returnable_checks(account.session, made)

    record(account, receipt)

    assert patients.returnable_checks(account.session, made) == []


def test_the_fee_is_the_practices_own(account: AccountWorld, balanced: Callable[[], None]) -> None:
    account.session.add(Setting(name="nsf_fee_cents", value={"value": 3000}))
    receipt = paid_by_check(account)

    record(account, receipt)

    assert account.balances()["ar:fees"] == 3000
    balanced()


def test_a_practice_may_charge_nothing_for_it(
    account: AccountWorld, balanced: Callable[[], None]
) -> None:
    account.session.add(Setting(name="nsf_fee_cents", value={"value": 0}))
    receipt = paid_by_check(account)

    record(account, receipt)

    assert "ar:fees" not in account.balances()
    balanced()
