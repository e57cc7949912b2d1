"""One running system for all measurements: durable as in production, on a clock that stands still
while there is work, so that no deadline passes that no practice would miss.
"""

import asyncio
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx
from sqlalchemy import text
from temporalio.client import Client

from bench.figures import Size
from bench.world import CleanWorld, clean_world
from commands.demo_users import USERS
from demo.governor import backlog
from demo.run import FIXED_START, SPEED_OF_EXIT, Demo
from engine.connection import connect
from sim.clock import business_now
from sim.forms import read_form
from sim.world import World

LIMIT_SECONDS = 900.0
LOOK_EVERY = 0.05
Result = TypeVar("Result")


class Product(Demo):
    """The product's processes only: the world plays in this process, and nobody is staff."""

    def _processes(self) -> list[str]:
        return [name for name in super()._processes() if name != "sim"]


@dataclass(frozen=True, kw_only=True)
class Stand:
    demo: Demo
    world: World
    payers: CleanWorld
    size: Size

    @property
    def home(self) -> Path:
        return self.demo.home

    def until(self, is_done: Callable[[], bool]) -> None:
        """Let the days pass whenever nothing is left to do in this one."""
        deadline = time.monotonic() + LIMIT_SECONDS
        while not is_done():
            if time.monotonic() > deadline:
                raise TimeoutError("The system did not get so far in time; its log says why.")
            self._pass_time()
            time.sleep(LOOK_EVERY)
        self.demo.keeper.pause()

    def number(self, statement: str) -> int:
        with self.demo.engine.connect() as connection:
            return int(connection.execute(text(statement)).scalar_one() or 0)

    def with_client(self, work: Callable[[Client], "asyncio.Future[Result]"]) -> Result:
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

    def _pass_time(self) -> None:
        undone = backlog(self.demo.engine, self.home, self.demo.keeper.business_now)
        if undone.wakes or undone.outbox or undone.inbound or undone.unposted:
            self.demo.keeper.pause()
        else:
            self.demo.keeper.resume()


@contextmanager
def stand(home: Path, size: Size) -> Iterator[Stand]:
    """Started, with a world that waits to be let in; nothing of it is left afterwards."""
    world = clean_world(
        FIXED_START.date(), coded=size.encounters + size.posted, uncoded=size.answers
    )
    demo = Product(
        home=home,
        encounters=len(world.encounters),
        seed=1,
        days_per_second=SPEED_OF_EXIT,
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
        demo.keeper.stop()
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
