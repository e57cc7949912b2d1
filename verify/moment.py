"""The business moment by the clock's own rows, and since when standing still means being stuck."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

# News is delivered within seconds; what has not moved for a minute of running time will not.
STUCK_AFTER = dt.timedelta(minutes=1)
# A deadline is noticed at once; a long weekend and a restart are no excuse for more than this.
OVERDUE_BUSINESS_DAYS = 3
WEEKEND = 5
LONG_AGO = dt.datetime(1970, 1, 2, tzinfo=dt.UTC)


class Stretch(NamedTuple):
    """One row of the clock: from `real_start` on, business time runs so fast, or stands."""

    real_start: float
    business_start: dt.datetime
    speed: float
    is_running: bool


@dataclass(frozen=True, kw_only=True)
class Moment:
    """`late_at`: deadlines (business) before it were missed. `quiet_at`: what last moved (real)
    before it, while the system ran, does not move. `local_at` is the practice's wall clock, and
    `open_by` what it showed when whatever opened then had time enough by now."""

    now_at: dt.datetime
    today: dt.date
    local_at: dt.datetime
    open_by: dt.datetime
    late_at: dt.datetime
    quiet_at: dt.datetime

    def parameters(self) -> dict[str, dt.datetime | dt.date]:
        return {
            "now_at": self.now_at,
            "today": self.today,
            "local_at": self.local_at,
            "open_by": self.open_by,
            "late_at": self.late_at,
            "quiet_at": self.quiet_at,
        }


def moment(real_at: dt.datetime, newest_first: Sequence[Stretch], zone: str) -> Moment:
    """Without a clock's row business time is real time."""
    last = newest_first[0] if newest_first else None
    speed = last.speed if last else 1.0
    now_at = _business(real_at, last) if last else real_at
    before_at = now_at - STUCK_AFTER * speed
    local_at = _wall(now_at, zone)
    return Moment(
        now_at=now_at,
        today=local_at.date(),
        local_at=local_at,
        open_by=_wall(before_at, zone),
        late_at=min(_business_days_before(now_at), before_at),
        quiet_at=_quiet(real_at, newest_first),
    )


def _business(real_at: dt.datetime, last: Stretch) -> dt.datetime:
    passed = max(real_at.timestamp() - last.real_start, 0.0) if last.is_running else 0.0
    return last.business_start + dt.timedelta(seconds=passed * last.speed)


def _wall(at: dt.datetime, zone: str) -> dt.datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _business_days_before(at: dt.datetime) -> dt.datetime:
    left = OVERDUE_BUSINESS_DAYS
    while left:
        at -= dt.timedelta(days=1)
        left -= at.weekday() < WEEKEND
    return at


def _quiet(real_at: dt.datetime, newest_first: Sequence[Stretch]) -> dt.datetime:
    """A night off is nobody's fault: only the last stretch in which the clock ran counts."""
    if not newest_first:
        return real_at - STUCK_AFTER
    last, *earlier = newest_first
    began, ended = last.real_start, real_at.timestamp()
    if not last.is_running:
        began, ended = (earlier[0].real_start if earlier else 0.0), last.real_start
    quiet = dt.datetime.fromtimestamp(ended, dt.UTC) - STUCK_AFTER
    return quiet if quiet.timestamp() > began else LONG_AGO
