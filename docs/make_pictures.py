"""Makes docs/pictures/ from a real demo: every picture in the guides is a page as it is today.

`make pictures` runs it. It starts `claimflow demo` on a home of its own, sends the simulated staff
home for the last weeks, so that work is left in every queue, signs in as each role once the past
has caught up, and stops what it started.
"""

import datetime as dt
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from commands.demo_users import PEOPLE
from tests.browser.chromium import ARGUMENTS, find_chromium

FOLDER = Path(__file__).with_name("pictures")
WIDE = (1366, 768)
NARROW = (390, 844)
READY = re.compile(r"Claimflow is ready: (\S+)")
# A day a minute: the speed at which a demo goes on once it has caught up (business s a real s).
CAUGHT_UP_SPEED = 24 * 60
LOOK_EVERY = 1.0
# A practice large enough to fill a page, whose staff has left the last weeks' tasks to us.
ENCOUNTERS = 120
STAFF_LEAVES_BEFORE = dt.timedelta(days=30)
NOBODY = "0"
CHANNELS = {"60106": "portal", "60107": "printed"}
# Text on plain ground keeps every hue that matters in so many colours, at a third of the bytes.
COLOURS = 96
STOP_SECONDS = 120
# By then a busy machine has taken the step that follows an answer.
STEP_SECONDS = 10
TASK_SECONDS = 60
# A claim number that no payer was ever given, as a clerk there mistypes one.
UNKNOWN_CLAIM = "C0000V0S0"
# A claim that its payer answered as the first one, and paid.
PAID_FIRST = re.compile(r"CLP\*[^*~]*\*1\*[^*~]*\*[1-9]")
QUESTION = "The note does not say for what the visit was. What did you find?"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Who opens what; `open_first` follows the first link that matches, where there is one."""

    name: str
    username: str | None
    address: str
    open_first: str | None = None
    press: str | None = None
    needs: str | None = None
    """What must be there for the page to show something."""
    size: tuple[int, int] = WIDE


TASK = ".queue tbody th a"
PICTURES = (
    Picture(name="login", username=None, address="/login"),
    Picture(name="work-biller", username="ana", address="/work"),
    Picture(name="work-biller-narrow", username="ana", address="/work", size=NARROW),
    Picture(name="denial", username="ana", address="/queues/denial", open_first=TASK),
    Picture(
        name="denial-narrow", username="ana", address="/queues/denial", open_first=TASK, size=NARROW
    ),
    Picture(name="rejection", username="ana", address="/queues/rejection", open_first=TASK),
    Picture(name="appeal-review", username="ana", address="/queues/appeal_review", open_first=TASK),
    Picture(
        name="posting-exception",
        username="ana",
        address="/queues/posting_exception",
        open_first=TASK,
    ),
    Picture(name="portal-claim", username="ana", address="/queues/portal_claim", open_first=TASK),
    Picture(name="follow-up", username="ana", address="/queues/follow_up", open_first=TASK),
    Picture(name="keys", username="ana", address="/work", press="?"),
    Picture(name="remittances", username="ana", address="/remittances"),
    Picture(
        name="remittance",
        username="ana",
        address="/remittances",
        open_first="main tbody a[href^='/remittances/']",
    ),
    Picture(name="mail", username="ana", address="/mail", needs="[name=pieces]"),
    Picture(
        name="paper-eob",
        username="ana",
        address="/remittances/keyed",
        open_first="main a[href^='/remittances/keyed/']",
    ),
    Picture(name="work-coder", username="chris", address="/work"),
    Picture(
        name="coding-review", username="chris", address="/queues/coding_review", open_first=TASK
    ),
    Picture(name="work-supervisor", username="sam", address="/work"),
    Picture(
        name="write-off-approval",
        username="sam",
        address="/queues/write_off_approval",
        open_first=TASK,
    ),
    Picture(name="stuck", username="sam", address="/stuck"),
    Picture(
        name="encounter",
        username="sam",
        address="/stuck",
        open_first="main a[href^='/encounters/']",
    ),
    Picture(name="reports", username="sam", address="/reports"),
    Picture(name="work-provider", username="ruth", address="/work"),
    *(
        Picture(name="provider-query", username=name, address="/work", open_first=TASK)
        for name in ("ruth", "samuel", "elena")
    ),
    Picture(name="registration", username="finn", address="/registration"),
    Picture(
        name="registration-fix",
        username="finn",
        address="/queues/registration_fix",
        open_first=TASK,
    ),
    Picture(name="users", username="ada", address="/users"),
    Picture(name="payers", username="ada", address="/payers"),
    Picture(name="route", username="ada", address="/routes/clearinghouse"),
    Picture(name="fees", username="ada", address="/fees"),
    Picture(name="audit-queue", username="otto", address="/queues/denial"),
)


@click.command()
@click.option("--url", help="A demo that runs already, instead of one of our own.")
@click.option("--only", help="The names of the pictures to make, comma between.")
@click.option("--limit", type=int, default=900, show_default=True, help="Seconds to catch up in.")
def main(url: str | None, only: str | None, limit: int) -> None:
    """Make the pictures of the guides."""
    wanted = [one for one in PICTURES if only is None or one.name in only.split(",")]
    if url is not None:
        _make_all(url, wanted)
        return
    with tempfile.TemporaryDirectory(prefix="claimflow-pictures-") as home, _demo(home) as ready:
        _wait_until_caught_up(Path(home), limit, lambda: _choose_channels(ready))
        _leave_an_answer_without_a_claim(Path(home) / "exchange")
        _make_all(ready, wanted)


@contextmanager
def _demo(home: str) -> Iterator[str]:
    """The address of a demo that is stopped in order, whatever happens."""
    # Root's database runs as another user, who must reach its data for them to stay in the home.
    Path(home).chmod(0o711)
    process = subprocess.Popen(
        [
            *(sys.executable, "-P", "-m", "cli", "demo"),
            *("--home", home, "--encounters", str(ENCOUNTERS)),
        ],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        found = next((m for line in process.stdout if (m := READY.search(line))), None)
        if found is None:
            raise click.ClickException("The demo did not start; its log says why.")
        yield found.group(1)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(STOP_SECONDS)


def _wait_until_caught_up(home: Path, limit: int, when_staff_leaves: Callable[[], None]) -> None:
    """A demo runs its past forward first; the last segment of its clock says when that is over."""
    staff_leaves_at = dt.datetime.now(dt.UTC) - STAFF_LEAVES_BEFORE
    gives_up_at = time.monotonic() + limit
    is_staffed = True
    while time.monotonic() < gives_up_at:
        last = json.loads((home / "clock.json").read_text(encoding="utf-8"))["segments"][-1]
        if dt.datetime.fromisoformat(last["business_start"]) > staff_leaves_at and is_staffed:
            is_staffed = False
            (home / "sim" / "pace").write_text(NOBODY, encoding="utf-8")
            when_staff_leaves()
        if last["running"] and last["speed"] <= CAUGHT_UP_SPEED:
            return
        time.sleep(LOOK_EVERY)
    click.echo("The demo has not caught up in time; the pictures show an earlier day.", err=True)


def _leave_an_answer_without_a_claim(exchange: Path) -> None:
    """The newest remittance comes once more, under another trace and for a claim of nobody."""
    archived = (exchange / "archive" / "clearinghouse").glob("835-*.x12")
    newest_first = sorted(archived, key=lambda file: file.stat().st_mtime, reverse=True)
    texts = (file.read_text(encoding="ascii") for file in newest_first)
    paid = next((text for text in texts if PAID_FIRST.search(text)), None)
    if paid is None:
        return
    segments = [_unknown(one.split("*")) for one in paid.split("~")]
    part = exchange / "inbound" / "clearinghouse" / ".unknown.part"
    part.write_text("~".join(segments), encoding="ascii")
    part.rename(part.with_name("835-unknown.x12"))


def _unknown(elements: list[str]) -> str:
    match elements[0].strip():
        case "TRN":
            elements[2] = f"9{elements[2]}"
        case "CLP":
            elements[1], elements[7] = UNKNOWN_CLAIM, f"9{elements[7]}"
    return "*".join(elements)


def _make_all(url: str, wanted: list[Picture]) -> None:
    FOLDER.mkdir(exist_ok=True)
    with _browser() as browser:
        _leave_work_for_others(browser, url)
        for username in dict.fromkeys(one.username for one in wanted):
            with _signed_in(browser, url, username) as page:
                for one in (one for one in wanted if one.username == username):
                    _tell(one, _make(page, url, one))


@contextmanager
def _browser() -> Iterator[Browser]:
    chromium = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.program,
            args=list(ARGUMENTS),
            env={**os.environ, **chromium.environment},
        )
        yield browser
        browser.close()


def _choose_channels(url: str) -> None:
    """One payer's claims are printed here from now on, another's keyed at its portal."""
    with _browser() as browser, _signed_in(browser, url, "ada") as page:
        for payer_no, channel in CHANNELS.items():
            page.goto(f"/payers/{payer_no}")
            page.select_option("#channel", channel)
            page.click("#how button")


def _leave_work_for_others(browser: Browser, url: str) -> None:
    """A query to a physician, a letter to sign and a write-off to approve, where there is cause."""
    with _signed_in(browser, url, "chris") as page:
        _answer(page, "/queues/coding_review", choose="Ask the physician")
    with _signed_in(browser, url, "ana") as page:
        _answer(page, "/queues/denial?words=CO-50", choose="Appeal")
        _answer(page, "/queues/denial?least=10000", choose="Write it off")
        _begin_an_eob(page)
        _wait_for_task(page, "/queues/posting_exception")
    time.sleep(STEP_SECONDS)


def _begin_an_eob(page: Page) -> None:
    """A paper EOB half keyed: begun from the first claim whose encounter offers it."""
    page.goto("/queues/denial")
    links = page.locator(TASK)
    if not links.count():
        return
    page.goto(str(links.first.get_attribute("href")))
    page.locator("main a[href^='/encounters/']").first.click()
    page.get_by_role("button", name="paper EOB").first.click()
    page.get_by_label("Check or EFT number").fill("40017731")
    page.get_by_label("Amount", exact=True).fill("110.00")
    page.get_by_role("button", name="Save the draft").click()


def _wait_for_task(page: Page, queue: str) -> None:
    """What came from outside is a task soon; a demo of another's may have none."""
    gives_up_at = time.monotonic() + TASK_SECONDS
    page.goto(queue)
    while not page.locator(TASK).count() and time.monotonic() < gives_up_at:
        time.sleep(LOOK_EVERY)
        page.goto(queue)


def _answer(page: Page, queue: str, *, choose: str) -> None:
    page.goto(queue)
    links = page.locator(TASK)
    if links.count():
        page.goto(str(links.first.get_attribute("href")))
        page.get_by_label(choose, exact=False).first.check()
        question = page.locator("[name=question]")
        if question.is_visible():
            question.fill(QUESTION)
        page.click("[data-recommended]")


@contextmanager
def _signed_in(browser: Browser, url: str, username: str | None) -> Iterator[Page]:
    context = browser.new_context(viewport=_viewport(WIDE), base_url=url)
    context.set_default_timeout(60_000)
    page = context.new_page()
    if username is not None:
        password = {person.username: person.password for person in PEOPLE}[username]
        page.goto("/login")
        page.fill("[name=username]", username)
        page.fill("[name=password]", password)
        page.click("form:has([name=password]) button")
        page.wait_for_url(re.compile("/work"))
    yield page
    context.close()


def _make(page: Page, url: str, one: Picture) -> bool:
    """False where the page has nothing to open just now; an older picture then stays."""
    page.set_viewport_size(_viewport(one.size))
    _open(page, f"{url}{one.address}")
    if one.open_first is not None:
        links = page.locator(one.open_first)
        if links.count() == 0:
            return False
        _open(page, f"{url}{links.first.get_attribute('href')}")
    if one.needs is not None and page.locator(one.needs).count() == 0:
        return False
    if one.press is not None:
        page.keyboard.press(one.press)
    _write(FOLDER / f"{one.name}.png", page.screenshot())
    return True


def _open(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    if not answer.ok:
        raise click.ClickException(f"{address} answered {answer.status}: no picture of that.")


def _write(path: Path, png: bytes) -> None:
    image = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    image.save(path, optimize=True)


def _viewport(size: tuple[int, int]) -> ViewportSize:
    return {"width": size[0], "height": size[1]}


def _tell(one: Picture, is_made: bool) -> None:
    click.echo(f"{one.name}: {'made' if is_made else 'nothing to open just now, left as it is'}")


if __name__ == "__main__":
    main()
