"""A file that waits on a route with days and hours is stuck once the route has been open for a
minute, and not before."""

import pytest

from tests.verify.conftest import Breaker
from tests.verify.mutants import AGAIN

PROMISE = "files go out"
# A file of the route `statements` that waits for two minutes, on a route with these hours: its
# hours and days are told from the hour and the day on which the world stands still.
WAITS = (
    AGAIN.format(minutes=2)
    + """
    INSERT INTO route (name, sends_on, sends_from_hour, sends_until_hour)
    SELECT 'statements', {days}, {first}, {last}
    FROM (SELECT extract(hour FROM at)::int AS hour, extract(isodow FROM at)::int AS day FROM (
        SELECT business_start AT TIME ZONE p.time_zone AS at FROM clock_segment, practice p
        ORDER BY clock_segment.id DESC LIMIT 1) n) now;
"""
)
EVERY = "'1234567'"


def waits(days: str, first: str, last: str) -> str:
    return WAITS.format(days=days, first=first, last=last)


@pytest.mark.parametrize(
    "sql",
    [
        waits(EVERY, "hour - 1", "hour + 1"),
        waits("day::text", "hour - 1", "hour + 1"),
        waits(EVERY, "0", "24"),
    ],
    ids=["in its hours", "on its day", "always"],
)
def test_a_file_waits_in_vain_while_the_route_is_open(sql: str, break_by: Breaker) -> None:
    assert PROMISE in break_by(sql)


@pytest.mark.parametrize(
    "sql",
    [
        waits(EVERY, "hour + 1", "hour + 2"),
        waits(EVERY, "hour - 2", "hour"),
        waits("replace('1234567', day::text, '')", "hour - 1", "hour + 1"),
    ],
    ids=["before its hours", "after its hours", "on another day"],
)
def test_a_file_waits_rightly_while_the_route_is_shut(sql: str, break_by: Breaker) -> None:
    assert PROMISE not in break_by(sql)


@pytest.mark.parametrize(("seconds", "is_stuck"), [(59, False), (61, True)])
def test_a_route_that_has_just_opened_has_a_minute(
    seconds: int, is_stuck: bool, break_by: Breaker
) -> None:
    opened = f"""
        UPDATE clock_segment SET business_start = date_trunc('hour', business_start)
                                                  + interval '{seconds} seconds';
    """

    assert (PROMISE in break_by(opened + waits(EVERY, "hour", "hour + 1"))) is is_stuck


def test_a_pause_excuses_whatever_the_hours(break_by: Breaker) -> None:
    paused = "UPDATE route SET paused_at = now(), paused_because = 'x' WHERE name = 'statements';"

    assert PROMISE not in break_by(waits(EVERY, "0", "24") + paused)
