"""What the script adds to a task's page: masked numbers in place, and a sum that must come out."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import tasks
from casework.moment import moment
from db.models import RemitClaim, RemitLine, Task
from domain.tasks import RULES, TaskKind, TaskStatus
from tests.browser.office import Office
from tests.browser.person import TASK, Person

pytestmark = pytest.mark.browser

SignIn = Callable[..., Person]


@pytest.fixture
def posting_task(office: Office) -> Iterator[str]:
    """A question about the lines of an answer that has some; taken back after the test."""
    with Session(office.demo.engine) as session:
        answer_id = session.scalars(
            select(RemitLine.remit_claim_id)
            .join(RemitClaim, RemitClaim.id == RemitLine.remit_claim_id)
            .where(RemitLine.ordinal > 0, RemitLine.paid_cents > 0)
            .where(RemitClaim.claim_id.is_not(None))
            .order_by(RemitLine.id)
            .limit(1)
        ).one()
        now = moment(session)
        task = Task(
            subject="browser:posting", kind=TaskKind.POSTING_EXCEPTION, cause="lines",
            queue=RULES[TaskKind.POSTING_EXCEPTION].queue, status=TaskStatus.OPEN,
            title="A line means none of ours", reason="Line 1", amount_cents=1,
            details={"case": "line", "answer_id": answer_id}, opened_at=now.at, due_on=now.today,
        )  # fmt: skip
        session.add(task)
        session.commit()
        uuid, task_id = str(task.uuid), task.id
    yield uuid
    with Session(office.demo.engine) as session:
        tasks.withdraw(session, session.get_one(Task, task_id), "The test is over", moment(session))
        session.commit()


def test_the_sum_follows_what_is_chosen_and_the_button_waits_for_nothing_left(
    posting_task: str, sign_in: SignIn
) -> None:
    ana = sign_in("ana")
    ana.go(f"/tasks/{posting_task}")
    left, primary = ana.page.locator("[data-left] output"), ana.page.locator(".foot .primary")
    expect(left).to_have_text("0.00")
    expect(primary).to_have_attribute("aria-disabled", "false")
    first = ana.page.locator("[data-share]").first
    here = ana.page.locator("[data-placed]")
    whole = here.inner_text()

    first.select_option("")
    expect(left).not_to_have_text("0.00")
    expect(primary).to_have_attribute("aria-disabled", "true")
    ana.page.keyboard.press("Control+Enter")

    expect(ana.page.locator("#said")).to_contain_text("Give every line a charge line first")
    expect(ana.page).to_have_url(TASK)
    ana.page.get_by_label("Put the money into suspense").check()
    expect(left).to_have_text("0.00")
    expect(here).to_have_text(whole)
    expect(primary).to_have_attribute("aria-disabled", "false")
    assert ana.complaints == []


def test_a_number_is_shown_in_its_place_and_nothing_typed_is_lost(
    office: Office, sign_in: SignIn
) -> None:
    finn = sign_in("finn")
    uuid = finn.open_task("registration_fix")
    field = finn.page.locator("#member_id")
    assert "·" in field.input_value()
    before = _looks(office, uuid)
    finn.page.locator("input[name=action]").last.check()

    finn.page.locator("[data-show]").first.click()

    expect(field).not_to_have_value("·")
    expect(finn.page.locator("#said")).to_have_text("Shown. This is recorded.")
    assert "·" not in field.input_value()
    assert finn.page.locator("input[name=action]").last.is_checked()
    assert finn.page.url.endswith(uuid)
    assert finn.page.locator("[data-show]").count() == 0
    assert _looks(office, uuid) == before + 1
    assert finn.complaints == []


def test_without_the_script_the_link_is_a_page(office: Office, sign_in: SignIn) -> None:
    finn = sign_in("finn")
    uuid = finn.open_task("registration_fix")
    href = finn.page.locator("[data-show]").first.get_attribute("href") or ""

    finn.go(href)

    assert href == f"/tasks/{uuid}/identifiers"
    assert "·" not in finn.page.locator("#member_id").input_value()


def test_brackets_walk_through_the_queue(sign_in: SignIn) -> None:
    ana = sign_in("ana")
    first = ana.open_task("denial")
    said_first = ana.page.locator(".topbar").inner_text()

    ana.press("]")
    second, said_second = ana.task_id, ana.page.locator(".topbar").inner_text()
    ana.press("[")

    assert second != first
    assert "1 of " in said_first
    assert "2 of " in said_second
    assert ana.task_id == first


def _looks(office: Office, uuid: str) -> int:
    """How often somebody had the member ids of this task shown."""
    return int(
        office.one(
            "SELECT count(*) FROM audit_event WHERE object_key = :uuid"
            " AND words LIKE 'had the member ids%'",
            uuid=uuid,
        )
    )
