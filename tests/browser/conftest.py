"""A real Chromium, and a whole real practice behind the pages it opens."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.chromium import ARGUMENTS, NoChromium, find_chromium
from tests.browser.office import Office, fill, open_office
from tests.browser.person import Person

WAIT_MS = 20_000
BILLERS_SCREEN = {"width": 1366, "height": 768}
expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests; without one the test run stops."""
    try:
        chromium = find_chromium()
    except NoChromium as error:
        pytest.exit(str(error), returncode=1)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.program,
            args=list(ARGUMENTS),
            env={**os.environ, **chromium.environment},
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a fresh person: no cookie, no cache, a biller's screen."""
    with _context(browser) as context:
        yield context.new_page()


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """Started once; its clock stands still but for what a test lets pass."""
    # Not under pytest's own folder, which is closed to the database's user when root runs tests.
    home = Path(tempfile.mkdtemp(prefix="claimflow-browser-"))
    home.chmod(0o711)
    office = open_office(home)
    try:
        office.demo.system.start()
        fill(office)
        yield office
    finally:
        office.demo.keeper.stop()
        office.demo.system.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def sign_in(browser: Browser, office: Office) -> Iterator[Callable[..., Person]]:
    """`sign_in("ana")` is somebody at a browser of their own, signed in."""
    contexts: list[BrowserContext] = []

    def enter(username: str, **settings: object) -> Person:
        context = _open(browser, **settings)
        contexts.append(context)
        person = Person(page=context.new_page(), office=office, username=username)
        person.sign_in()
        return person

    yield enter
    for context in contexts:
        context.close()


@contextmanager
def _context(browser: Browser) -> Iterator[BrowserContext]:
    context = _open(browser)
    yield context
    context.close()


def _open(browser: Browser, **settings: object) -> BrowserContext:
    context = browser.new_context(**{"viewport": BILLERS_SCREEN, **settings})  # type: ignore[arg-type]
    context.set_default_timeout(WAIT_MS)
    return context
