"""Business time never runs while the system stands, and the calendar is the federal one."""

import datetime as dt
import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import (
    Clock,
    Segment,
    add_business_days,
    business_date,
    business_day_on_or_after,
    clock_from_json,
    clock_to_json,
    days_per_second,
    end_of_day,
    federal_holidays,
    is_business_day,
)

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
OPENING = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
CHICAGO = ZoneInfo("America/Chicago")


def seconds(count: float) -> dt.timedelta:
    return dt.timedelta(seconds=count)


def days(count: float) -> dt.timedelta:
    return dt.timedelta(days=count)


def fast_clock(*, speed: float = days_per_second(1), running: bool = True) -> Clock:
    return Clock(
        segments=(Segment(real_start=NOON, business_start=OPENING, speed=speed, running=running),)
    )


def test_a_calendar_day_passes_in_a_second() -> None:
    clock = fast_clock()

    assert clock.business_at(NOON + seconds(30)) == OPENING + days(30)


def test_a_stopped_clock_stands_still_however_long_the_night() -> None:
    clock = fast_clock().stopped(NOON + seconds(10))

    assert clock.business_at(NOON + days(300)) == OPENING + days(10)


def test_a_started_clock_goes_on_from_where_it_stood() -> None:
    morning = NOON + days(1)

    clock = fast_clock().stopped(NOON + seconds(10)).started(morning, speed=days_per_second(2))

    assert clock.business_at(morning) == OPENING + days(10)
    assert clock.business_at(morning + seconds(1)) == OPENING + days(12)


def test_a_change_of_speed_moves_no_business_moment() -> None:
    changed_at = NOON + seconds(5)

    clock = fast_clock().started(changed_at, speed=1.0)

    assert clock.business_at(changed_at) == OPENING + days(5)
    assert clock.business_at(changed_at + seconds(60)) == OPENING + days(5) + seconds(60)


def test_moments_of_earlier_segments_keep_their_business_time() -> None:
    clock = fast_clock().stopped(NOON + seconds(10)).started(NOON + days(1), speed=1.0)

    assert clock.business_at(NOON + seconds(3)) == OPENING + days(3)
    assert clock.business_at(NOON + seconds(60)) == OPENING + days(10)


def test_before_the_first_segment_the_business_start_holds() -> None:
    assert fast_clock().business_at(NOON - days(9)) == OPENING


def test_a_machine_clock_set_back_never_turns_business_time_back() -> None:
    clock = fast_clock().stopped(NOON + seconds(10))

    restarted = clock.started(NOON + seconds(2), speed=days_per_second(1))

    assert restarted.business_at(NOON + seconds(10)) == OPENING + days(10)
    assert restarted.segments[-1].real_start == NOON + seconds(10)


def test_the_wait_for_a_business_day_is_given_in_real_time() -> None:
    assert fast_clock().real_wait(OPENING + days(30), NOON) == seconds(30)


def test_what_is_due_waits_no_longer() -> None:
    assert fast_clock().real_wait(OPENING, NOON + seconds(1)) == seconds(0)


def test_a_standing_clock_promises_no_moment() -> None:
    assert fast_clock(running=False).real_wait(OPENING + days(1), NOON) is None


def test_what_is_due_is_due_on_a_standing_clock_too() -> None:
    assert fast_clock(running=False).real_wait(OPENING, NOON) == seconds(0)


@given(speed=st.floats(min_value=0.01, max_value=1_000_000), ahead=st.integers(0, 10_000_000))
def test_after_the_wait_the_awaited_moment_has_come(speed: float, ahead: int) -> None:
    clock = fast_clock(speed=speed)
    awaited = OPENING + seconds(ahead)

    wait = clock.real_wait(awaited, NOON)

    assert wait is not None
    # One microsecond of real time is the clock's grain, `speed` microseconds of business time.
    assert clock.business_at(NOON + wait) >= awaited - dt.timedelta(microseconds=speed + 1)


moments_of_three_hours = st.integers(-100, 10_800).map(lambda count: NOON + seconds(count))


@given(
    stops=st.lists(st.integers(0, 10_000), max_size=8),
    moments=st.tuples(moments_of_three_hours, moments_of_three_hours),
)
def test_business_time_never_runs_backwards(
    stops: list[int], moments: tuple[dt.datetime, dt.datetime]
) -> None:
    clock = fast_clock()
    for order, stop in enumerate(stops):
        at = NOON + seconds(stop)
        clock = clock.stopped(at) if order % 2 else clock.started(at, speed=float(stop + 1))

    earlier, later = sorted(moments)

    assert clock.business_at(earlier) <= clock.business_at(later)


def test_the_file_is_the_one_the_exchange_contract_names() -> None:
    written = json.loads(clock_to_json(fast_clock()))

    assert written == {
        "segments": [
            {
                "real_start": NOON.timestamp(),
                "business_start": "2026-01-05T00:00:00+00:00",
                "speed": 86_400.0,
                "running": True,
            }
        ]
    }


def test_a_clock_survives_its_file() -> None:
    clock = fast_clock().stopped(NOON + seconds(1.5)).started(NOON + days(1), speed=60.0)

    assert clock_from_json(clock_to_json(clock)) == clock


def test_a_clock_without_segments_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one segment"):
        Clock(segments=())


def test_segments_out_of_order_are_refused() -> None:
    first = fast_clock().segments[0]
    earlier = Segment(real_start=NOON - days(1), business_start=OPENING, speed=1.0, running=True)

    with pytest.raises(ValueError, match="in the order"):
        Clock(segments=(first, earlier))


@pytest.mark.parametrize("speed", [0.0, -1.0])
def test_a_clock_that_stands_or_runs_back_by_its_speed_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        fast_clock(speed=speed)


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        fast_clock().business_at(dt.datetime(2026, 1, 5))  # noqa: DTZ001


def test_a_deadline_expires_at_the_end_of_its_day_where_the_practice_is() -> None:
    assert end_of_day(dt.date(2026, 1, 5), CHICAGO) == dt.datetime(2026, 1, 6, 6, tzinfo=dt.UTC)


def test_the_day_of_the_change_to_summer_time_is_an_hour_short() -> None:
    spring = dt.date(2026, 3, 8)

    length = end_of_day(spring, CHICAGO) - end_of_day(spring - days(1), CHICAGO)

    assert length == dt.timedelta(hours=23)


def test_the_business_date_is_the_practices_own() -> None:
    late_evening = dt.datetime(2026, 1, 6, 5, 59, tzinfo=dt.UTC)

    assert business_date(late_evening, CHICAGO) == dt.date(2026, 1, 5)


def test_the_federal_holidays_of_2026_are_the_published_ones() -> None:
    assert sorted(federal_holidays(2026)) == [
        dt.date(2026, 1, 1),
        dt.date(2026, 1, 19),
        dt.date(2026, 2, 16),
        dt.date(2026, 5, 25),
        dt.date(2026, 6, 19),
        dt.date(2026, 7, 3),  # July 4 is a Saturday.
        dt.date(2026, 9, 7),
        dt.date(2026, 10, 12),
        dt.date(2026, 11, 11),
        dt.date(2026, 11, 26),
        dt.date(2026, 12, 25),
    ]


def test_a_saturdays_new_year_is_observed_in_the_old_year() -> None:
    assert dt.date(2021, 12, 31) in federal_holidays(2021)
    assert not any(day.month == 1 and day.day == 1 for day in federal_holidays(2022))


def test_a_sundays_holiday_is_observed_on_monday() -> None:
    assert dt.date(2027, 7, 5) in federal_holidays(2027)


def test_juneteenth_is_no_holiday_before_it_was_one() -> None:
    assert dt.date(2020, 6, 19) not in federal_holidays(2020)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2026, 1, 5), True),
        (dt.date(2026, 1, 3), False),
        (dt.date(2026, 1, 4), False),
        (dt.date(2026, 11, 26), False),
    ],
)
def test_weekends_and_holidays_are_no_business_days(day: dt.date, expected: bool) -> None:
    assert is_business_day(day) is expected


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (dt.date(2026, 1, 5), 1, dt.date(2026, 1, 6)),
        (dt.date(2026, 1, 2), 1, dt.date(2026, 1, 5)),
        (dt.date(2026, 1, 3), 1, dt.date(2026, 1, 5)),
        (dt.date(2026, 1, 16), 1, dt.date(2026, 1, 20)),
        (dt.date(2026, 11, 25), 2, dt.date(2026, 11, 30)),
        (dt.date(2026, 1, 5), -1, dt.date(2026, 1, 2)),
        (dt.date(2026, 1, 3), 0, dt.date(2026, 1, 3)),
    ],
)
def test_business_days_skip_weekends_and_holidays(
    start: dt.date, count: int, expected: dt.date
) -> None:
    assert add_business_days(start, count) == expected


def test_an_absurd_count_of_business_days_is_refused() -> None:
    with pytest.raises(ValueError, match="more than"):
        add_business_days(dt.date(2026, 1, 5), 1_000_000)


def test_a_deadline_on_a_weekend_moves_to_the_next_business_day() -> None:
    assert business_day_on_or_after(dt.date(2026, 1, 17)) == dt.date(2026, 1, 20)
    assert business_day_on_or_after(dt.date(2026, 1, 20)) == dt.date(2026, 1, 20)
