"""One running system for all measurements: durable as in production, on a real clock that takes
six hours in one step whenever there is nothing left to do, so that no deadline passes meanwhile.
"""

import asyncio
import datetime as dt
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx
from sqlalchemy import text
from sqlalchemy.orm import Session
from temporalio.client import Client

from bench.figures import Size
from bench.world import CleanWorld, bring, clean_world
from casework import batches, subjects
from casework.moment import moment
from commands.demo_users import USERS
from demo.clock_keeper import ClockKeeper
from demo.governor import backlog
from demo.run import FIXED_START, Demo
from domain.clock import Clock, Segment
from engine.connection import connect
from sim.clock import business_now
from sim.forms import read_form
from sim.world import Encounter, World

LIMIT_SECONDS = 900.0
LOOK_EVERY = 0.05
DAY = dt.timedelta(days=1)
QUARTER = DAY / 4
READY = text(
    """
    SELECT count(*) FROM subject
     WHERE is_open AND key LIKE 'encounter:%' AND NOT EXISTS (
           SELECT FROM wait WHERE subject = key AND ended_at IS NULL AND until_at > :now)
    """
)
Result = TypeVar("Result")


class Product(Demo):
    """The product's processes only: the world plays in this process, and nobody is staff. Business
    time is real time, as in production, so that no timer fires on the way."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.keeper.stop()
        self.clock = SteppedClock(
            self.home, lambda: self.system.database_url, start=self.start, speed=1.0
        )
        self.system.on_change = self.clock.on_change

    def _processes(self) -> list[str]:
        return [name for name in super()._processes() if name != "sim"]


class SteppedClock(ClockKeeper):
    """Runs in real time, and takes a step when it is told to."""

    stepped_at = FIXED_START

    def step(self, by: dt.timedelta) -> None:
        with self._lock:
            real = dt.datetime.now(dt.UTC)
            self.stepped_at = self._clock.business_at(real) + by
            step = Segment(real_start=real, business_start=self.stepped_at, speed=1.0, running=True)
            self._move(Clock(segments=(*self._clock.segments, step)))
            self._save()


@dataclass(frozen=True, kw_only=True)
class Stand:
    demo: Product
    world: World
    payers: CleanWorld
    size: Size

    @property
    def clock(self) -> SteppedClock:
        return self.demo.clock

    @property
    def home(self) -> Path:
        return self.demo.home

    def uncoded(self, after: int, count: int) -> Sequence[Encounter]:
        """Charts whose note a coder must read, without the first `after` of them."""
        first = self.size.encounters + self.size.posted + after
        return self.world.encounters[first : first + count]

    def bring(self, encounters: Sequence[Encounter]) -> None:
        """Charts come on a Monday morning: what is asked late in the day is answered too late for
        a clean path."""
        self.clock.step(_until_monday(self.clock.business_now))
        bring(self.home, encounters)

    def until(self, is_done: Callable[[], bool]) -> float:
        """Work until it is so; returns how long there was something to do. When there is nothing,
        a quarter of a day passes at once, which is not counted."""
        deadline = time.monotonic() + LIMIT_SECONDS
        busy = 0.0
        while not is_done():
            began = time.monotonic()
            if began > deadline:
                raise TimeoutError("The system did not get so far in time; its log says why.")
            if self._is_at_work():
                time.sleep(LOOK_EVERY)
                busy += time.monotonic() - began
            else:
                self._pass_a_quarter()
        return busy

    def number(self, statement: str) -> int:
        with self.demo.engine.connect() as connection:
            return int(connection.execute(text(statement)).scalar_one() or 0)

    def with_client(self, work: Callable[[Client], Awaitable[Result]]) -> Result:
        async def run() -> Result:
            return await work(await connect(self.demo.system.settings))

        return asyncio.run(run())

    def browser(self, username: str) -> httpx.Client:
        """Somebody who has signed in."""
        password = next(secret for _role, name, secret in USERS if name == username)
        assert self.demo.system.web_url
        browser = httpx.Client(base_url=self.demo.system.web_url, timeout=60, trust_env=False)
        page = browser.get("/login")
        form = read_form(page.text, str(page.url), "form:has([name=password])")
        assert form is not None
        browser.post(form.url, data=form.filled(username=username, password=password).data)
        return browser

    def _is_at_work(self) -> bool:
        """Something could move now: news, a file on its way, or an encounter without a wait."""
        now = self.clock.business_now
        undone = backlog(self.demo.engine, self.home, now)
        if undone.wakes or undone.outbox or undone.inbound or undone.unposted:
            return True
        with Session(self.demo.engine) as session:
            if session.scalar(READY, {"now": now}) or batches.overdue_routes(
                session, moment(session)
            ):
                return True
        return self.payers.has_mail or self.payers.looked_at < self.clock.stepped_at

    def _pass_a_quarter(self) -> None:
        self.clock.step(QUARTER)
        with Session(self.demo.engine) as session, session.begin():
            for route in batches.overdue_routes(session, moment(session)):
                subjects.wake(session, subjects.batch_key(route))


def _until_monday(now: dt.datetime) -> dt.timedelta:
    days = (7 - now.weekday()) % 7 or 7
    return dt.datetime.combine(now.date(), FIXED_START.timetz()) + days * DAY - now


@contextmanager
def stand(home: Path, size: Size) -> Iterator[Stand]:
    """Started, with a world that waits to be let in; nothing of it is left afterwards."""
    world = clean_world(
        FIXED_START.date(), coded=size.encounters + size.posted, uncoded=size.answers + size.waiting
    )
    demo = Product(
        home=home,
        encounters=len(world.encounters),
        seed=1,
        days_per_second=1.0,
        staff="none",
        start=FIXED_START,
        say=lambda _: None,
        users=USERS,
    )
    try:
        demo.system.start()
        with _payers(home, world) as payers:
            yield Stand(demo=demo, world=world, payers=payers, size=size)
    finally:
        demo.clock.stop()
        demo.system.stop()
        demo.engine.dispose()


@contextmanager
def _payers(home: Path, world: World) -> Iterator[CleanWorld]:
    """In a thread, which also makes and closes the world's memory."""
    ended = threading.Event()
    made: list[CleanWorld] = []
    is_made = threading.Event()

    def play() -> None:
        made.append(CleanWorld(home, world))
        is_made.set()
        while not ended.wait(LOOK_EVERY):
            now: dt.datetime | None = business_now(home)
            if now is not None:
                made[0].step(now)
        made[0].store.close()

    player = threading.Thread(target=play, name="payers")
    player.start()
    try:
        is_made.wait(LIMIT_SECONDS)
        yield made[0]
    finally:
        ended.set()
        player.join()
