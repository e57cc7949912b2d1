"""A whole system with a marked world, a step and a page that fail on a patient's name, and staff
whose every page is kept.
"""

import asyncio
import datetime as dt
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
from bs4 import BeautifulSoup
from sqlalchemy import text
from temporalio.client import WorkflowHistory

from commands.demo_users import USERS
from demo.run import FIXED_START, SPEED_OF_EXIT, Demo
from engine.connection import connect
from sim.clock import business_now
from sim.forms import read_form
from sim.main import Simulator
from sim.staff import Office, Person
from tests.privacy.marked import Marks, marks_of

ENCOUNTERS, SEED = 4, 7
LIFE_SECONDS = 150.0
LOOK_EVERY = 0.2
PAGES_MAX = 60
# The second failure is on the engine itself, no longer in the worker alone.
FAILURES_MIN = 3
FAILURES = "SELECT max(failures) FROM incident"
READERS = ("lee", "ana", "otto", "finn")
BREAK = """
CREATE FUNCTION break_on_a_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'nothing can be kept about %', (
        SELECT last_name FROM patient JOIN encounter ON encounter.patient_id = patient.id
         WHERE encounter.id = NEW.encounter_id);
END $$;
CREATE TRIGGER breaks BEFORE INSERT ON claim FOR EACH ROW EXECUTE FUNCTION break_on_a_name();
CREATE TRIGGER breaks BEFORE INSERT ON hold FOR EACH ROW EXECUTE FUNCTION break_on_a_name();
"""
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One answer of the pages: all of it that a browser or a proxy keeps."""

    url: str
    status: int
    headers: str
    title: str

    @property
    def kept(self) -> str:
        return f"{self.url}\n{self.headers}\n{self.title}"


@dataclass(kw_only=True)
class Life:
    """What came to pass, and what is left of it once the system has stopped."""

    home: Path
    marks: Marks = field(default_factory=lambda: Marks(words=()))
    visits: list[Visit] = field(default_factory=list)
    histories: list[WorkflowHistory] = field(default_factory=list)
    decoded: str = ""
    descriptions: str = ""
    words: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    incident: str = ""
    broken_page: str = ""


class MarkedDemo(Demo):
    """The product's processes only: the world and the staff are of this test."""

    def _processes(self) -> list[str]:
        return [name for name in super()._processes() if name not in {"sim", "staff"}]


def live(home: Path) -> Life:
    """Some encounters' lives, with the failures; then everything stops."""
    demo = MarkedDemo(
        home=home,
        encounters=ENCOUNTERS,
        seed=SEED,
        days_per_second=SPEED_OF_EXIT,
        staff="auto",
        start=FIXED_START,
        say=lambda _: None,
        users=USERS,
        arrive_over_days=2,
    )
    try:
        demo.system.start()
        return _live(demo)
    finally:
        demo.keeper.stop()
        demo.system.stop()
        demo.engine.dispose()


def _live(demo: MarkedDemo) -> Life:
    life = Life(home=demo.home)
    _execute(demo, BREAK)
    with _in_thread(lambda ended: _play(demo, life, ended)):
        with _in_thread(lambda ended: _work(demo, life, ended)):
            _until(demo, lambda: _number(demo, FAILURES) >= FAILURES_MIN)
            life.incident = _rows(demo, "SELECT step || ' ' || words FROM incident")[0]
            life.broken_page = _break_a_page(demo, life)
            _execute(demo, "DROP FUNCTION break_on_a_name CASCADE")
            _until(demo, lambda: _has_lived(demo))
        demo.keeper.pause()
    for username in READERS:
        _read_around(demo, username, life)
    _keep_words(demo, life)
    asyncio.run(_keep_histories(demo, life))
    return life


def _play(demo: Demo, life: Life, ended: threading.Event) -> None:
    """The world outside."""
    simulator = Simulator(
        home=demo.home, seed=SEED, encounters=ENCOUNTERS, arrive_over_days=2, rush=True
    )
    while not ended.wait(LOOK_EVERY):
        now = business_now(demo.home)
        if now is not None:
            simulator.step(now)
        if simulator.world is not None:
            life.marks = marks_of(simulator.world)
    simulator.store.close()


def _work(demo: Demo, life: Life, ended: threading.Event) -> None:
    """The staff."""
    office = _office(demo, life.visits)
    while not ended.wait(LOOK_EVERY):
        office.go_round()
    for person in office.people:
        person.client.close()


@contextmanager
def _in_thread(work: Callable[[threading.Event], None]) -> Iterator[None]:
    ended = threading.Event()
    thread = threading.Thread(target=work, args=(ended,))
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=60)


def _until(demo: Demo, is_done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIFE_SECONDS
    while time.monotonic() < deadline:
        demo.govern()
        if is_done():
            return
        time.sleep(LOOK_EVERY)
    raise AssertionError("The marked world did not come so far in time.")


def _has_lived(demo: Demo) -> bool:
    """Money came and was posted, people decided something, and somebody got a bill."""
    return all(
        _number(demo, f"SELECT count(*) FROM {what}")
        for what in (
            "remittance WHERE posted_at IS NOT NULL",
            "task WHERE status = 'answered'",
            "outbox WHERE route = 'statements'",
        )
    )


def _office(demo: Demo, visits: list[Visit]) -> Office:
    people = [
        Person(client=_browser(demo, visits), username=name, password=password)
        for _role, name, password in USERS
    ]
    for person in people:
        person.client.follow_redirects = True
    return Office(people=people, tally_path=demo.home / "sim" / "staff.json", asked_pace=None)


def _browser(demo: Demo, visits: list[Visit]) -> httpx.Client:
    def keep(answer: httpx.Response) -> None:
        answer.read()
        title = TITLE.search(answer.text) if "html" in answer.headers["content-type"] else None
        visits.append(
            Visit(
                url=f"{answer.request.method} {answer.request.url}",
                status=answer.status_code,
                headers="\n".join(f"{name}: {value}" for name, value in answer.headers.items()),
                title=title.group(1) if title else "",
            )
        )

    assert demo.system.web_url
    return httpx.Client(
        base_url=demo.system.web_url, timeout=30, trust_env=False, event_hooks={"response": [keep]}
    )


def _signed_in(demo: Demo, username: str, visits: list[Visit]) -> httpx.Client:
    password = next(secret for _role, name, secret in USERS if name == username)
    browser = _browser(demo, visits)
    page = browser.get("/login")
    form = read_form(page.text, str(page.url), "form:has([name=password])")
    assert form is not None
    answer = browser.post(form.url, data=form.filled(username=username, password=password).data)
    assert answer.status_code == httpx.codes.SEE_OTHER, username
    return browser


def _read_around(demo: Demo, username: str, life: Life) -> None:
    """Follow links from the first page on, and see that each patient's page leaves its row."""
    browser = _signed_in(demo, username, life.visits)
    encounters = _rows(demo, "SELECT '/encounters/' || uuid FROM encounter")
    addresses = ["/", *encounters]
    for at in range(PAGES_MAX):
        if at >= len(addresses):
            break
        before = _reads(demo, username)
        answer = browser.get(addresses[at])
        if _names_a_patient(answer) and _reads(demo, username) <= before:
            life.unread.append(f"{username} {addresses[at]}")
        addresses += [new for new in _links(answer) if new not in addresses]
    browser.close()


def _names_a_patient(answer: httpx.Response) -> bool:
    path = urlsplit(str(answer.url)).path
    of_a_patient = re.match(r"/(encounters|tasks|documents)/[0-9a-f-]{36}", path)
    return answer.status_code == httpx.codes.OK and of_a_patient is not None


def _links(answer: httpx.Response) -> list[str]:
    if "html" not in answer.headers["content-type"]:
        return []
    found = [answer.headers.get("location", "")]
    found += [str(one["href"]) for one in BeautifulSoup(answer.text, "html.parser").select("a")]
    whole = [urlsplit(urljoin(str(answer.url), one)) for one in found if one]
    return [f"{one.path}?{one.query}".rstrip("?") for one in whole if one.netloc == _host(answer)]


def _host(answer: httpx.Response) -> str:
    return urlsplit(str(answer.url)).netloc


def _break_a_page(demo: Demo, life: Life) -> str:
    """Hold an encounter while the database refuses with the patient's name."""
    browser = _signed_in(demo, "lee", life.visits)
    page = browser.get(_rows(demo, "SELECT '/encounters/' || uuid FROM encounter LIMIT 1")[0])
    form = read_form(page.text, str(page.url), "form[action$='/hold']")
    assert form is not None
    until = (demo.keeper.business_now + dt.timedelta(days=5)).date().isoformat()
    answer = browser.post(form.url, data=form.filled(reason="to see", until=until).data)
    assert answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    browser.close()
    return answer.text


WORDS = {
    "journal": "subject || step || words FROM journal",
    "audit": "object_key || words FROM audit_event",
    "incident": "subject || step || words FROM incident",
    "wait": "subject || what || then_what FROM wait",
    "file": "name FROM outbox",
    "task": "subject || cause || title FROM task",
    "task log": "words FROM task_log",
}


def _keep_words(demo: Demo, life: Life) -> None:
    life.words = {name: _rows(demo, f"SELECT {what}") for name, what in WORDS.items()}
    for table in ("patient", "remittance", "audit_event"):
        life.counts[table] = _number(demo, f"SELECT count(*) FROM {table}")


async def _keep_histories(demo: Demo, life: Life) -> None:
    """What the engine shows of every workflow, and, decoded with our key, what it hides."""
    client = await connect(demo.system.settings)
    async for found in client.list_workflows():
        handle = client.get_workflow_handle(found.id, run_id=found.run_id)
        life.descriptions += str((await handle.describe()).raw_description)
        life.histories.append(await handle.fetch_history())
    life.decoded = await _decoded(client.data_converter.payload_codec, life.histories)


async def _decoded(codec: object, histories: list[WorkflowHistory]) -> str:
    from temporalio.converter import PayloadCodec

    assert isinstance(codec, PayloadCodec)
    told = ""
    for history in histories:
        for event in history.events:
            failure = event.activity_task_started_event_attributes.last_failure
            marker = event.marker_recorded_event_attributes.failure
            for one in (failure, marker):
                if one.HasField("encoded_attributes"):
                    told += str(await codec.decode([one.encoded_attributes]))
    return told


def _reads(demo: Demo, username: str) -> int:
    return _number(
        demo,
        "SELECT count(*) FROM audit_event JOIN app_user ON app_user.id = user_id"
        f" WHERE username = '{username}' AND action = 'read'",
    )


def _execute(demo: Demo, statement: str) -> None:
    with demo.engine.begin() as connection:
        connection.execute(text(statement))


def _number(demo: Demo, statement: str) -> int:
    with demo.engine.connect() as connection:
        return int(connection.execute(text(statement)).scalar_one() or 0)


def _rows(demo: Demo, statement: str) -> list[str]:
    with demo.engine.connect() as connection:
        return [str(row) for row in connection.execute(text(statement)).scalars()]
