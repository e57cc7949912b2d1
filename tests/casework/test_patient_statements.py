"""When a patient is asked for money, and how often."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from casework import holds, patients
from casework.holds import HoldScope
from db.models import Outbox, Statement
from domain.encounter import Stage
from domain.ledger import Account
from domain.tasks import TaskKind
from tests.casework.conftest import AccountWorld
from tests.casework.owing import owing


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
