"""Now, as one value: the real instant, the business instant, and the practice's date of it."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ClockSegment, Practice
from domain.clock import Segment, add_business_days, business_date, end_of_day

# A timer may be early, never far: an early one looks again and waits on.
WAIT_MIN = dt.timedelta(milliseconds=50)
WAIT_MAX = dt.timedelta(days=60)
# While business time stands still no deadline comes nearer: look now and then, not all the time.
STANDSTILL_WAIT_MIN = dt.timedelta(milliseconds=400)


@dataclass(frozen=True, kw_only=True)
class Moment:
    real: dt.datetime
    at: dt.datetime
    zone: ZoneInfo
    speed: float
    is_running: bool = True

    @property
    def today(self) -> dt.date:
        return business_date(self.at, self.zone)

    def business_days(self, count: int) -> dt.date:
        return add_business_days(self.today, count)

    def end_of(self, day: dt.date) -> dt.datetime:
        """A deadline on a date expires when that date ends where the practice is."""
        return end_of_day(day, self.zone)

    def real_wait(self, until_at: dt.datetime) -> dt.timedelta:
        """Real time until a business instant at the present speed, within the limits of a timer."""
        missing = (until_at - self.at) / self.speed
        shortest = WAIT_MIN if self.is_running else STANDSTILL_WAIT_MIN
        return min(max(missing, shortest), WAIT_MAX)


def moment(session: Session, real: dt.datetime | None = None) -> Moment:
    """The moment of `real` (default: now) by the clock's last segment; without one, real time."""
    real = real or dt.datetime.now(dt.UTC)
    segment = segment_in_force(session) or Segment(
        real_start=real, business_start=real, speed=1.0, running=True
    )
    zone = session.scalar(select(Practice.time_zone).order_by(Practice.id).limit(1)) or "UTC"
    return Moment(
        real=real,
        at=segment.business_at(real),
        zone=ZoneInfo(zone),
        speed=segment.speed,
        is_running=segment.running,
    )


def segment_in_force(session: Session) -> Segment | None:
    row = session.scalar(select(ClockSegment).order_by(ClockSegment.id.desc()).limit(1))
    if row is None:
        return None
    return Segment(
        real_start=dt.datetime.fromtimestamp(row.real_start, dt.UTC),
        business_start=row.business_start,
        speed=row.speed,
        running=row.is_running,
    )
