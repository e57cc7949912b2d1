"""When a patient is asked for money, how often, and what ends the asking."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from casework import holds, patients, write_offs
from casework.holds import HoldScope
from casework.refusals import Refused
from db.models import Outbox, PaymentPlan, Statement, WriteOffRequest
from domain.dunning import Instalment
from domain.encounter import Stage
from domain.ledger import Account
from domain.tasks import TaskKind, TaskStatus
from tests.casework.conftest import AccountWorld


def owing(account: AccountWorld, cents: int, *, day: int = 20) -> None:
    """One encounter that leaves `cents` to the patient on this day."""
    made = account.charge(cents * 2)
    account.day(day)
    account.answer_835(made, paid=0, contractual=cents, patient=cents)
    account.settle(made)


def let_three_notices_pass(account: AccountWorld) -> None:
    account.days(50, 80, 110)


def test_no_statement_goes_out_while_a_payer_is_open(account: AccountWorld) -> None:
    made = account.charge(20000, 5000)
    account.answer_835(made, paid=10000, contractual=8000, patient=2000)

    patients.look_again(account.session, account.guarantor, account.now)
    account.days(1, 40)

    assert account.statements() == []
    assert account.balances()["ar:patient"] == 2000


def test_a_reminder_goes_out_after_thirty_days_then_the_final_notice_then_a_question(
    account: AccountWorld,
) -> None:
    owing(account, 2600)

    account.days(21, 49, 50, 51, 79, 80, 109)
    before = account.tasks()
    account.day(110)

    assert account.statements() == [
        (1, "statement", 2600, account.date(20)),
        (2, "reminder", 2600, account.date(50)),
        (3, "final", 2600, account.date(80)),
    ]
    (task,) = account.tasks()
    assert before == []
    assert task.kind is TaskKind.PATIENT_BALANCE
    assert task.opened_at.date() == account.date(110)


def test_the_wait_says_what_for_and_what_then(account: AccountWorld) -> None:
    owing(account, 2600)
    (number,) = account.session.scalars(select(Statement.statement_no))

    first = account.waits()
    account.day(50)
    second = account.waits()

    assert first == [
        (f"the patient's payment of $26.00 for statement {number}", "a reminder goes out")
    ]
    assert second[0][1] == "the final notice goes out"


def test_a_step_asked_for_twice_sends_one_statement(account: AccountWorld) -> None:
    owing(account, 2600)

    account.day(20)
    account.day(20)

    assert len(account.statements()) == 1


def test_the_database_refuses_a_second_statement_of_a_cycle(account: AccountWorld) -> None:
    owing(account, 2600)
    (row,) = account.session.scalars(select(Statement))
    twin = Statement(
        statement_no="S99999999",
        guarantor_id=row.guarantor_id,
        run=row.run,
        cycle=row.cycle,
        kind=row.kind,
        amount_cents=1,
        issued_on=row.issued_on,
        due_on=row.due_on,
    )
    account.session.add(twin)

    with pytest.raises(IntegrityError):
        account.session.flush()


def test_encounters_billable_on_one_day_share_a_statement(account: AccountWorld) -> None:
    both = [account.charge(3000), account.charge(3000)]
    account.day(20)
    for made in both:
        account.answer_835(made, paid=0, contractual=1000, patient=2000)
        made.stage = Stage.PATIENT
    for made in both:
        account.settle_step(made)
    account.step()

    assert account.statements() == [(1, "statement", 4000, account.date(20))]


def test_a_later_encounter_joins_the_statement_and_keeps_its_own_clock(
    account: AccountWorld,
) -> None:
    owing(account, 2600)
    owing(account, 4000, day=30)

    account.days(31, 49, 50, 59, 60)

    assert account.statements() == [
        (1, "statement", 2600, account.date(20)),
        (1, "statement", 6600, account.date(30)),
        (2, "reminder", 6600, account.date(50)),
        (2, "reminder", 6600, account.date(60)),
    ]


def test_a_statement_is_paper_and_manifest_under_its_number(account: AccountWorld) -> None:
    owing(account, 2600)
    (row,) = account.session.scalars(select(Statement))

    files = {one.name: one for one in account.session.scalars(select(Outbox))}

    assert set(files) == {
        f"statement-{row.statement_no}.json",
        f"statement-{row.statement_no}.pdf",
    }
    assert all(one.route == "statements" for one in files.values())
    assert files[f"statement-{row.statement_no}.pdf"].content.startswith(b"%PDF")
    manifest = json.loads(files[f"statement-{row.statement_no}.json"].content)
    assert {name: manifest[name] for name in ("kind", "cycle", "amount_cents", "account_no")} == {
        "kind": "statement",
        "cycle": 1,
        "amount_cents": 2600,
        "account_no": account.guarantor.account_no,
    }
    assert sum(line["cents"] for line in manifest["lines"]) == 2600


def test_a_small_balance_is_written_off_without_a_statement(
    account: AccountWorld, balanced: Callable[[], None]
) -> None:
    owing(account, 500)

    assert account.balances()["writeoff:small_balance"] == 500
    assert "ar:patient" not in account.balances()
    assert account.statements() == []
    assert account.tasks() == []
    balanced()


def test_a_cent_more_than_a_small_balance_gets_a_statement(account: AccountWorld) -> None:
    owing(account, 501)

    assert [cents for _, _, cents, _ in account.statements()] == [501]


def test_a_small_rest_of_a_payment_is_dropped(account: AccountWorld) -> None:
    owing(account, 2600)

    account.pay(2200)

    assert account.balances()["writeoff:small_balance"] == 400
    assert account.waits() == []


def test_a_held_encounter_is_not_asked_for(account: AccountWorld) -> None:
    made = account.charge(5000)
    holds.hold(
        account.session,
        HoldScope(encounter_id=made.id),
        "disputed by the patient",
        account.date(60),
        by=account.supervisor,
        now=account.now,
    )
    account.day(20)
    account.answer_835(made, paid=0, contractual=1000, patient=4000)
    account.settle(made)
    account.day(59)
    before = account.statements()

    account.day(61)

    assert before == []
    assert [cents for _, _, cents, _ in account.statements()] == [4000]


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


# What a biller decides after the last notice.


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


def test_what_a_payer_leaves_after_a_payment_starts_a_new_run(account: AccountWorld) -> None:
    made = account.charge(5000, 3000)
    account.day(20)
    account.answer_835(made, paid=0, contractual=3000, patient=2000)
    account.answer_835(made, paid=3000, contractual=0, patient=0, line=1)
    account.settle(made)
    account.day(25)
    account.pay(2000)
    account.day(90)
    made.stage = Stage.CLAIMS
    made.ended_at = None
    line = made.charge_lines[1].id
    account.post(
        "taken back",
        line,
        account.leg(made, Account.AR_PATIENT, 3000, line),
        account.leg(made, Account.CLEARING, -3000, line),
    )
    account.settle(made)

    assert account.statements() == [
        (1, "statement", 2000, account.date(20)),
        (1, "statement", 3000, account.date(90)),
    ]


def test_an_account_at_zero_is_not_even_woken(account: AccountWorld) -> None:
    assert not patients.look_again(account.session, account.guarantor, account.now)


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
