"""What the keys do on a form: they choose, accept, reject and send; it opens at its first field."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.office import Office
from tests.browser.person import Person

pytestmark = pytest.mark.browser

SignIn = Callable[..., Person]
OPEN = "SELECT '/encounters/' || uuid FROM encounter WHERE ended_at IS NULL ORDER BY id LIMIT 1"


def test_a_claimed_task_is_answered_with_the_keyboard(office: Office, sign_in: SignIn) -> None:
    ana = sign_in("ana")
    task = ana.open_task("denial")

    ana.press("c")
    expect(ana.page.get_by_role("button", name="Undo")).to_be_visible()
    ana.answer()

    assert office.one("SELECT status FROM task WHERE uuid = :u", u=task) == "answered"
    assert ana.complaints == []


def test_a_number_chooses_the_route_that_shows_it(sign_in: SignIn) -> None:
    ana = sign_in("ana")
    ana.open_task("denial")
    last = ana.page.locator(".route").last
    number = last.locator("kbd").inner_text()

    ana.page.keyboard.press("1")
    expect(ana.page.locator(".route input").first).to_be_checked()
    ana.page.keyboard.press(number)

    expect(last.locator("input")).to_be_checked()
    assert ana.complaints == []


def test_a_proposed_service_is_rejected_and_accepted_among_the_services(sign_in: SignIn) -> None:
    chris = sign_in("chris")
    chris.open_task("coding_review")
    proposed = chris.page.locator("tr[data-code]")
    service = proposed.last.get_attribute("data-code")
    diagnoses, rows = chris.page.locator("[data-codes]"), chris.page.locator(".edit tbody tr")
    before, count = diagnoses.input_value(), rows.count()
    row = chris.page.locator(f".edit input[value='{service}']")
    expect(row).to_have_count(1)
    for _ in range(proposed.count() - 1):
        chris.page.keyboard.press("j")

    chris.page.keyboard.press("d")
    expect(row).to_have_count(0)
    expect(chris.page.locator("#said")).to_have_text(f"{service} rejected")
    assert rows.count() == count - 1
    chris.page.keyboard.press("a")
    chris.page.keyboard.press("a")

    expect(row).to_have_count(1)
    expect(chris.page.get_by_label("Units 1", exact=True)).to_have_value("1")
    assert rows.count() == count
    assert diagnoses.input_value() == before
    assert chris.complaints == []


def test_a_service_that_no_row_has_is_added(sign_in: SignIn) -> None:
    chris = sign_in("chris")
    chris.open_task("coding_review")
    proposed, codes = chris.page.locator("tr[data-code]"), chris.page.locator("[name$='.code']")
    service = proposed.last.get_attribute("data-code")
    before = chris.page.locator("[data-codes]").input_value()
    codes.first.fill("99499")
    for _ in range(proposed.count() - 1):
        chris.page.keyboard.press("Escape")
        chris.page.locator("h1").focus()
        chris.page.keyboard.press("j")

    chris.page.keyboard.press("a")

    assert codes.evaluate_all("all => all.map((e) => e.value)")[:2] == ["99499", service]
    expect(chris.page.get_by_label("Units 2", exact=True)).to_have_value("1")
    assert chris.page.locator("[data-codes]").input_value() == before


def test_a_refused_copay_is_mended_in_its_open_sheet(office: Office, sign_in: SignIn) -> None:
    finn = sign_in("finn")
    finn.go(str(office.ask(OPEN)[0][0]))
    finn.page.get_by_role("button", name="Take a copay…").click()
    expect(finn.page.locator("#amount")).to_be_focused()
    finn.page.keyboard.type("25.00")
    finn.page.locator("#kind").select_option("check")

    finn.answer()
    expect(finn.page.locator("#check_no")).to_be_focused()
    expect(finn.page.locator("#amount")).to_have_value("25.00")
    expect(finn.page.locator("#check_no-r")).to_be_visible()
    finn.page.keyboard.type("1041")
    finn.answer()

    expect(finn.page.locator(".flash")).to_contain_text("$25.00 taken.")


def test_a_registration_is_sent_from_any_of_its_fields(sign_in: SignIn) -> None:
    finn = sign_in("finn")
    finn.go("/registration")
    expect(finn.page.locator("#mrn")).to_be_focused()
    finn.page.keyboard.type("MRN9999")

    finn.answer()

    expect(finn.page.locator("#refused")).to_be_focused()
    expect(finn.page.locator("#mrn")).to_have_value("MRN9999")
