import pytest
from sqlalchemy.orm import Session

from tests.casework.payer_world import PayerWorld, payer_world


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


def test_a_paid_line_leaves_nothing_at_the_payer(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99214", 22000)]), expected={"99214": 13500})

    world.pays(world.answer_of(claim, ("CO", "45", 8500), ("PR", "3", 2500)))

    assert world.balances() == {
        "revenue:charges": -22000,
        "adj:contractual": 8500,
        "cash:bank": 11000,
        "ar:patient": 2500,
    }
    assert (claim.stage, claim.outcome, claim.payer_claim_number) == ("adjudicated", "paid", "ICN1")
    assert world.denials() == []
