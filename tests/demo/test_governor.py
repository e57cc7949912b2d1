"""Time waits for work that has waited too long, and never stands still for ever."""

import datetime as dt

from demo.governor import BREATH_SECONDS, PAUSE_MAX_SECONDS, TASK_WITHIN, Backlog, Governor


def backlog(
    *,
    wakes: int = 0,
    outbox: int = 0,
    unread: int = 0,
    tasks: int = 0,
    age: dt.timedelta = dt.timedelta(),
) -> Backlog:
    return Backlog(
        wakes=wakes,
        outbox=outbox,
        unposted=0,
        unread_answers=unread,
        overdue=0,
        tasks=tasks,
        inbound=0,
        oldest_task_age=age,
    )


TOO_OLD = TASK_WITHIN + dt.timedelta(hours=1)


def test_time_passes_while_the_work_keeps_up() -> None:
    governor = Governor(has_staff=True)

    assert governor.lets_time_pass(backlog(tasks=40, age=TASK_WITHIN), 0.0)


def test_time_waits_for_a_task_that_is_too_old() -> None:
    governor = Governor(has_staff=True)

    assert not governor.lets_time_pass(backlog(tasks=1, age=TOO_OLD), 0.0)


def test_without_staff_no_task_stops_the_time() -> None:
    governor = Governor(has_staff=False)

    assert governor.lets_time_pass(backlog(tasks=1, age=TOO_OLD), 0.0)


def test_time_waits_for_files_and_for_wakes() -> None:
    governor = Governor(has_staff=False)

    assert not governor.lets_time_pass(backlog(outbox=50), 0.0)
    assert not governor.lets_time_pass(backlog(wakes=500), 0.0)
    assert not governor.lets_time_pass(backlog(unread=1), 0.0)


def test_what_nobody_can_answer_stops_the_world_for_a_while_only() -> None:
    governor, stuck = Governor(has_staff=True), backlog(tasks=1, age=TOO_OLD)
    governor.lets_time_pass(stuck, 0.0)

    assert not governor.lets_time_pass(stuck, PAUSE_MAX_SECONDS - 0.1)
    assert governor.lets_time_pass(stuck, PAUSE_MAX_SECONDS)
    assert governor.lets_time_pass(stuck, PAUSE_MAX_SECONDS + BREATH_SECONDS / 2)
    assert not governor.lets_time_pass(stuck, PAUSE_MAX_SECONDS + BREATH_SECONDS)


def test_nothing_is_undone_only_when_no_task_is_open() -> None:
    assert backlog().is_nothing
    assert not backlog(tasks=1).is_nothing
