"""Business time as `clock.json` tells it; the simulator's own reader of the segments."""

import datetime as dt
import json
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Segment:
    real_start: float
    business_start: dt.datetime
    speed: float
    running: bool

    def at(self, real: float) -> dt.datetime:
        if not self.running:
            return self.business_start
        passed = max(0.0, real - self.real_start) * self.speed
        return self.business_start + dt.timedelta(seconds=passed)


def read_segment(path: Path) -> Segment | None:
    """The segment that rules now, or None while no clock has been written."""
    try:
        last = json.loads(path.read_text())["segments"][-1]
    except (FileNotFoundError, json.JSONDecodeError, KeyError, IndexError):
        return None
    began = dt.datetime.fromisoformat(last["business_start"])
    return Segment(
        real_start=float(last["real_start"]),
        business_start=began if began.tzinfo else began.replace(tzinfo=dt.UTC),
        speed=float(last["speed"]),
        running=bool(last["running"]),
    )


def business_now(home: Path) -> dt.datetime | None:
    segment = read_segment(home / "clock.json")
    return segment.at(time.time()) if segment else None
