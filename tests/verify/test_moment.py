"""The moment: business time by the clock's rows, and no blame for a night off."""

import datetime as dt

from verify.moment import LONG_AGO, Stretch, moment

REAL = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
BUSINESS = dt.datetime(2026, 1, 5, 15, tzinfo=dt.UTC)
DAY = 86_400.0


def stretch(seconds_ago: float, *, speed: float = 1.0, is_running: bool = True) -> Stretch:
    return Stretch(REAL.timestamp() - seconds_ago, BUSINESS, speed, is_running)


def test_business_time_runs_as_fast_as_the_last_row_says() -> None:
    found = moment(REAL, [stretch(10, speed=DAY)], "UTC")

    assert found.now_at == BUSINESS + dt.timedelta(days=10)


def test_a_stopped_clock_stands() -> None:
    found = moment(REAL, [stretch(10, is_running=False), stretch(500)], "UTC")

    assert found.now_at == BUSINESS
    assert found.quiet_at == REAL - dt.timedelta(seconds=70)


def test_right_after_a_start_nothing_is_stuck_yet() -> None:
    found = moment(REAL, [stretch(10), stretch(50_000, is_running=False)], "UTC")

    assert found.quiet_at == LONG_AGO


def test_a_deadline_is_late_after_three_business_days() -> None:
    found = moment(REAL, [stretch(0)], "UTC")

    # From a Monday back over the weekend to Wednesday.
    assert found.late_at == BUSINESS - dt.timedelta(days=5)


def test_a_fast_clock_gives_a_minute_of_real_time() -> None:
    found = moment(REAL, [stretch(0, speed=5 * DAY)], "UTC")

    assert found.late_at == BUSINESS - dt.timedelta(days=300)


def test_without_a_clock_time_is_real() -> None:
    found = moment(REAL, [], "UTC")

    assert found.now_at == REAL


def test_the_date_is_the_practices_own() -> None:
    early = Stretch(REAL.timestamp(), dt.datetime(2026, 1, 6, 3, tzinfo=dt.UTC), 1.0, False)

    found = moment(REAL, [early], "America/Chicago")

    assert found.today == dt.date(2026, 1, 5)
    assert str(found.local_at) == "2026-01-05 21:00:00"
    assert str(found.open_by) == "2026-01-05 20:59:00"
