"""The seed walk: from a visit typed in at the desk, over codes proposed from its note, to a claim
that its payer has paid."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.office import ACME, Office
from tests.browser.person import Person

pytestmark = pytest.mark.browser

SignIn = Callable[..., Person]
DAYS_SECONDS = 240
WALKS = (
    (
        "MRN8801",
        (
            "ASSESSMENT\ntype 2 diabetes without complications\n\n"
            "SERVICES\nestablished patient visit, moderate complexity"
        ),
        "E11.9",
        "99214",
    ),
    (
        "MRN8802",
        "ASSESSMENT\nacute upper respiratory infection\n\nSERVICES\nelectrocardiogram with report",
        "J06.9",
        "93000",
    ),
)


def test_two_visits_go_from_the_note_to_a_paid_claim(office: Office, sign_in: SignIn) -> None:
    finn, chris, ana = sign_in("finn"), sign_in("chris"), sign_in("ana")

    visits = [(_register(finn, mrn, note), dx, cpt) for mrn, note, dx, cpt in WALKS]
    numbers = [number for number, _, _ in visits]
    office.let_time_pass(lambda: _count(office, _TO_CODE, numbers) == 2, seconds=DAYS_SECONDS)
    for number, diagnosis, service in visits:
        _code(chris, number, diagnosis, service)
    office.let_time_pass(lambda: _count(office, _PAID, numbers) == 2, seconds=DAYS_SECONDS)

    for number, diagnosis, service in visits:
        _read(ana, number, diagnosis, service)


def _register(finn: Person, mrn: str, note: str) -> str:
    page = finn.page
    finn.go("/registration")
    for name, value in (
        ("mrn", mrn), ("last", "Marlow"), ("first", "Rosa"), ("birth_on", "1970-04-05"),
        ("phone", "555-0100"), ("street", "9 Mill Rd"), ("city", "Fairmont"), ("state", "TX"),
        ("zip", "75201"), ("note", note),
    ):  # fmt: skip
        page.locator(f"#{name}").fill(value)
    page.locator("#payer1").select_option(ACME)
    page.locator("#member1").fill(f"PAID{mrn}")
    with page.expect_navigation():
        page.get_by_role("button", name="Register").click()
    expect(page.locator(".flash")).to_contain_text("Registered as")
    return finn.heading


def _code(chris: Person, number: str, diagnosis: str, service: str) -> None:
    page = chris.page
    chris.go(f"/find?q={number}")
    with page.expect_navigation():
        page.get_by_role("link", name="Codes and charges").click()
    expect(page.locator(f"tr[data-code='{diagnosis}']")).to_be_visible()
    expect(page.locator(f"tr[data-code='{service}']")).to_be_visible()
    assert page.locator("#diagnoses").input_value().split() == [diagnosis]
    assert page.get_by_label("Service 1").input_value() == service
    chris.answer()


def _read(ana: Person, number: str, diagnosis: str, service: str) -> None:
    """The page of the encounter says what came of it."""
    page = ana.page
    ana.go(f"/find?q={number}")
    assert ana.heading == number
    expect(page.locator("#lines")).to_contain_text(diagnosis)
    expect(page.locator("#lines")).to_contain_text(service)
    expect(page.locator("#claims")).to_contain_text("settled: paid")
    expect(page.locator("#money")).to_contain_text("Acme Health")
    paid = page.locator("dl.facts div", has_text="Paid").locator("dd")
    assert float(paid.first.inner_text().replace(",", "")) > 0
    page.get_by_role("link", name="835 of").click()
    expect(page.locator("pre")).to_contain_text("CLP*")


_TO_CODE = """
    SELECT count(*) FROM task t JOIN encounter e ON e.id = t.encounter_id
     WHERE t.kind = 'coding_review' AND t.status = 'open' AND e.encounter_no = any(:numbers)
"""
_PAID = """
    SELECT count(*) FROM claim c JOIN encounter e ON e.id = c.encounter_id
     WHERE c.stage = 'settled' AND e.encounter_no = any(:numbers)
"""


def _count(office: Office, statement: str, numbers: list[str]) -> int:
    return int(office.one(statement, numbers=numbers))
