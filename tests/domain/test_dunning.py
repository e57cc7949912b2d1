"""What happens next on an account follows from what is owed and the date, and from nothing else."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.correspondence import StatementKind
from domain.dunning import (
    AskAboutBalance,
    AskAboutCredit,
    Bill,
    EndPlan,
    GuarantorAccount,
    Instalment,
    Notice,
    Plan,
    Rest,
    SendNotice,
    WriteOffSmall,
    instalments,
    next_move,
    notice_kind,
    recommends_plan,
)

TODAY = dt.date(2026, 3, 2)
AT_REST = GuarantorAccount(
    bills=(),
    notices=(),
    plan=None,
    small_cents=500,
    held_until_on=None,
    returnable_cents=0,
    credit_is_asked=False,
    asked_runs=frozenset(),
)
FRESH = Bill(encounter_id=1, cents=2600, run=None)
BILLED = replace(FRESH, run=1)


def noticed(cycle: int, days_ago: int, run: int = 1) -> Notice:
    issued_on = TODAY - dt.timedelta(days=days_ago)
    return Notice(run=run, cycle=cycle, statement_no=f"S{cycle}", issued_on=issued_on)


def plan_over(cents: int, *, first_due_days_ago: int, agreed_days_ago: int = 60) -> Plan:
    first_on = TODAY - dt.timedelta(days=first_due_days_ago)
    return Plan(
        agreed_on=TODAY - dt.timedelta(days=agreed_days_ago),
        grace_days=10,
        instalments=instalments(cents, 4, first_on),
    )


def test_an_account_at_zero_rests_and_waits_for_nothing() -> None:
    assert next_move(AT_REST, TODAY) == Rest(awaited=())


def test_a_fresh_bill_gets_its_first_statement() -> None:
    move = next_move(replace(AT_REST, bills=(FRESH,)), TODAY)

    assert move == SendNotice(run=None, cycle=1, kind=StatementKind.STATEMENT, bills=(FRESH,))


@pytest.mark.parametrize(
    ("days_ago", "sends"), [(0, False), (29, False), (30, True), (31, True), (400, True)]
)
def test_a_reminder_is_due_on_the_thirtieth_day(days_ago: int, sends: bool) -> None:
    account = replace(AT_REST, bills=(BILLED,), notices=(noticed(1, days_ago),))

    assert isinstance(next_move(account, TODAY), SendNotice) is sends


def test_the_wait_ends_as_the_reminders_day_begins() -> None:
    account = replace(AT_REST, bills=(BILLED,), notices=(noticed(1, 0),))

    move = next_move(account, TODAY)

    assert isinstance(move, Rest)
    assert move.awaited[0].until_on + dt.timedelta(days=1) == TODAY + dt.timedelta(days=30)
    assert isinstance(next_move(account, TODAY + dt.timedelta(days=30)), SendNotice)


def test_after_the_last_notice_a_person_is_asked_once() -> None:
    account = replace(AT_REST, bills=(BILLED,), notices=(noticed(3, 30),))

    first = next_move(account, TODAY)
    second = next_move(replace(account, asked_runs=frozenset({1})), TODAY)

    assert isinstance(first, AskAboutBalance)
    assert second == Rest(awaited=())


def test_what_is_in_question_is_not_asked_for() -> None:
    bill = replace(BILLED, is_in_question=True)
    account = replace(AT_REST, bills=(bill,), notices=(noticed(1, 90),))

    assert next_move(account, TODAY) == Rest(awaited=())


def test_a_small_encounter_is_written_off_whatever_else_is_owed() -> None:
    small = Bill(encounter_id=2, cents=500, run=None)
    account = replace(AT_REST, bills=(BILLED, small), notices=(noticed(1, 3),))

    assert next_move(account, TODAY) == WriteOffSmall(bills=(small,))


def test_a_small_rest_beside_another_debt_stays_owed() -> None:
    rest = Bill(encounter_id=2, cents=400, run=1)
    account = replace(AT_REST, bills=(BILLED, rest), notices=(noticed(1, 3),))

    assert isinstance(next_move(account, TODAY), Rest)


def test_a_kept_plan_stops_reminders_of_what_it_covers() -> None:
    plan = plan_over(2600, first_due_days_ago=-5)
    account = replace(AT_REST, bills=(BILLED,), notices=(noticed(1, 90),), plan=plan)

    move = next_move(account, TODAY)

    assert isinstance(move, Rest)
    assert "the instalment of $6.50" in move.awaited[0].what


def test_a_bill_made_after_the_plan_is_asked_for_beside_it() -> None:
    plan = plan_over(2600, first_due_days_ago=-5)
    newer = Bill(encounter_id=2, cents=900, run=2)
    account = replace(
        AT_REST, bills=(BILLED, newer), notices=(noticed(1, 90), noticed(1, 30, run=2)), plan=plan
    )

    move = next_move(account, TODAY)

    assert isinstance(move, SendNotice)
    assert (move.run, move.cycle) == (2, 2)


@pytest.mark.parametrize(("late_by", "is_broken"), [(0, False), (10, False), (11, True)])
def test_a_plan_breaks_when_its_grace_has_passed(late_by: int, is_broken: bool) -> None:
    plan = plan_over(2600, first_due_days_ago=late_by)
    account = replace(AT_REST, bills=(BILLED,), notices=(noticed(1, 90),), plan=plan)

    assert (next_move(account, TODAY) == EndPlan(is_kept=False)) is is_broken


def test_a_plan_paid_to_the_end_is_kept() -> None:
    plan = plan_over(2600, first_due_days_ago=50)

    assert next_move(replace(AT_REST, plan=plan), TODAY) == EndPlan(is_kept=True)


def test_a_plan_over_a_held_encounter_goes_on() -> None:
    plan = plan_over(2600, first_due_days_ago=0)
    account = replace(AT_REST, plan=plan, held_until_on=TODAY + dt.timedelta(days=9))

    assert isinstance(next_move(account, TODAY), Rest)


def test_a_fee_does_not_break_the_plan_that_it_hit() -> None:
    plan = plan_over(2600, first_due_days_ago=0)
    fee = Bill(encounter_id=None, cents=2500, run=1)
    account = replace(AT_REST, bills=(BILLED, fee), notices=(noticed(1, 90),), plan=plan)

    assert isinstance(next_move(account, TODAY), Rest)


def test_credit_that_nothing_can_use_is_asked_about_once() -> None:
    account = replace(AT_REST, returnable_cents=1500)

    assert next_move(account, TODAY) == AskAboutCredit(cents=1500)
    assert next_move(replace(account, credit_is_asked=True), TODAY) == Rest(awaited=())


@pytest.mark.parametrize(
    ("cycle", "kind"), [(1, "statement"), (2, "reminder"), (3, "final"), (4, "final")]
)
def test_a_notice_is_named_by_how_often_we_asked(cycle: int, kind: str) -> None:
    assert notice_kind(cycle) == kind


def test_a_plan_is_recommended_for_larger_balances_once() -> None:
    assert recommends_plan(20_000, was_offered=False)
    assert not recommends_plan(19_999, was_offered=False)
    assert not recommends_plan(20_000, was_offered=True)


@given(cents=st.integers(12, 10**9), count=st.integers(1, 12))
def test_instalments_make_the_whole_and_are_thirty_days_apart(cents: int, count: int) -> None:
    parts = instalments(cents, count, TODAY)

    assert sum(part.cents for part in parts) == cents
    assert len(parts) == count
    gaps = {later.due_on - one.due_on for one, later in pairwise(parts)}
    assert gaps <= {dt.timedelta(days=30)}


@given(paid=st.integers(0, 2600), day=st.integers(0, 200))
def test_a_plan_is_never_both_waited_for_and_broken(paid: int, day: int) -> None:
    plan = plan_over(2600, first_due_days_ago=0)
    left = replace(BILLED, cents=2600 - paid)
    bills = (left,) if left.cents else ()
    account = replace(AT_REST, bills=bills, notices=(noticed(1, 90),), plan=plan)
    today = TODAY + dt.timedelta(days=day)

    move = next_move(account, today)

    if isinstance(move, Rest):
        assert all(one.until_on >= today for one in move.awaited)
    else:
        assert move in (EndPlan(is_kept=True), EndPlan(is_kept=False))


def test_the_next_instalment_is_the_earliest_that_is_not_paid() -> None:
    plan = Plan(
        agreed_on=TODAY,
        grace_days=10,
        instalments=tuple(
            Instalment(due_on=TODAY + dt.timedelta(days=at), cents=900) for at in (10, 40, 70)
        ),
    )

    assert plan.next_due(2700).due_on == TODAY + dt.timedelta(days=10)
    assert plan.next_due(1800).due_on == TODAY + dt.timedelta(days=40)
    assert plan.next_due(1).due_on == TODAY + dt.timedelta(days=70)
