"""A supervisor sends money back to a payer; everybody in billing sees what was sent."""

import pytest

from casework import ledger
from domain.ledger import Account, LedgerEntry, Leg
from tests.web.site import Site

PATH = "/remittances/refunds"
FORM = {
    "amount": "40.00",
    "reference": "ICN77",
    "because": "Paid twice.",
    "taken_from": "liability:payer_offset",
}


def _paid(site: Site, cents: int = 10_000) -> dict[str, str]:
    """The payer has paid, and took a part of it back in words only; the form of a refund."""
    payer = site.payer.id
    for name, account, amount in (
        ("file", Account.CASH_BANK, cents), ("plb", Account.PAYER_OFFSET, -4_000),
    ):  # fmt: skip
        entry = LedgerEntry(
            effect_key=f"remit:1:{name}", source="remittance", words="Remittance T1",
            service_on=None, deposit_on=site.now.today, posted_on=site.now.today,
            legs=(
                Leg(account=account, cents=amount, payer_id=payer),
                Leg(account=Account.CLEARING, cents=-amount, payer_id=payer),
            ),
        )  # fmt: skip
        ledger.post(site.session, entry)
    site.session.commit()
    return FORM | {"payer": site.payer.payer_no}


def _owed(site: Site) -> int:
    return ledger.balance(site.session, Account.PAYER_OFFSET, payer_id=site.payer.id)


def test_what_is_sent_back_settles_what_the_payer_takes_back(site: Site) -> None:
    form = _paid(site)
    lee = site.as_("lee")
    before = lee.get(PATH).get_data(as_text=True)

    answer = lee.post(PATH, form)

    after = lee.get(PATH).get_data(as_text=True)
    assert "40.00" in before
    assert answer.status_code == 303
    assert _owed(site) == 0
    assert "Paid twice." in after
    assert "ICN77" in after


def test_the_form_sent_twice_sends_once(site: Site) -> None:
    form = _paid(site)
    lee = site.as_("lee")
    lee.post(PATH, form)

    again = lee.post(PATH, form)

    assert again.status_code == 422
    assert "was sent a refund for ICN77 before" in again.get_data(as_text=True)
    assert _owed(site) == 0


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("amount", "40.01", "takes back $40.00 so far: say that it is sent ahead."),
        ("amount", "0", "Give an amount above zero."),
        ("reference", "  ", "Give the payer&#39;s own reference for it."),
        ("because", "", "Say why it is sent back"),
        ("payer", "nobody", "Choose one of the list."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    site: Site, field: str, value: str, words: str
) -> None:
    form = _paid(site)

    answer = site.as_("lee").post(PATH, form | {field: value})

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert _owed(site) == -4_000


@pytest.mark.parametrize("name", ["ana", "otto"])
def test_others_see_what_was_sent_and_send_nothing(site: Site, name: str) -> None:
    form = _paid(site)
    browser = site.as_(name)

    page = browser.get(PATH).get_data(as_text=True)

    assert "Send it back" not in page
    assert browser.post(PATH, form).status_code == 403
    assert _owed(site) == -4_000


def test_money_in_suspense_is_shown_and_sent_back_from_there(site: Site) -> None:
    payer = site.payer.id
    entry = LedgerEntry(
        effect_key="remit:1:1:suspense:0", source="remittance", words="Remittance T1",
        service_on=None, deposit_on=site.now.today, posted_on=site.now.today,
        legs=(
            Leg(account=Account.CASH_BANK, cents=7_100, payer_id=payer),
            Leg(account=Account.SUSPENSE, cents=-7_100, payer_id=payer),
        ),
    )  # fmt: skip
    ledger.post(site.session, entry)
    site.session.commit()
    lee = site.as_("lee")
    page = lee.get(PATH).get_data(as_text=True)
    form = FORM | {"payer": site.payer.payer_no, "taken_from": "liability:suspense"}

    answer = lee.post(PATH, form | {"amount": "71.00"})

    assert "71.00" in page
    assert answer.status_code == 303
    assert ledger.balance(site.session, Account.SUSPENSE, payer_id=payer) == 0


def test_ahead_of_what_is_taken_back_no_more_is_sent_than_was_paid(site: Site) -> None:
    form = _paid(site) | {"ahead": "yes"}
    lee = site.as_("lee")

    refused = lee.post(PATH, form | {"amount": "100.01"})
    sent = lee.post(PATH, form | {"amount": "100.00"})

    assert "has paid $100.00 that it has not had back" in refused.get_data(as_text=True)
    assert sent.status_code == 303
    assert _owed(site) == 6_000
