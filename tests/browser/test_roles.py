"""Each role finishes a task of its own, nobody one of another's, and the auditor none."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from domain.tasks import TaskKind
from tests.browser.office import Office
from tests.browser.person import Person

pytestmark = pytest.mark.browser

SignIn = Callable[..., Person]
ZERO = "00000000-0000-0000-0000-000000000000"
ENGINE_SECONDS = 60
CODES = {"route": "code", "diagnoses": "J06.9", "services.code": "99215"}
QUESTION = "Is the diabetes with or without complications?"


def _who_answered(office: Office, task: str) -> str:
    found = office.ask(
        "SELECT u.username FROM task t JOIN app_user u ON u.id = t.answered_by_id"
        " WHERE t.uuid = :u",
        u=task,
    )
    return found[0][0] if found else "nobody"


@pytest.mark.parametrize(
    ("username", "kind"),
    [
        ("chris", TaskKind.CODING_REVIEW),
        ("ana", TaskKind.DENIAL),
        ("finn", TaskKind.REGISTRATION_FIX),
        ("ada", TaskKind.QUARANTINED_FILE),
    ],
)
def test_a_role_finishes_a_task_of_its_queue(
    office: Office, sign_in: SignIn, username: str, kind: str
) -> None:
    person = sign_in(username)
    task = person.open_task(kind)

    person.answer()

    assert _who_answered(office, task) == username
    assert person.complaints == []


def test_a_coder_asks_the_physician_who_answers(office: Office, sign_in: SignIn) -> None:
    chris, ruth = sign_in("chris"), sign_in("ruth")
    coding = chris.open_task(TaskKind.CODING_REVIEW)
    chris.page.get_by_label("Ask the physician").check()
    chris.page.locator("[name=question]").fill(QUESTION)
    chris.answer()
    asked = "SELECT uuid FROM task WHERE kind = 'provider_query' AND status = 'open'"
    office.wait_for(lambda: bool(office.ask(asked)), seconds=ENGINE_SECONDS, what="the query")
    query = str(office.ask(asked)[0][0])

    ruth.go(f"/tasks/{query}")
    expect(ruth.page.get_by_text(QUESTION).first).to_be_visible()
    ruth.page.locator("[name=finding]").first.check()
    ruth.answer()

    assert _who_answered(office, coding) == "chris"
    assert _who_answered(office, query) == "ruth"


def test_every_post_of_the_auditor_is_refused_and_audited(office: Office, sign_in: SignIn) -> None:
    otto = sign_in("otto")
    task = otto.open_task(TaskKind.DENIAL)
    expect(otto.page.get_by_text("You may read this task.")).to_be_visible()
    otto.go("/settings")
    posts = [
        f"/tasks/{task}/answer", f"/tasks/{task}/claim", f"/tasks/{task}/snooze",
        f"/tasks/{task}/escalation", f"/tasks/{task}/assignee", "/tasks/selected", "/registration",
        f"/encounters/{ZERO}/hold", f"/encounters/{ZERO}/cancellation", f"/claims/{ZERO}/void",
        f"/claims/{ZERO}/submissions", "/stuck/actions", "/users", "/settings",
    ]  # fmt: skip

    answers = [otto.post(path) for path in posts]

    assert answers == [403] * len(posts)
    refused = office.ask(
        "SELECT a.object_key FROM audit_event a JOIN app_user u ON u.id = a.user_id"
        " WHERE u.username = 'otto' AND a.outcome = 'refused' ORDER BY a.id"
    )
    assert [row[0] for row in refused] == posts


def test_a_biller_changes_no_code_however_the_request_is_made(
    office: Office, sign_in: SignIn
) -> None:
    ana = sign_in("ana")
    coding = office.ask("SELECT uuid, version FROM task WHERE kind = 'coding_review' LIMIT 1")[0]
    before = office.ask("SELECT code FROM diagnosis ORDER BY id")

    sent = ana.post(f"/tasks/{coding[0]}/answer", version=str(coding[1]), **CODES)
    looked = ana.go(f"/tasks/{coding[0]}").status
    without_token = ana.page.request.post(
        f"{office.url}/tasks/{coding[0]}/answer", form={**CODES}, max_redirects=0
    ).status

    assert (sent, looked) == (403, 403)
    assert without_token in (400, 403)
    assert office.ask("SELECT code FROM diagnosis ORDER BY id") == before


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("ana", "/users"), ("ana", "/stuck"), ("ana", "/registration"),
        ("chris", "/queues/denial"), ("chris", "/remittances"), ("finn", "/reports"),
        ("ruth", "/stuck"), ("ada", "/remittances"), ("sam", "/users"),
    ],
)  # fmt: skip
def test_the_address_of_another_roles_page_is_refused_in_words(
    sign_in: SignIn, username: str, path: str
) -> None:
    person = sign_in(username)

    answer = person.go(path)

    assert answer.status == 403
    assert person.heading == "This is not yours to do"


def test_a_wrong_password_is_refused_in_words(office: Office, page: Page) -> None:
    page.goto(f"{office.url}/login")
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill("not the password")

    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
