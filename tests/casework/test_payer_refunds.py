"""Money sent back to a payer leaves the bank once, and meets what the payer's remittance says."""

import pytest

from casework.posting import payer_refunds
from casework.refusals import Forbidden, Refused
from domain.tasks import Role
from tests.casework.office import answered, visit
from tests.scenarios import practice
from tests.scenarios.play import Play

PAID = 9_000


def paid(office: Play) -> None:
    visit(office)
    answered(office, "A1", [("CO", "45", 6_000)])


def refund(
    office: Play,
    cents: int = 4_000,
    *,
    reference: str = "ICN77",
    by: Role = Role.SUPERVISOR,
    is_ahead: bool = True,
) -> None:
    payer_refunds.send(
        office.session,
        practice.payer(office.session, "ALPHA"),
        cents,
        reference=reference,
        because="Paid twice.",
        by=office.people[by],
        now=office.engine.now,
        is_ahead=is_ahead,
    )


def test_a_refund_is_owed_back_by_the_payers_own_remittance(office: Play) -> None:
    paid(office)

    refund(office)

    balances = office.balances()
    assert balances["liability:payer_offset:ALPHA"] == 4_000
    assert balances["cash:bank"] == PAID - 4_000


def test_the_same_reference_is_refunded_once(office: Play) -> None:
    paid(office)
    refund(office)

    with pytest.raises(Refused, match="was sent a refund for ICN77 before"):
        refund(office)

    assert office.balances()["cash:bank"] == PAID - 4_000


def test_no_more_goes_back_than_has_come(office: Play) -> None:
    paid(office)
    refund(office)

    with pytest.raises(Refused, match=r"has paid \$50\.00 that it has not had back"):
        refund(office, 5_001, reference="ICN78")

    assert office.balances()["cash:bank"] == PAID - 4_000


def test_nothing_is_no_refund(office: Play) -> None:
    with pytest.raises(Refused, match="more than nothing"):
        refund(office, 0)


def test_a_biller_sends_no_money_to_a_payer(office: Play) -> None:
    with pytest.raises(Forbidden, match="Only a supervisor"):
        refund(office, by=Role.BILLER)


def test_what_no_remittance_takes_back_is_sent_ahead_only_when_somebody_says_so(
    office: Play,
) -> None:
    paid(office)

    with pytest.raises(Refused, match=r"takes back \$0\.00 so far"):
        refund(office, is_ahead=False)

    assert office.balances()["cash:bank"] == PAID
