"""The strip of an encounter: who waited for whom, and for how long."""

import datetime as dt

from db.models import Wait
from web.track import DAY, Part, track

BEGAN = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def _wait(kind: str, since: int, ended: int | None, until: int = 90) -> Wait:
    return Wait(
        kind=kind,
        since_at=BEGAN + since * DAY,
        until_at=BEGAN + until * DAY,
        ended_at=None if ended is None else BEGAN + ended * DAY,
    )


def test_the_payers_time_ours_and_what_is_planned_add_up_to_the_whole() -> None:
    waits = [_wait("message", 2, 32), _wait("task", 32, None, until=50)]

    shown = track(waits, BEGAN, BEGAN + 40 * DAY, None)

    assert shown is not None
    assert [s.part for s in shown.stretches] == [Part.WORK, Part.THEIRS, Part.OURS, Part.PLANNED]
    assert [s.days for s in shown.stretches] == [2, 30, 8, 10]
    assert sum(s.width for s in shown.stretches) == 100
    assert shown.now_x == 80


def test_where_several_wait_at_once_it_waits_for_us() -> None:
    waits = [_wait("message", 0, 30), _wait("task", 10, 20)]

    shown = track(waits, BEGAN, BEGAN + 30 * DAY, BEGAN + 30 * DAY)

    assert shown is not None
    assert [(s.part, s.days) for s in shown.stretches] == [
        (Part.THEIRS, 10), (Part.OURS, 10), (Part.THEIRS, 10),
    ]  # fmt: skip
    assert shown.days[Part.OURS] == 10


def test_neighbouring_waits_of_one_kind_are_one_stretch() -> None:
    waits = [_wait("batch", 0, 1), _wait("message", 1, 9), _wait("timer", 9, 12)]

    shown = track(waits, BEGAN, BEGAN + 12 * DAY, BEGAN + 12 * DAY)

    assert shown is not None
    assert [(s.part, s.days) for s in shown.stretches] == [(Part.THEIRS, 12)]


def test_what_began_only_now_has_no_strip() -> None:
    assert track([], BEGAN, BEGAN, None) is None
