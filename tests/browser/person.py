"""Somebody at a browser: what they press and what they read."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page, Response, expect

from tests.browser.office import PASSWORD, Office

TASK = re.compile(r"/tasks/[0-9a-f-]{36}")


@dataclass
class Person:
    page: Page
    office: Office
    username: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)

    def sign_in(self) -> None:
        """With the keyboard alone: the name has the focus."""
        self.page.goto(f"{self.office.url}/login")
        # Typed before the page has taken the focus, the first letters would be nobody's.
        expect(self.page.locator("#u")).to_be_focused()
        self.page.keyboard.type(self.username)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD[self.username])
        with self.page.expect_navigation(url="**/work"):
            self.page.keyboard.press("Enter")

    def go(self, path: str) -> Response:
        response = self.page.goto(path if path.startswith("http") else f"{self.office.url}{path}")
        assert response is not None
        return response

    def press(self, key: str) -> None:
        """A key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def answer(self) -> None:
        self.press("Control+Enter")

    def post(self, path: str, **fields: str) -> int:
        """What a crafted request gets, with the cookie and the token of an open page."""
        token = self.page.locator("[name=csrf_token]").first.get_attribute("value") or ""
        answer = self.page.request.post(
            f"{self.office.url}{path}", form={"csrf_token": token, **fields}, max_redirects=0
        )
        return answer.status

    def open_task(self, kind: str) -> str:
        """The first task of a queue, opened; returns its id."""
        self.go(f"/queues/{kind}")
        # Its address alone is there before the script that hears the keys.
        with self.page.expect_navigation(url=TASK):
            self.page.locator("th.do a").first.click()
        return self.task_id

    @property
    def task_id(self) -> str:
        found = TASK.search(self.page.url)
        assert found, f"no task at {self.page.url}"
        return found[0].removeprefix("/tasks/")

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def focused(self) -> str:
        """The tag and the words of what has the focus."""
        return str(
            self.page.evaluate(
                "document.activeElement.tagName + ' ' + document.activeElement.innerText.trim()"
            )
        )

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")
