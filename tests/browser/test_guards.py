"""What nobody may do by any door: the page, a crafted request, a plain client with the cookie."""

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.office import Office
from tests.browser.person import Person

pytestmark = pytest.mark.browser

SignIn = Callable[..., Person]
APPROVAL = (
    "SELECT t.uuid FROM task t JOIN app_user u ON u.id = (t.details->>'asked_by_id')::bigint"
    " WHERE t.kind = 'write_off_approval' AND t.status = 'open' AND u.username = 'sam'"
)


def _by_hand(person: Person, path: str, **fields: str) -> tuple[int, str]:
    """The status and the page that `curl`, or any plain client, gets with this person's cookie."""
    cookies = {c["name"]: c["value"] for c in person.page.context.cookies()}
    with httpx.Client(base_url=person.office.url, cookies=cookies, trust_env=False) as plain:
        answer = plain.post(path, data=fields) if fields else plain.get(path)
    return answer.status_code, answer.text


def _write_off(sam: Person) -> str:
    """Sam, who stands in for a biller, gives up a whole refusal; returns the approval's id."""
    sam.open_task("denial")
    sam.page.locator("[name=route][value=write_off]").check()
    sam.answer()
    office = sam.office
    office.wait_for(lambda: bool(office.ask(APPROVAL)), seconds=20, what="the approval")
    return str(office.ask(APPROVAL)[0][0])


def test_nobody_approves_their_own_write_off_and_somebody_else_does(
    office: Office, sign_in: SignIn
) -> None:
    sam, lee = sign_in("sam"), sign_in("lee")
    task = _write_off(sam)
    answer = {"version": "1", "decision": "approve"}

    sam.go(f"/tasks/{task}")
    expect(sam.page.get_by_text("You asked for this yourself")).to_be_visible()
    expect(sam.page.locator("[data-recommended]")).to_have_count(0)
    posted = sam.post(f"/tasks/{task}/answer", **answer)
    token = sam.page.locator("[name=csrf_token]").first.get_attribute("value") or ""
    by_hand, _ = _by_hand(sam, f"/tasks/{task}/answer", csrf_token=token, **answer)
    status = office.one("SELECT status FROM task WHERE uuid = :u", u=task)
    lee.go(f"/tasks/{task}")
    lee.answer()

    assert (posted, by_hand, status) == (403, 403, "open")
    assert office.one("SELECT status FROM task WHERE uuid = :u", u=task) == "answered"


def test_the_patient_sees_no_balance_while_a_payer_is_open(office: Office, sign_in: SignIn) -> None:
    finn, otto = sign_in("finn"), sign_in("otto")
    uuid, number = office.ask(
        "SELECT e.uuid, e.id FROM encounter e JOIN task t ON t.encounter_id = e.id"
        " WHERE t.kind = 'denial' AND t.status = 'open' ORDER BY e.id LIMIT 1"
    )[0]

    for person in (finn, otto):
        person.go(f"/encounters/{uuid}")
        owes = person.page.locator(".facts div", has_text="Patient owes").locator("dd")
        expect(owes).to_have_text("0.00")
    status, page = _by_hand(finn, f"/encounters/{uuid}")

    assert status == 200
    assert "<dt>Patient owes</dt><dd>0.00</dd>" in page
    assert office.ask("SELECT 1 FROM statement_line WHERE encounter_id = :e", e=number) == []
