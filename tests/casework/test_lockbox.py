"""Rows of the lockbox are money once; what cannot be trusted is one task, and posts nothing."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from casework import lockbox
from casework.lockbox import LockboxIntake
from db.models import RawFile, Receipt, Statement
from domain.encounter import Stage
from domain.tasks import TaskKind
from tests.casework.conftest import AccountWorld

HEADER = "received_on,statement_no,account_no,amount_cents,check_no\n"


def billed(account: AccountWorld, cents: int = 7500) -> str:
    """A statement over this much, by its number."""
    made = account.charge(cents * 2)
    account.day(20)
    account.answer_835(made, paid=0, contractual=cents, patient=cents)
    account.settle(made)
    return (
        account.session.scalars(
            select(Statement.statement_no).order_by(Statement.id.desc())
        ).first()
        or ""
    )


def take_in(account: AccountWorld, *rows: str, name: str = "box.csv") -> LockboxIntake:
    content = (HEADER + "".join(f"{row}\n" for row in rows)).encode()
    result = lockbox.take_in(account.session, name, content, account.now)
    account.step()
    return result


def row(account: AccountWorld, statement_no: str, cents: int, check_no: str = "1204") -> str:
    return f"2026-02-14,{statement_no},{account.guarantor.account_no},{cents},{check_no}"


def test_a_check_pays_its_statement(account: AccountWorld, balanced: Callable[[], None]) -> None:
    number = billed(account)

    result = take_in(account, row(account, number, 7500))

    assert (result.taken, result.repeated, result.bad) == (1, 0, ())
    assert account.balances()["cash:patient"] == 7500
    assert "ar:patient" not in account.balances()
    assert account.waits() == []
    balanced()


def test_two_files_with_the_same_row_post_it_once(account: AccountWorld) -> None:
    number = billed(account)
    again = row(account, number, 3000)

    take_in(account, again)
    result = take_in(account, again, row(account, number, 1000, "1205"), name="later.csv")

    assert (result.taken, result.repeated) == (1, 1)
    assert account.balances()["cash:patient"] == 4000


def test_the_same_row_twice_in_one_file_posts_once(account: AccountWorld) -> None:
    number = billed(account)

    result = take_in(account, row(account, number, 3000), row(account, number, 3000))

    assert (result.taken, result.repeated) == (1, 1)


def test_a_returned_check_is_owed_again_with_the_fee(
    account: AccountWorld, balanced: Callable[[], None]
) -> None:
    number = billed(account)
    take_in(account, row(account, number, 7500))

    returned = row(account, number, -7500)
    take_in(account, returned, name="back.csv")
    take_in(account, returned, name="back-again.csv")

    balances = account.balances()
    assert balances["ar:patient"] == 7500
    assert balances["ar:fees"] == 2500
    assert balances["income:nsf_fee"] == -2500
    assert "cash:patient" not in balances
    assert account.open_tasks() == [TaskKind.RETURNED_PAYMENT]
    balanced()


def test_a_waived_fee_is_gone(account: AccountWorld) -> None:
    number = billed(account)
    take_in(account, row(account, number, 7500))
    take_in(account, row(account, number, -7500))

    account.answer(account.tasks()[0], route="waive_fee")

    assert "ar:fees" not in account.balances()
    assert "income:nsf_fee" not in account.balances()


def test_a_check_presented_again_pays_again(account: AccountWorld) -> None:
    number = billed(account)
    take_in(account, row(account, number, 7500))
    take_in(account, row(account, number, -7500))

    later = row(account, number, 10000).replace("2026-02-14", "2026-02-28")
    take_in(account, later)

    assert account.balances()["cash:patient"] == 10000
    assert "ar:patient" not in account.balances()
    assert "ar:fees" not in account.balances()


def test_credit_of_a_returned_check_that_was_used_is_owed_where_it_was_used(
    account: AccountWorld, balanced: Callable[[], None]
) -> None:
    take_in(account, f"2026-01-05,,{account.guarantor.account_no},4000,77")
    made = account.charge(9000)
    account.answer_835(made, paid=0, contractual=5000, patient=4000)
    account.settle(made)
    account.step()
    closed_between = made.stage

    take_in(account, f"2026-01-06,,{account.guarantor.account_no},-4000,77")

    assert closed_between is Stage.CLOSED
    assert made.stage is Stage.PATIENT
    assert account.balances()["ar:patient"] == 4000
    assert "liability:unapplied" not in account.balances()
    balanced()


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        ("2026-02-14,S1,G404,100,1", "No account has the number"),
        ("14.02.2026,S1,{account},100,1", "not a date"),
        ("2026-02-14,S1,{account},1.50,1", "whole number of cents"),
        ("2026-02-14,S1,{account},0,1", "nothing"),
        ("2026-02-14,S1,{account},100", "4 columns"),
        ("2026-02-14,S1,{account},-100,9", "no such check"),
    ],
)
def test_a_bad_row_is_one_task_and_the_good_rows_are_money(
    account: AccountWorld, bad: str, rule: str
) -> None:
    number = billed(account)

    result = take_in(
        account,
        bad.format(account=account.guarantor.account_no),
        row(account, number, 7500),
    )

    assert result.taken == 1
    (one,) = result.bad
    assert one.row == 1
    assert rule in one.rule
    (task,) = account.tasks(TaskKind.QUARANTINED_FILE)
    assert "box.csv" in task.title
    assert rule in task.reason
    assert account.balances()["cash:patient"] == 7500


def test_a_statement_of_somebody_else_is_refused(account: AccountWorld) -> None:
    from tests.casework import factories

    number = billed(account)
    other = factories.guarantor(account.session)

    result = take_in(account, f"2026-02-14,{number},{other.account_no},7500,1")

    assert "is not of account" in result.bad[0].rule
    assert "cash:patient" not in account.balances()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"a,b,c\n1,2,3\n"])
def test_a_file_that_is_no_lockbox_posts_nothing_and_is_one_task(
    account: AccountWorld, content: bytes
) -> None:
    for name in ("one.csv", "again.csv"):
        lockbox.take_in(account.session, name, content, account.now)

    assert account.session.scalars(select(Receipt)).all() == []
    assert len(account.tasks(TaskKind.QUARANTINED_FILE)) == 1
    assert account.session.scalars(select(RawFile.judgement)).one() == "quarantined"
