"""Business days and the reader of the clock's segments."""

import datetime as dt
import json
from pathlib import Path

from sim.clock import read_segment
from sim.days import add_business_days, is_business_day, next_business_day


def test_federal_holidays_are_no_business_days() -> None:
    assert not is_business_day(dt.date(2026, 1, 19))
    assert not is_business_day(dt.date(2026, 5, 25))
    assert not is_business_day(dt.date(2026, 7, 3))
    assert not is_business_day(dt.date(2026, 11, 26))
    assert is_business_day(dt.date(2026, 1, 20))


def test_a_weekend_is_stepped_over() -> None:
    assert next_business_day(dt.date(2026, 1, 10)) == dt.date(2026, 1, 12)
    assert add_business_days(dt.date(2026, 1, 9), 1) == dt.date(2026, 1, 12)


def test_the_last_segment_rules_and_a_stopped_clock_stands(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    segment = {"real_start": 100.0, "business_start": "2026-01-05T00:00:00Z", "speed": 86400.0}
    path.write_text(json.dumps({"segments": [{**segment, "running": True}]}))

    running = read_segment(path)
    path.write_text(json.dumps({"segments": [{**segment, "running": False}]}))
    stopped = read_segment(path)

    assert running is not None
    assert stopped is not None
    assert running.at(102.0) == dt.datetime(2026, 1, 7, tzinfo=dt.UTC)
    assert stopped.at(102.0) == dt.datetime(2026, 1, 5, tzinfo=dt.UTC)


def test_no_clock_yet_is_no_time(tmp_path: Path) -> None:
    assert read_segment(tmp_path / "clock.json") is None
