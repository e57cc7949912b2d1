"""A supervisor's day: what stands still and why, what to do about it, and whose yes is needed."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.office import Office
from tests.browser.person import Person

pytestmark = pytest.mark.browser

SignIn = Callable[..., Person]
PASS_DAYS_SECONDS = 120


def _write_off(person: Person) -> str:
    """Ask to write a denial off; returns its task."""
    task = person.open_task("denial")
    person.page.locator("input[value=write_off]").check()
    person.answer()
    return task


def _approval(office: Office, encounter_of: str) -> str:
    return str(
        office.one(
            "SELECT a.uuid FROM task a JOIN task d ON d.claim_id = a.claim_id"
            " WHERE d.uuid = :u AND a.kind = 'write_off_approval' AND a.status = 'open'",
            u=encounter_of,
        )
    )


def _select(person: Person, subject: str, what: str) -> None:
    """Choose one row of the stuck list and an action, and see its rehearsal."""
    person.go("/stuck")
    person.page.locator(f"[name=subject][value='{subject}']").check()
    with person.page.expect_navigation():
        person.page.locator(f"form#bulk button[value={what}]").click()
    expect(person.page.get_by_text("nothing done yet")).to_be_visible()
    expect(person.page.locator("[name=reason]")).to_be_focused()


def _confirm(person: Person, reason: str) -> None:
    person.page.locator("[name=reason]").fill(reason)
    person.answer()


def test_what_stands_still_is_held_released_retried_and_reassigned(
    office: Office, sign_in: SignIn
) -> None:
    late = "SELECT subject FROM task WHERE status = 'open' AND encounter_id IS NOT NULL"
    office.let_time_pass(
        lambda: bool(office.ask(f"{late} AND due_on < :today", today=office.today)),
        seconds=PASS_DAYS_SECONDS,
    )
    subject = office.ask(f"{late} AND due_on < :today ORDER BY id", today=office.today)[0][0]
    sam = sign_in("sam")

    _select(sam, subject, "retry")
    _confirm(sam, "look again")
    _select(sam, subject, "assign")
    sam.page.locator("[name=to]").select_option(index=0)
    _confirm(sam, "you know this payer")
    _select(sam, subject, "hold")
    sam.page.locator("[name=until]").fill(str(office.today + dt.timedelta(days=5)))
    _confirm(sam, "the payer meets us on Friday")
    held = office.ask("SELECT reason FROM hold WHERE released_at IS NULL")
    _select(sam, subject, "release")
    _confirm(sam, "met")

    number = subject.split(":")[1]
    sam.go("/find?q=" + number)
    story = sam.page.locator("#story").inner_text()
    assert [row[0] for row in held] == ["the payer meets us on Friday"]
    assert office.ask("SELECT 1 FROM hold WHERE released_at IS NULL") == []
    assert "asked to look again" in story
    assert "the payer meets us on Friday" in story
    assert sam.complaints == []


def test_a_write_off_above_the_limit_needs_another_person(office: Office, sign_in: SignIn) -> None:
    sam, lee = sign_in("sam"), sign_in("lee")
    denial = _write_off(sam)
    approval = _approval(office, denial)

    sam.go(f"/tasks/{approval}")
    own = sam.post(f"/tasks/{approval}/answer", version="1", decision="approve")
    lee.go(f"/tasks/{approval}")
    lee.answer()

    assert own == 403
    answered = office.ask(
        "SELECT u.username FROM task t JOIN app_user u ON u.id = t.answered_by_id"
        " WHERE t.uuid = :u",
        u=approval,
    )
    assert [row[0] for row in answered] == ["lee"]


def test_the_billers_write_off_is_decided_by_a_supervisor(office: Office, sign_in: SignIn) -> None:
    ana, sam = sign_in("ana"), sign_in("sam")
    approval = _approval(office, _write_off(ana))

    refused = ana.post(f"/tasks/{approval}/answer", version="1", decision="approve")
    sam.go(f"/tasks/{approval}")
    sam.page.locator("input[value=refuse]").check()
    sam.answer()

    assert refused == 403
    assert office.one("SELECT status FROM task WHERE uuid = :u", u=approval) == "answered"
