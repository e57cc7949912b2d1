"""Business days: Monday to Friday less the federal holidays."""

import datetime as dt
from functools import cache

DAY = dt.timedelta(days=1)
SATURDAY = 5


def is_business_day(day: dt.date) -> bool:
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


def next_business_day(day: dt.date) -> dt.date:
    """The day itself when the world works on it, else the first that follows."""
    while not is_business_day(day):
        day += DAY
    return day


def add_business_days(day: dt.date, count: int) -> dt.date:
    day = next_business_day(day)
    for _ in range(count):
        day = next_business_day(day + DAY)
    return day


@cache
def _holidays(year: int) -> frozenset[dt.date]:
    fixed = {_observed(dt.date(year, month, day)) for month, day in _FIXED}
    moving = {_nth(year, month, weekday, nth) for month, weekday, nth in _MOVING}
    memorial = dt.date(year, 5, 31)
    memorial -= DAY * memorial.weekday()
    return frozenset(fixed | moving | {memorial})


_FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
_MOVING = ((1, 0, 3), (2, 0, 3), (9, 0, 1), (10, 0, 2), (11, 3, 4))


def _observed(day: dt.date) -> dt.date:
    shift = {5: -DAY, 6: DAY}.get(day.weekday(), dt.timedelta())
    return day + shift


def _nth(year: int, month: int, weekday: int, nth: int) -> dt.date:
    first = dt.date(year, month, 1)
    return first + DAY * ((weekday - first.weekday()) % 7 + 7 * (nth - 1))
