"""What an engine forgets is found again in the database: all that is open, and all that stands
still."""

import datetime as dt

from sqlalchemy import delete, select, update

from casework import subjects
from casework.steps import stepping
from db.models import ClockSegment, Subject, Wake
from dispatch import reconcile
from domain.steps import EncounterStep, StepRequest
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
