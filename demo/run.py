"""A whole system with an invented world: for a person to look at, or to run to its end
unattended.
"""

import datetime as dt
import json
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import SQLAlchemyError

from demo import oracle, summary
from demo.chaos import Nemesis
from demo.clock_keeper import ClockKeeper
from demo.governor import Backlog, Governor, backlog
from domain.clock import days_per_second
from domain.tasks import Role
from supervise.system import System

Json = dict[str, Any]

# An unattended run begins on a fixed day, so that two runs are alike (DESIGN 11).
FIXED_START = dt.datetime(2026, 1, 5, 14, tzinfo=dt.UTC)
BACK = dt.timedelta(days=112)
SPEED_OF_EXIT = 5.0
CATCHING_UP = 5.0
A_DAY_A_MINUTE = 1 / 60
# For a person: charts come in over the whole past, so that encounters stand in every stage. In its
# last weeks first those rest who wait for others' work (a query, an approval), then everybody, so
# that there is something left to do in every queue.
ARRIVE_OVER_DAYS = 106
SOME_REST_BEFORE = dt.timedelta(days=80)
STAFF_RESTS_BEFORE = dt.timedelta(days=32)
WORK_LONGEST = (Role.BILLER, Role.CODER)
FAST, RESTING, SLOW = "fast", "0", "0.015"
LOOK_EVERY = 0.1
# Everything must have been quiet for this long before the run is over.
QUIET_SECONDS = 2.0
LIMIT_SECONDS = 3_000
# A product that writes everything off must fail (DESIGN 11).
RECOVERED_MIN = 0.95


@dataclass(kw_only=True)
class Demo:
    """One demo on one home. `say` tells a person what goes on."""

    home: Path
    encounters: int
    seed: int
    days_per_second: float
    staff: str
    start: dt.datetime
    say: Callable[[str], None]
    users: list[tuple[str, str, str]]
    arrive_over_days: int = 15
    port: int | None = None
    screen: bool = False
    kill: Sequence[str] = ()
    lose_engine: bool = False

    def __post_init__(self) -> None:
        self.home = self.home.expanduser().absolute()
        self.keeper = ClockKeeper(
            self.home,
            lambda: self.system.database_url,
            start=self.start,
            speed=days_per_second(self.days_per_second),
        )
        self.system = System(
            self.home,
            demo=True,
            processes=self._processes(),
            port=self.port,
            arguments={"sim": self._world(), "staff": self._staff()},
            on_change=self.keeper.on_change,
            screen=self.screen,
        )
        self.nemesis = Nemesis(
            system=self.system,
            keeper=self.keeper,
            home=self.home,
            encounters=self.encounters,
            names=self.kill,
            seed=self.seed,
            loses_engine=self.lose_engine,
        )
        self.governor = Governor(has_staff=self.staff == "auto")
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            self._engine = create_engine(
                self.system.database_url, pool_pre_ping=True, hide_parameters=True
            )
        return self._engine

    def run_to_the_end(self, limit: float) -> bool:
        """Until every encounter is closed and the world owes nothing; False at the limit."""
        began, quiet_since = time.monotonic(), None
        self.nemesis.start()
        while time.monotonic() - began < limit and not self.system.is_stopping:
            undone = self.govern()
            if undone is not None and self._is_over(undone):
                self.nemesis.hurry()
                quiet_since = quiet_since or time.monotonic()
                if time.monotonic() - quiet_since > QUIET_SECONDS and self.nemesis.is_done:
                    return True
            else:
                quiet_since = None
            time.sleep(LOOK_EVERY)
        return False

    def govern(self) -> Backlog | None:
        """Let time pass only while the work keeps up; None while the database does not answer."""
        try:
            undone = backlog(self.engine, self.home, self.keeper.business_now)
        except SQLAlchemyError:
            return None
        if self.governor.lets_time_pass(undone, time.monotonic()):
            self.keeper.resume()
        else:
            self.keeper.pause()
        return undone

    def report(self, seconds: float) -> Json:
        from sim.books import read_books
        from verify.main import run as verify

        with self.engine.connect() as connection:
            told = summary.counts(connection)
            money = summary.money(connection)
            books = read_books(self.home)
            checked = verify(self.system.database_url)
            return {
                **told,
                "money": money,
                "recovered_share": _share(money["insurance_paid_cents"], books["expected_cents"]),
                "oracle": oracle.compare(connection, money, books),
                "verify": {"ok": checked.ok, "findings": checked.as_json()["findings"]},
                "faults": self.nemesis.faults,
                "seconds": round(seconds, 1),
            }

    def _is_over(self, undone: Backlog) -> bool:
        if not undone.is_nothing or self._world_owes() != 0:
            return False
        try:
            with self.engine.connect() as connection:
                told = summary.counts(connection)
        except SQLAlchemyError:
            return False
        return not told["open"] and bool(told["encounters"])

    def _world_owes(self) -> int | None:
        try:
            told = json.loads((self.home / "sim" / "idle.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return int(told["pending"])

    def _processes(self) -> list[str]:
        names = ["postgres", "temporal", "worker", "web", "dispatch", "sim"]
        return [*names, "staff"] if self.staff != "none" else names

    def _world(self) -> list[str]:
        days = str(self.arrive_over_days)
        world = ["--seed", str(self.seed), "--encounters", str(self.encounters)]
        return [*world, "--arrive-over-days", days]

    def _staff(self) -> list[str]:
        arguments: list[str] = []
        for _role, username, password in self.users:
            arguments += ["--user", f"{username}:{password}"]
        return arguments

    def set_pace(self, pace: str, *, at_work: Collection[str] = tuple(Role)) -> None:
        """How fast the simulated staff work from now on (`sim/pace`), and who rests."""
        folder = self.home / "sim"
        folder.mkdir(parents=True, exist_ok=True)
        rests = [username for role, username, _ in self.users if role not in at_work]
        (folder / "rests").write_text(" ".join(rests), encoding="utf-8")
        (folder / "pace").write_text(pace, encoding="utf-8")


def catch_up(demo: Demo, until: dt.datetime, ended: threading.Event) -> None:
    """Run the demo's past forward, then let a day last a minute."""
    everybody = frozenset(Role)
    _run_forward(demo, until - SOME_REST_BEFORE, ended, at_work=everybody)
    _run_forward(demo, until - STAFF_RESTS_BEFORE, ended, at_work=WORK_LONGEST)
    _run_forward(demo, until, ended, at_work=())
    demo.set_pace(SLOW)
    demo.keeper.resume()
    demo.keeper.set_speed(days_per_second(A_DAY_A_MINUTE))


def _run_forward(
    demo: Demo, until: dt.datetime, ended: threading.Event, *, at_work: Collection[Role]
) -> None:
    # Time waits for everybody's work, but not for those who rest.
    demo.governor.has_staff = len(at_work) == len(Role) and demo.staff != "none"
    demo.set_pace(FAST if at_work else RESTING, at_work=at_work)
    while not ended.is_set() and demo.keeper.business_now < until:
        demo.govern()
        ended.wait(LOOK_EVERY)


def is_good(report: Json) -> bool:
    """Closed, verified, in agreement with the world, and nothing given up that could be had."""
    return (
        not report["open"]
        and report["verify"]["ok"]
        and report["oracle"]["agrees"]
        and report["recovered_share"] >= RECOVERED_MIN
    )


def _share(paid: int, expected: int) -> float:
    return round(paid / expected, 4) if expected else 0.0
