"""Business time by segments of real time, and the calendar of business days.

A stopped stretch passes no business time, whatever its length; in production there is one segment
with speed 1.
"""

import calendar
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Self

DAY_SECONDS = 86_400
BUSINESS_DAYS_MAX = 5_000
SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class Segment:
    """From `real_start` on, business time goes from `business_start`, `speed` times as fast."""

    real_start: dt.datetime
    business_start: dt.datetime
    speed: float
    running: bool

    def __post_init__(self) -> None:
        _require_aware(self.real_start)
        _require_aware(self.business_start)
        if self.speed <= 0:
            raise ValueError(f"The clock's speed must be above zero, not {self.speed}.")

    def business_at(self, real: dt.datetime) -> dt.datetime:
        if not self.running or real <= self.real_start:
            return self.business_start
        return self.business_start + (real - self.real_start) * self.speed


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Segments in the order of their real starts; the last one rules from its start on."""

    segments: tuple[Segment, ...]

    def __post_init__(self) -> None:
        if not self.segments:
            raise ValueError("A clock needs at least one segment.")
        if any(later.real_start < earlier.real_start for earlier, later in pairwise(self.segments)):
            raise ValueError("The clock's segments must be in the order of their real starts.")

    @property
    def is_running(self) -> bool:
        return self.segments[-1].running

    @property
    def speed(self) -> float:
        return self.segments[-1].speed

    def business_at(self, real: dt.datetime) -> dt.datetime:
        _require_aware(real)
        ruling = self.segments[0]
        for segment in self.segments:
            if segment.real_start <= real:
                ruling = segment
        return ruling.business_at(real)

    def real_wait(self, until_business: dt.datetime, now_real: dt.datetime) -> dt.timedelta | None:
        """How long to wait in real time; zero when it is due, None while the clock stands still."""
        missing = until_business - self.business_at(now_real)
        if missing <= dt.timedelta(0):
            return dt.timedelta(0)
        return missing / self.speed if self.is_running else None

    def stopped(self, at_real: dt.datetime) -> Self:
        """Stand still from `at_real` on; the business moment is kept."""
        return self._with(at_real, speed=self.speed, running=False)

    def started(self, at_real: dt.datetime, *, speed: float) -> Self:
        """Go on from the business moment at which the clock stood, or change its speed."""
        return self._with(at_real, speed=speed, running=True)

    def _with(self, at_real: dt.datetime, *, speed: float, running: bool) -> Self:
        # A machine's clock may have been set back: a segment never starts before the last one.
        start = max(at_real, self.segments[-1].real_start)
        segment = Segment(
            real_start=start,
            business_start=self.business_at(start),
            speed=speed,
            running=running,
        )
        return type(self)(segments=(*self.segments, segment))


def clock_to_json(clock: Clock) -> str:
    """The form of `clock.json`, docs/exchange.md."""
    segments = [
        {
            "real_start": segment.real_start.timestamp(),
            "business_start": segment.business_start.astimezone(dt.UTC).isoformat(),
            "speed": segment.speed,
            "running": segment.running,
        }
        for segment in clock.segments
    ]
    return json.dumps({"segments": segments})


def clock_from_json(text: str) -> Clock:
    return Clock(
        segments=tuple(
            Segment(
                real_start=dt.datetime.fromtimestamp(float(entry["real_start"]), dt.UTC),
                business_start=dt.datetime.fromisoformat(str(entry["business_start"])),
                speed=float(entry["speed"]),
                running=entry["running"] is True,
            )
            for entry in json.loads(text)["segments"]
        )
    )


def days_per_second(days: float) -> float:
    """The speed of a clock on which `days` calendar days pass in a real second."""
    return days * DAY_SECONDS


def end_of_day(day: dt.date, tz: dt.tzinfo) -> dt.datetime:
    """The instant at which a deadline on `day` expires: the start of the next day there, in UTC."""
    next_day = day + dt.timedelta(days=1)
    return dt.datetime.combine(next_day, dt.time(), tzinfo=tz).astimezone(dt.UTC)


def business_date(instant: dt.datetime, tz: dt.tzinfo) -> dt.date:
    _require_aware(instant)
    return instant.astimezone(tz).date()


def is_business_day(day: dt.date) -> bool:
    return day.weekday() < SATURDAY and day not in federal_holidays(day.year)


def month_end(on: dt.date) -> dt.date:
    """The last day of the month in which `on` lies."""
    return on.replace(day=calendar.monthrange(on.year, on.month)[1])


def add_business_days(day: dt.date, count: int) -> dt.date:
    """The `count`-th business day after `day`, or before it when negative; zero is `day` itself."""
    if abs(count) > BUSINESS_DAYS_MAX:
        raise ValueError(f"{count} business days is more than {BUSINESS_DAYS_MAX}.")
    step = dt.timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_business_day(day)
    return day


def business_day_on_or_after(day: dt.date) -> dt.date:
    return day if is_business_day(day) else add_business_days(day, 1)


@lru_cache(maxsize=128)
def federal_holidays(year: int) -> frozenset[dt.date]:
    """The days on which federal offices rest in `year` (5 U.S.C. 6103), as observed."""
    # The New Year's Day of the next year is observed on December 31 when it is a Saturday.
    fixed = [_observed(day) for day in (*_fixed_holidays(year), dt.date(year + 1, 1, 1))]
    return frozenset(day for day in (*fixed, *_floating_holidays(year)) if day.year == year)


def _fixed_holidays(year: int) -> Sequence[dt.date]:
    juneteenth = [dt.date(year, 6, 19)] if year >= 2021 else []  # noqa: PLR2004 - Public Law 117-17
    return [
        dt.date(year, 1, 1),
        *juneteenth,
        dt.date(year, 7, 4),
        dt.date(year, 11, 11),
        dt.date(year, 12, 25),
    ]


def _floating_holidays(year: int) -> Sequence[dt.date]:
    return [
        _nth_monday(year, 1, 3),
        _nth_monday(year, 2, 3),
        _nth_monday(year, 6, 1) - dt.timedelta(days=7),
        _nth_monday(year, 9, 1),
        _nth_monday(year, 10, 2),
        _nth_weekday(year, 11, weekday=3, nth=4),
    ]


def _observed(day: dt.date) -> dt.date:
    shift = {SATURDAY: -1, SATURDAY + 1: 1}.get(day.weekday(), 0)
    return day + dt.timedelta(days=shift)


def _nth_monday(year: int, month: int, nth: int) -> dt.date:
    return _nth_weekday(year, month, weekday=0, nth=nth)


def _nth_weekday(year: int, month: int, *, weekday: int, nth: int) -> dt.date:
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _require_aware(instant: dt.datetime) -> None:
    if instant.tzinfo is None:
        raise ValueError(f"The clock needs instants with a time zone, not {instant.isoformat()}.")
