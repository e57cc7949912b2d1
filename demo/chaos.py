"""The nemesis: kills processes with SIGKILL by a plan drawn from the seed; loses the engine once.

Every planned kill is carried out, even if its moment never comes; what was in flight is told.
"""

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import SQLAlchemyError

from demo.clock_keeper import ClockKeeper
from demo.plan_of_kills import Aim, Kill, plan
from demo.sight import Sight, half_written, look
from supervise.system import System

Json = dict[str, Any]

LOOK_EVERY = 0.008
# A file is half written for a few milliseconds: for as long as this we look for nothing else.
FILE_WITHIN_SECONDS = 0.5
FILE_EVERY_SECONDS = 0.001
# An aim that is not met for so many more effects is given up, and the process killed at any work.
PATIENCE_EFFECTS_SHARE = 0.15
COMES_BACK_WITHIN_SECONDS = 60.0
BORN_WITHIN_SECONDS = 20.0
LOSS = {
    "process": "temporal",
    "aimed_at": "the engine's database, deleted",
    "planned": "when half of the encounters are closed",
}


@dataclass(kw_only=True)
class Nemesis:
    """`faults` is the plan at first, and tells more of each fault as it happens."""

    system: System
    keeper: ClockKeeper
    home: Path
    encounters: int
    names: Sequence[str]
    seed: int
    loses_engine: bool

    def __post_init__(self) -> None:
        self.kills = plan(seed=self.seed, names=self.names, encounters=self.encounters)
        self.faults: list[Json] = [_planned(kill) for kill in self.kills]
        self._ended, self._no_more_work = threading.Event(), threading.Event()
        self._began = time.monotonic()
        self._engine: Engine | None = None
        self._sight: Sight | None = None
        self._down: list[tuple[Json, float]] = []
        if self.loses_engine:
            self.faults.append(dict(LOSS))
        self._thread = threading.Thread(target=self._run, name="nemesis", daemon=True)

    @property
    def is_done(self) -> bool:
        return not self._thread.is_alive()

    def start(self) -> None:
        self._write()
        self._began = time.monotonic()
        self._thread.start()

    def hurry(self) -> None:
        """The work is over: what is still planned happens now, for nothing better will come."""
        self._no_more_work.set()

    def stop(self) -> None:
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join(COMES_BACK_WITHIN_SECONDS)
        self._write()

    def _run(self) -> None:
        for place, kill in enumerate(self.kills):
            if not self._await_moment(kill):
                return
            follows = self.kills[place + 1 : place + 2]
            is_struck_again = bool(follows) and follows[0].aim is Aim.RECOVERY
            self._kill(self.faults[place], kill.process, is_struck_again=is_struck_again)
        self._watch(lambda _: not self.loses_engine)

    def _await_moment(self, kill: Kill) -> bool:
        """False when the run was ended first."""
        if kill.aim is Aim.RECOVERY:
            return not self._ended.wait(kill.delay_seconds) and self._await_birth(kill.process)
        self._watch(lambda sight: sight.effects >= kill.effects)
        self._watch(self._aim_of(kill, since=self._sight.effects if self._sight else 0))
        if kill.aim is Aim.FILE:
            self._await_half_written()
        return not self._ended.wait(kill.delay_seconds) and self._await_birth(kill.process)

    def _aim_of(self, kill: Kill, *, since: int) -> Callable[[Sight], bool]:
        patience = max(20, int(max(each.effects for each in self.kills) * PATIENCE_EFFECTS_SHARE))

        def is_met(sight: Sight) -> bool:
            if sight.effects > since + patience:
                return True
            match kill.aim:
                case Aim.FILE:
                    return sight.outbox > 0
                case Aim.POSTING:
                    return sight.unposted > 0
                case Aim.EFFECT | Aim.RECOVERY:
                    return sight.effects > since

        return is_met

    def _watch(self, until: Callable[[Sight], bool]) -> None:
        """Look until it is so, the work is over, or the run is ended."""
        while not self._ended.is_set():
            sight = self._look()
            if sight is not None:
                self._lose_engine_in_the_middle(sight)
                if until(sight) or self._no_more_work.is_set():
                    return
            self._ended.wait(LOOK_EVERY)

    def _look(self) -> Sight | None:
        if self._engine is None:
            self._engine = create_engine(self.system.database_url, hide_parameters=True)
        try:
            self._sight = look(self._engine, self.home)
        except SQLAlchemyError:
            return None
        return self._sight

    def _await_half_written(self) -> None:
        until = time.monotonic() + FILE_WITHIN_SECONDS
        while time.monotonic() < until and not any(half_written(self.home)):
            time.sleep(FILE_EVERY_SECONDS)

    def _await_birth(self, name: str) -> bool:
        """Only what lives can be killed: in a recovery the process may not be there yet."""
        until = time.monotonic() + BORN_WITHIN_SECONDS
        while name not in self.system.pids and time.monotonic() < until:
            if self._ended.wait(LOOK_EVERY):
                return False
        return True

    def _kill(self, fault: Json, process: str, *, is_struck_again: bool) -> None:
        fault |= self._now()
        self._down.append((fault, time.monotonic()))
        self.system.kill(process)
        if not is_struck_again:
            self._await_health()
        self._write()

    def _lose_engine_in_the_middle(self, sight: Sight) -> None:
        if not self.loses_engine or 2 * sight.closed < self.encounters:
            return
        self.loses_engine = False
        self.faults[-1] |= self._now()
        self._down.append((self.faults[-1], time.monotonic()))
        self.system.lose_engine()
        self._await_health()
        self._write()

    def _await_health(self) -> None:
        """Each fault since the last healthy moment is mended by the same recovery."""
        is_back = self.system.wait_healthy(COMES_BACK_WITHIN_SECONDS)
        for fault, began in self._down:
            fault["recovered_seconds"] = round(time.monotonic() - began, 2) if is_back else None
        self._down.clear()

    def _now(self) -> Json:
        self._look()
        return {
            "at_seconds": round(time.monotonic() - self._began, 2),
            "business_at": self.keeper.business_now.isoformat(timespec="minutes"),
            "effects": self._sight.effects if self._sight else 0,
            "in_flight": self._sight.in_flight if self._sight else {},
            "was_healthy": self.system.wait_healthy(0),
        }

    def _write(self) -> None:
        part = self.home / ".faults.json.part"
        part.write_text(json.dumps(self.faults, indent=1) + "\n", encoding="utf-8")
        part.replace(self.home / "faults.json")


def _planned(kill: Kill) -> Json:
    delay = f"{round(kill.delay_seconds * 1000)} ms later"
    since = "the last kill" if kill.aim is Aim.RECOVERY else f"{kill.effects} effects"
    return {
        "process": kill.process,
        "aimed_at": str(kill.aim),
        "planned": f"after {since}, {delay}",
    }
