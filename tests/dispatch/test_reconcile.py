"""What an engine forgets is found again in the database: all that is open, and all that stands
still."""

import datetime as dt
import hashlib
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update

from casework import holds, subjects, unsent
from casework.holds import HoldScope
from casework.moment import moment
from casework.steps import stepping
from db.models import ClockSegment, Outbox, Subject, Task, Wait, Wake
from dispatch import reconcile
from domain.clock import end_of_day
from domain.steps import EncounterStep, StepRequest
from domain.tasks import Role, TaskKind
from tests.dispatch.partner import x12
from tests.workflows.clinic import OPENING, Clinic


def test_a_new_engine_adopts_everything_that_is_open_once(clinic: Clinic) -> None:
    one, two, closed = clinic.register(), clinic.register(), clinic.register()
    with clinic.sessions.begin() as session:
        session.execute(update(Subject).where(Subject.key == closed).values(is_open=False))
    _forget_wakes(clinic)

    first = reconcile.adopt_if_new(clinic.sessions, "engine-1")
    same = reconcile.adopt_if_new(clinic.sessions, "engine-1")
    _forget_wakes(clinic)
    other = reconcile.adopt_if_new(clinic.sessions, "engine-2")

    assert (first, same, other) == (2, 0, 2)
    assert _woken(clinic) == [one, two]


def test_what_is_ready_and_has_not_moved_is_woken_again(clinic: Clinic) -> None:
    key = clinic.register()
    _forget_wakes(clinic)

    at_once = reconcile.sweep(clinic.sessions)
    _later(clinic, dt.timedelta(minutes=1))
    later = reconcile.sweep(clinic.sessions)
    once_more = reconcile.sweep(clinic.sessions)

    # It was only registered: its workflow should have asked for the eligibility long ago.
    assert (at_once, later, once_more) == (0, 1, 0)
    assert _woken(clinic) == [key]


def test_what_waits_is_left_in_peace_until_its_deadline_has_passed(clinic: Clinic) -> None:
    key = clinic.register()
    _take(clinic, key, EncounterStep.ASK_ELIGIBILITY)
    _forget_wakes(clinic)

    _later(clinic, dt.timedelta(hours=1))
    waiting = reconcile.sweep(clinic.sessions)
    _later(clinic, dt.timedelta(days=2))
    _forget_wakes(clinic)
    reconcile.sweep(clinic.sessions)

    assert waiting == 0
    assert key in _woken(clinic)


def test_what_is_held_is_not_polled_until_its_hold_has_ended(clinic: Clinic) -> None:
    key = clinic.register()
    _take(clinic, key, EncounterStep.ASK_ELIGIBILITY)
    _hold(clinic, key, days=10)
    _forget_wakes(clinic)

    _later(clinic, dt.timedelta(days=5))
    held = reconcile.sweep(clinic.sessions)
    _later(clinic, dt.timedelta(days=12))
    reconcile.sweep(clinic.sessions)

    assert held == 0
    assert key in _woken(clinic)


def test_a_route_with_something_queued_too_long_is_woken(clinic: Clinic) -> None:
    _take(clinic, clinic.register(), EncounterStep.ASK_ELIGIBILITY)
    _forget_wakes(clinic)

    _later(clinic, dt.timedelta(hours=6))
    reconcile.sweep(clinic.sessions)

    assert _woken(clinic) == [subjects.batch_key("clearinghouse")]


def _take(clinic: Clinic, key: str, step: EncounterStep) -> None:
    with clinic.sessions.begin() as session:
        request = StepRequest(subject=key, rev=1, step=step, real_now=clinic.clock())
        stepping.take_step(session, request)


def _hold(clinic: Clinic, key: str, days: int) -> None:
    with clinic.people.begin() as session:
        now = clinic.moment(session)
        scope = HoldScope(encounter_id=clinic.encounter_row(session, key).id)
        until_on = now.today + dt.timedelta(days=days)
        by = clinic.user(session, Role.SUPERVISOR)
        holds.hold(session, scope, "asked to", until_on, by=by, now=now)


def _later(clinic: Clinic, span: dt.timedelta) -> None:
    """The business moment is this much after the practice opened."""
    with clinic.sessions.begin() as session:
        session.add(
            ClockSegment(
                real_start=clinic.clock().timestamp(),
                business_start=OPENING + span,
                speed=1.0,
                is_running=True,
            )
        )


def _forget_wakes(clinic: Clinic) -> None:
    with clinic.sessions.begin() as session:
        session.execute(delete(Wake))


def _woken(clinic: Clinic) -> list[str]:
    with clinic.sessions() as session:
        return sorted(session.scalars(select(Wake.subject)))


def test_a_file_and_a_letter_are_escalated_on_their_own_dates(clinic: Clinic) -> None:
    """They have no workflow: the sweep keeps their dates."""
    clinic.take_in(b"This is no interchange.")
    clinic.take_in(b"Dear provider, thank you.", "mail")
    file, letter = sorted(clinic.open_tasks(), key=lambda task: task.due_on)

    escalated = [_escalated_after(clinic, task) for task in (file, letter)]
    with clinic.sessions() as session:
        again = session.scalars(
            select(Wait.until_at).where(Wait.task_id == letter.id, Wait.ended_at.is_(None))
        ).one()

    assert (file.kind, letter.kind) == (TaskKind.QUARANTINED_FILE, TaskKind.MAIL_TO_SORT)
    assert escalated == [([], [file.id]), ([file.id], [file.id, letter.id])]
    assert all(task.answered_at is None for task in clinic.open_tasks())
    assert again > _end_of(letter.due_on)


def test_a_file_that_was_not_sent_is_escalated_on_its_own_date(clinic: Clinic) -> None:
    content = x12(usage=b"P")
    with clinic.sessions.begin() as session:
        now = moment(session)
        row = Outbox(
            route="clearinghouse", name="one.x12", content=content, asked_at=now.at,
            sha256=hashlib.sha256(content).hexdigest(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        assert unsent.refuse_if_wrong(session, row, now)
    (task,) = clinic.open_tasks()

    escalated = _escalated_after(clinic, task)

    assert task.kind is TaskKind.EXCHANGE_PROBLEM
    assert escalated == ([], [task.id])


def _escalated_after(clinic: Clinic, task: Task) -> tuple[list[int], list[int]]:
    """The escalated tasks after a sweep just before the task's date ends, and just after it."""
    seen = []
    for minutes in (-1, 1):
        _later(clinic, _end_of(task.due_on) + dt.timedelta(minutes=minutes) - OPENING)
        reconcile.sweep(clinic.sessions)
        seen.append([each.id for each in clinic.open_tasks() if each.is_escalated])
    return seen[0], seen[1]


def _end_of(day: dt.date) -> dt.datetime:
    return end_of_day(day, ZoneInfo("America/Chicago"))
