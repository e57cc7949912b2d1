"""Simulated staff: they log in, take the next task, and send the form as the page recommends."""

import json
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import httpx

from sim.forms import Form, read_form

ATTEMPTS_MAX = 3
REST_SECONDS = 20.0
"""How long a task that would not take an answer is left alone."""
IDLE_SECONDS = 0.5
BACK_OFF_MAX_SECONDS = 5.0
SKIPS_MAX = 20
"""At most so many resting tasks are passed over in one turn; the queue cannot trap us."""
_TASK = re.compile(r"/tasks/([^/?#]+)")


class LostContactError(Exception):
    """The page cannot be reached or is broken for now; try again later."""


@dataclass
class Person:
    """One user at one browser."""

    client: httpx.Client
    username: str
    password: str
    resting: dict[str, float] = field(default_factory=dict)
    is_logged_in: bool = False

    def take_turn(self, now: float) -> str | None:
        """Answer one task and say its kind; None when there is nothing this person can do."""
        if not self.is_logged_in:
            self._log_in()
        address = "/tasks/next"
        for _ in range(SKIPS_MAX):
            page = self._get(address)
            form = read_form(page.text, str(page.url), "form[data-answer]")
            if form is None:
                return None
            task = _task_id(str(page.url))
            if self.resting.get(task, 0.0) > now:
                address = f"/tasks/next?after={task}"
                continue
            if self._answer(form):
                return form.kind or "unknown"
            self.resting[task] = now + REST_SECONDS
            address = f"/tasks/next?after={task}"
        return None

    def _log_in(self) -> None:
        self.client.cookies.clear()
        page = self._ask("GET", "/login")
        form = read_form(page.text, str(page.url), "form:has([name=password])")
        if form is None:
            raise LostContactError("The log-in page has no form.")
        sent = self._send(form.filled(username=self.username, password=self.password))
        if _is_login(sent):
            raise LostContactError(f"{self.username} was not let in.")
        self.is_logged_in = True

    def _get(self, address: str) -> httpx.Response:
        page = self._ask("GET", address)
        if _is_login(page):
            self.is_logged_in = False
            self._log_in()
            page = self._ask("GET", address)
        return page

    def _answer(self, form: Form) -> bool:
        """Send the form; when it is refused, the page's mended one, a few times at most."""
        asked: Form | None = form
        for _ in range(ATTEMPTS_MAX):
            if asked is None:
                return False
            answer = self._send(asked)
            if answer.is_success and not _is_login(answer):
                return True
            if answer.status_code != httpx.codes.UNPROCESSABLE_ENTITY:
                return False
            asked = read_form(answer.text, str(answer.url), "form[data-answer]")
        return False

    def _send(self, form: Form) -> httpx.Response:
        if form.method == "GET":
            return self._ask("GET", form.url)
        return self._ask("POST", form.url, data=form.data)

    def _ask(
        self, method: str, url: str, data: dict[str, list[str]] | None = None
    ) -> httpx.Response:
        try:
            answer = self.client.request(method, url, data=data)
        except httpx.HTTPError as error:
            raise LostContactError(f"{method}: {type(error).__name__}") from error
        if answer.is_server_error or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise LostContactError(f"{method}: status {answer.status_code}")
        return answer


def _is_login(page: httpx.Response) -> bool:
    return urlsplit(str(page.url)).path.rstrip("/").endswith("/login")


def _task_id(url: str) -> str:
    found = _TASK.search(url)
    return found.group(1) if found else url


@dataclass
class Office:
    """All simulated staff, taking turns; the tally survives in `staff.json`."""

    people: Sequence[Person]
    tally_path: Path
    asked_pace: float | None
    answered: Counter[str] = field(default_factory=Counter)
    by_user: Counter[str] = field(default_factory=Counter)
    trouble: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        try:
            kept = json.loads(self.tally_path.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return
        self.answered, self.by_user = Counter(kept["answered"]), Counter(kept["by_user"])

    @property
    def pace(self) -> float | None:
        """Tasks a second; `sim/pace` in the home changes it while we work (0: nobody works)."""
        try:
            told = self.tally_path.with_name("pace").read_text().strip()
        except FileNotFoundError:
            return self.asked_pace
        return None if told == "fast" else float(told)

    @property
    def at_work(self) -> list[Person]:
        """Everybody but those whom `sim/rests` names."""
        try:
            rests = self.tally_path.with_name("rests").read_text().split()
        except FileNotFoundError:
            rests = []
        return [person for person in self.people if person.username not in rests]

    def go_round(self) -> bool:
        """One turn for everybody; says whether anybody found something to do."""
        found = False
        if self.pace == 0:
            return found
        for person in self.at_work:
            if self.stopping.is_set():
                break
            kind = self._turn_of(person)
            while kind:
                found = True
                self.answered[kind] += 1
                self.by_user[person.username] += 1
                self._write_tally()
                if pace := self.pace:
                    self.stopping.wait(1 / pace)
                    break
                kind = self._turn_of(person) if self.answered.total() % 5 else None
        return found

    def _turn_of(self, person: Person) -> str | None:
        try:
            kind = person.take_turn(time.monotonic())
        except LostContactError:
            person.is_logged_in = False
            self.trouble += 1
            self.stopping.wait(min(BACK_OFF_MAX_SECONDS, 0.2 * 2 ** min(self.trouble, 5)))
            return None
        self.trouble = 0
        return kind

    def _write_tally(self) -> None:
        self.tally_path.parent.mkdir(parents=True, exist_ok=True)
        part = self.tally_path.with_name(".staff.json.part")
        tally = {"answered": dict(self.answered), "by_user": dict(self.by_user)}
        part.write_text(json.dumps(tally))
        part.replace(self.tally_path)


def main(
    *, home: Path, base_url: str, users: Sequence[tuple[str, str]], pace: float | None
) -> None:
    """Work until told to stop. `pace` is in tasks a second; None is as fast as the pages answer."""
    people = [Person(client=_browser(base_url), username=u, password=p) for u, p in users]
    office = Office(people=people, tally_path=home / "sim" / "staff.json", asked_pace=pace)

    def stop(_number: int, _frame: FrameType | None) -> None:
        office.stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not office.stopping.is_set():
        if not office.go_round():
            office.stopping.wait(IDLE_SECONDS)


def _browser(base_url: str) -> httpx.Client:
    return httpx.Client(base_url=base_url, follow_redirects=True, timeout=30, trust_env=False)
