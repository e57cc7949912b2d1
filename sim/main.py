"""The world at work: reads what the practice sends and answers it by the business clock."""

import datetime as dt
import hashlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from sim import agenda, clearinghouse, mailroom, patients
from sim.adjudication import expected_cents
from sim.books import store_path
from sim.clock import business_now
from sim.invention import make_world
from sim.run import Run
from sim.store import Doc, Store
from sim.world import World

POLL_SECONDS = 0.2
OUTBOUND = {"clearinghouse": ".x12", "mail": ".json", "statements": ".json"}


class Simulator:
    """One world and its memory. `step` may be repeated, or cut short, at any moment."""

    def __init__(
        self, *, home: Path, seed: int, encounters: int, arrive_over_days: int, rush: bool
    ) -> None:
        self.home, self.rush = home, rush
        self.store = Store(store_path(home))
        self.asked = {"seed": seed, "encounters": encounters, "arrive_over_days": arrive_over_days}
        self.world: World | None = None
        self.known: dict[str, set[str]] = {route: set() for route in OUTBOUND}

    def step(self, now: dt.datetime) -> bool:
        """Take in what is new, do what is due, deliver what is ready; says whether anything was."""
        run = self._run_at(now)
        took = self._take_outbound(run)
        worked = agenda.work_off(run)
        agenda.plan_flush(run)
        delivered = self._deliver(run)
        self._tell_whether_idle()
        return took or worked or delivered

    def _run_at(self, now: dt.datetime) -> Run:
        if self.world is None:
            self.world = self._make_world(now)
        return Run(store=self.store, world=self.world, now=now, rush=self.rush)

    def _make_world(self, now: dt.datetime) -> World:
        """The first start fixes the world; a later one with other wishes still finds that one."""
        kept = self.store.meta("world")
        made: Doc = json.loads(kept) if kept else {**self.asked, "start_on": now.date().isoformat()}
        world = make_world(
            seed=made["seed"],
            encounters=made["encounters"],
            start_on=dt.date.fromisoformat(made["start_on"]),
            arrive_over_days=made["arrive_over_days"],
        )
        if not kept:
            made["expected_cents"] = expected_cents(world)
            with self.store.change():
                agenda.plan_world(Run(store=self.store, world=world, now=now, rush=self.rush))
                self.store.set_meta("world", json.dumps(made))
        return world

    def _take_outbound(self, run: Run) -> bool:
        found = False
        for route, suffix in OUTBOUND.items():
            folder = self.home / "exchange" / "outbound" / route
            fresh = [name for name in _names(folder, suffix) if name not in self.known[route]]
            for name in sorted(fresh):
                found |= self._take_file(run, route, folder / name)
                self.known[route].add(name)
        return found

    def _take_file(self, run: Run, route: str, path: Path) -> bool:
        body = path.read_bytes()
        sha = hashlib.sha256(body).hexdigest()
        taken = self.store.db.execute(
            "select 1 from taken where route = ? and name = ? and sha = ?", (route, path.name, sha)
        ).fetchone()
        if taken:
            return False
        trouble = ""
        try:
            with self.store.change():
                _take(run, route, path.name, body.decode("utf-8", "replace"), sha)
                self._note_taken(run, route, path.name, sha)
        except (ValueError, LookupError, TypeError) as error:
            trouble = f"{type(error).__name__}: {error}"
        if trouble:
            self._note_unreadable(run, route, path.name, sha, trouble=trouble)
        return True

    def _note_taken(self, run: Run, route: str, name: str, sha: str) -> None:
        self.store.db.execute(
            "insert or replace into taken values (?, ?, ?, ?)",
            (route, name, sha, run.today.isoformat()),
        )

    def _note_unreadable(self, run: Run, route: str, name: str, sha: str, *, trouble: str) -> None:
        """One file that means nothing must not stop the world; the books tell that it came."""
        sys.stderr.write(f"{route}/{name}: cannot be read ({trouble}); the books name it.\n")
        with self.store.change():
            self._note_taken(run, route, name, sha)
            self.store.db.execute(
                "insert or replace into unreadable values (?, ?, ?)", (route, name, trouble)
            )

    def _deliver(self, run: Run) -> bool:
        rows = self.store.db.execute(
            "select name, route, body from outfile where delivered = 0 and due_on <= ?"
            " order by due_on, name",
            (run.today.isoformat(),),
        ).fetchall()
        for row in rows:
            write_whole(
                self.home / "exchange" / "inbound" / row["route"] / row["name"], row["body"]
            )
        if not rows:
            return False
        with self.store.change():
            self.store.db.executemany(
                "update outfile set delivered = 1 where name = ?", [(row["name"],) for row in rows]
            )
        return True

    def _tell_whether_idle(self) -> None:
        count, next_due = self.store.pending()
        debts = self.store.db.execute("select count(*) n from debt").fetchone()["n"]
        told = {"pending": count + debts, "next_due_on": next_due}
        write_whole(self.home / "sim" / "idle.json", json.dumps(told).encode())


def _take(run: Run, route: str, name: str, text: str, sha: str) -> None:
    match route:
        case "clearinghouse":
            clearinghouse.take_file(run, name, text, sha)
        case "mail":
            mailroom.take_manifest(run, text)
        case _:
            patients.take_statement(run, text)


def _names(folder: Path, suffix: str) -> list[str]:
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        return [one.name for one in entries if one.name.endswith(suffix) and one.name[0] != "."]


def write_whole(path: Path, body: bytes) -> None:
    """Under a temporary name, then renamed: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(body)
    part.replace(path)


def main(
    *, home: Path, seed: int, encounters: int, arrive_over_days: int = 15, rush: bool = False
) -> None:
    """Run until told to stop. Killed at any moment, the next start goes on where this one was."""
    stopping: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        stopping.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    simulator = Simulator(
        home=home,
        seed=seed,
        encounters=encounters,
        arrive_over_days=arrive_over_days,
        rush=rush,
    )
    write_whole(home / "run" / "sim.ready", f"{os.getpid()}\n".encode())
    while not stopping:
        now = business_now(home)
        if now is not None:
            simulator.step(now)
        time.sleep(POLL_SECONDS)
    simulator.store.close()
