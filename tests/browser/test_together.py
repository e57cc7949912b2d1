"""Two people on one task, an old form, no JavaScript, no engine: no answer is lost, none counts
twice."""

import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.office import Office
from tests.browser.person import Person

pytestmark = pytest.mark.browser

SignIn = Callable[..., Person]
RECOVERY_SECONDS = 120
OPEN_DENIALS = "SELECT uuid FROM task WHERE kind = 'denial' AND status = 'open' ORDER BY id"


def _status(office: Office, task: str) -> str:
    return str(office.one("SELECT status FROM task WHERE uuid = :u", u=task))


def test_the_second_of_two_people_learns_who_was_first_and_loses_no_word(
    office: Office, sign_in: SignIn
) -> None:
    ana, sam = sign_in("ana"), sign_in("sam")
    task = ana.open_task("denial")
    sam.go(f"/tasks/{task}")
    sam.page.locator("#note").fill("I called them twice about this.")
    ana.answer()

    sam.answer()

    expect(sam.page.get_by_role("alert")).to_contain_text("Ana Ruiz answered this task first")
    expect(sam.page.get_by_text("I called them twice about this.")).to_be_visible()
    who = office.one(
        "SELECT u.username FROM task t JOIN app_user u ON u.id = t.answered_by_id"
        " WHERE t.uuid = :u",
        u=task,
    )
    assert who == "ana"


def test_a_form_sent_again_with_the_back_button_counts_once(
    office: Office, sign_in: SignIn
) -> None:
    ana = sign_in("ana")
    task = ana.open_task("denial")
    ana.answer()
    closed_at = office.one("SELECT answered_at FROM task WHERE uuid = :u", u=task)

    again = ana.post(f"/tasks/{task}/answer", version="1", route="write_off", note="again")

    assert again == 409
    assert office.one("SELECT answered_at FROM task WHERE uuid = :u", u=task) == closed_at


def test_a_form_that_lacks_something_keeps_what_was_typed(office: Office, sign_in: SignIn) -> None:
    ana = sign_in("ana")
    task = ana.open_task("denial")
    ana.page.locator("#note").fill("A word to keep.")
    ana.page.evaluate("document.querySelectorAll('.route input').forEach(i => i.checked = false)")

    ana.answer()

    expect(ana.page.locator("#refused")).to_be_focused()
    expect(ana.page.locator("#note")).to_have_value("A word to keep.")
    assert "refused" in ana.page.title()
    assert _status(office, task) == "open"


def test_without_javascript_a_task_is_answered_with_its_button(
    office: Office, sign_in: SignIn
) -> None:
    ana = sign_in("ana", java_script_enabled=False)
    task = ana.open_task("denial")

    with ana.page.expect_navigation():
        ana.page.locator("[data-recommended]").click()

    assert _status(office, task) == "answered"
    expect(ana.page.locator(".flash")).to_be_visible()


def test_an_answer_is_recorded_while_the_engine_is_down_and_followed_when_it_is_back(
    office: Office, sign_in: SignIn
) -> None:
    ana = sign_in("ana")
    task = _open_to_appeal(office, ana)
    subject = office.one("SELECT subject FROM task WHERE uuid = :u", u=task)
    rev = office.one("SELECT rev FROM subject WHERE key = :k", k=subject)

    # It hears nothing and answers nothing, until it is killed and comes back.
    office.demo.system.kill("temporal", signal.SIGSTOP)
    try:
        ana.answer()
        answered, waiting = _status(office, task), office.ask("SELECT 1 FROM wake")
    finally:
        office.demo.system.kill("temporal", signal.SIGKILL)

    assert answered == "answered"
    assert waiting
    assert office.demo.system.wait_healthy(RECOVERY_SECONDS)
    office.wait_for(
        lambda: (
            not office.ask("SELECT 1 FROM wake")
            and office.one("SELECT rev FROM subject WHERE key = :k", k=subject) > rev + 1
        ),
        seconds=RECOVERY_SECONDS,
        what="the step after the answer",
    )


def _open_to_appeal(office: Office, person: Person) -> str:
    """A write-off may wait for its approval first; an appeal is followed by a step at once."""
    for (uuid,) in office.ask(OPEN_DENIALS):
        person.go(f"/tasks/{uuid}")
        appeal = person.page.locator("input[name=route][value=appeal]")
        if appeal.count():
            appeal.check()
            return str(uuid)
    raise AssertionError("no open denial may be appealed")
