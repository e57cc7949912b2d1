"""A biller's day with the keyboard alone: the next task, an answer, the next one."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from domain.tasks import TaskKind
from tests.browser.office import Office
from tests.browser.person import TASK, Person

pytestmark = pytest.mark.browser

A_DAYS_TASKS = 10
SignIn = Callable[..., Person]
# Not what another test has put off or handed to the supervisor.
AWAITED = (
    "SELECT DISTINCT kind FROM task WHERE status = 'open' AND queue = 'biller'"
    " AND (follow_up_on IS NULL OR follow_up_on <= :today)"
)


def _awaited(office: Office) -> set[str]:
    return {row[0] for row in office.ask(AWAITED, today=office.today)}


def _their_kinds(office: Office) -> Iterator[str]:
    """Each is asked for again when its turn comes: an answer may have settled another's tasks."""
    return (kind for kind in sorted(_awaited(office)) if kind in _awaited(office))


def _read_and_answer(ana: Person) -> str:
    """Returns the kind of task that was answered."""
    assert ana.focused() == f"H1 {ana.heading}"
    kind = ana.page.locator("form[data-answer]").get_attribute("data-kind")
    if kind == TaskKind.PORTAL_CLAIM:
        # What a portal has said nobody can recommend.
        ana.page.locator("[name=confirmation_no]").focus()
        ana.page.keyboard.type("P-2026-118")
    ana.answer()
    expect(ana.page.locator("#said")).not_to_be_empty()
    return kind or ""


def test_ten_tasks_of_several_kinds_one_after_the_other(office: Office, sign_in: SignIn) -> None:
    ana = sign_in("ana")
    answered: list[str] = []

    for kind in _their_kinds(office):
        ana.go(f"/queues/{kind}")
        ana.page.keyboard.press("j")
        ana.page.keyboard.press("k")
        ana.press("Enter")
        answered.append(_read_and_answer(ana))
    ana.go("/work")
    ana.press("n")
    while len(answered) < A_DAYS_TASKS:
        answered.append(_read_and_answer(ana))
        expect(ana.page).to_have_url(TASK)

    done = office.one(
        "SELECT count(*) FROM task JOIN app_user u ON u.id = answered_by_id"
        " WHERE u.username = 'ana' AND status = 'answered'"
    )
    assert done >= A_DAYS_TASKS
    assert len(set(answered)) >= 3
    assert ana.complaints == []


def test_a_task_is_claimed_and_released(office: Office, sign_in: SignIn) -> None:
    ana = sign_in("ana")
    ana.press("n")

    ana.press("c")
    claimed = ana.page.locator(".topbar").inner_text()
    ana.press("r")

    assert "Yours until" in claimed
    assert "Yours until" not in ana.page.locator(".topbar").inner_text()
    actions = office.ask(
        "SELECT l.action FROM task_log l JOIN task t ON t.id = l.task_id"
        " WHERE t.uuid = :uuid ORDER BY l.id DESC LIMIT 2",
        uuid=ana.task_id,
    )
    assert [row[0] for row in actions] == ["released", "claimed"]


def test_a_task_is_snoozed_with_a_reason_and_a_date(office: Office, sign_in: SignIn) -> None:
    ana = sign_in("ana")
    ana.press("n")
    task, until = ana.task_id, office.today + dt.timedelta(days=9)

    ana.page.keyboard.press("s")
    expect(ana.page.locator("#until")).to_be_focused()
    ana.page.keyboard.type(f"{until:%m%d%Y}")
    ana.page.locator("#because").focus()
    ana.page.keyboard.type("The payer calls back.")
    ana.press("Enter")

    assert ana.task_id != task
    row = office.ask("SELECT follow_up_on, snoozed_because FROM task WHERE uuid = :u", u=task)
    assert tuple(row[0]) == (until, "The payer calls back.")
    ana.go("/work?state=snoozed")
    expect(ana.page.locator(f"a[href='/tasks/{task}']")).to_be_visible()


def test_a_row_is_put_off_with_keys_and_woken_by_the_way_back(
    office: Office, sign_in: SignIn
) -> None:
    ana = sign_in("ana")
    uuid = ana.page.locator("tbody [name=task]").nth(1).get_attribute("value")
    asleep = "SELECT follow_up_on FROM task WHERE uuid = :u"

    ana.page.keyboard.press("j")
    ana.press("s")
    ana.page.locator("#because").fill("The payer calls back.")
    with ana.page.expect_navigation():
        ana.page.locator("main form .primary").click()
    put_off = office.one(asleep, u=uuid)
    with ana.page.expect_navigation():
        ana.page.get_by_role("button", name="Undo").click()

    assert put_off > office.today
    assert office.one(asleep, u=uuid) is None
    expect(ana.page.locator(".flash")).to_contain_text("1 task awake again.")
    assert ana.complaints == []


def test_a_task_is_escalated_and_the_supervisor_sees_it(office: Office, sign_in: SignIn) -> None:
    ana, sam = sign_in("ana"), sign_in("sam")
    ana.press("n")

    ana.page.keyboard.press("e")
    expect(ana.page.locator("#esc-because")).to_be_focused()
    ana.page.keyboard.type("The payer contradicts itself.")
    ana.press("Enter")

    sam.go(f"/tasks/{ana.task_id}")
    expect(sam.page.get_by_text("escalated", exact=True)).to_be_visible()
    expect(sam.page.get_by_text("The payer contradicts itself.")).to_be_attached()


def test_an_encounter_is_found_by_its_number(office: Office, sign_in: SignIn) -> None:
    ana = sign_in("ana")
    number = office.ask("SELECT encounter_no FROM encounter ORDER BY id LIMIT 1")[0][0]

    ana.page.keyboard.press("/")
    expect(ana.page.locator("#q")).to_be_focused()
    ana.page.keyboard.type(number.lower())
    ana.press("Enter")

    assert ana.heading == number
