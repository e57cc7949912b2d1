"""The queues in the terminal: how many, how much, how old; and the tasks of one of them."""

import json

import pytest
from sqlalchemy.orm import Session, sessionmaker

from casework import subjects, tasks
from casework.moment import moment
from domain.tasks import TaskKind
from tests.casework import factories
from tests.commands.conftest import Run

Sessions = sessionmaker[Session]


@pytest.fixture
def three_tasks(sessions: Sessions) -> None:
    """Two denials and a file; the smaller denial is due first."""
    with sessions.begin() as session:
        now = moment(session)
        subject = subjects.ensure(session, "file:1", now)
        for kind, cents, days in (
            (TaskKind.DENIAL, 90_000, 5),
            (TaskKind.DENIAL, 10_000, 2),
            (TaskKind.QUARANTINED_FILE, 0, 1),
        ):
            tasks.open_task(
                session, kind, subject=subject.key, cause=f"{cents}", title=f"About {cents}",
                reason="-", now=now, amount_cents=cents, due_on=now.business_days(days),
            )  # fmt: skip


def test_without_tasks_nothing_is_listed(run: Run) -> None:
    said = run("tasks")

    assert (said.status, said.lines) == (0, ["No task is open."])


def test_queues_are_counted_with_their_money(run: Run, three_tasks: None) -> None:
    said = run("tasks")

    assert [line.split()[:2] for line in said.lines] == [
        ["queue", "tasks"], ["administrator", "quarantined"], ["biller", "denial"],
    ]  # fmt: skip
    assert "$1,000.00" in said.lines[2]
    assert "2026-01-07" in said.lines[2]


@pytest.mark.parametrize("queue", ["biller", "denial", "Denial"])
def test_a_queue_lists_the_nearest_date_first(run: Run, three_tasks: None, queue: str) -> None:
    said = run("tasks", "--queue", queue)

    assert [line.split()[-1] for line in said.lines[1:]] == ["10000", "90000"]


def test_a_queue_past_its_date_is_late(run: Run, sessions: Sessions, three_tasks: None) -> None:
    with sessions.begin() as session:
        factories.stop_clock(session, 3)

    told = json.loads(run("tasks", "--json", "--queue", "biller").out)

    assert [(queue["open"], queue["late"]) for queue in told["queues"]] == [(2, 1)]
    assert " late " in run("tasks", "--queue", "biller").out


def test_json_holds_queues_and_tasks(run: Run, three_tasks: None) -> None:
    told = json.loads(run("tasks", "--json").out)

    assert sum(queue["amount_cents"] for queue in told["queues"]) == 100_000
    assert [task["amount_cents"] for task in told["tasks"]] == [0, 10_000, 90_000]


def test_an_unknown_queue_is_misuse_and_the_known_are_named(run: Run) -> None:
    said = run("tasks", "--queue", "nowhere")

    assert said.status == 2
    assert len(said.complaints) == 1
    assert "There is no queue nowhere." in said.err
    assert "denial" in said.err
