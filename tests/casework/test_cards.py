"""The card that came with a chart says the member id that its registration lacks."""

import pytest
from sqlalchemy.orm import Session

from casework import cards
from casework.cards import Card
from db.models import Coverage, Encounter
from tests.casework.office import scan_card, visit
from tests.scenarios.play import Play


def found(session: Session, encounter: Encounter, coverage: Coverage) -> Card | None:
    return cards.of_coverage(session, encounter.id, coverage)


@pytest.fixture
def coverage(office: Play) -> Coverage:
    visit(office, until_sent=False)
    return office.claim("A1").coverage


def test_the_member_id_stands_on_the_scanned_card(office: Play, coverage: Coverage) -> None:
    scan_card(office, "ALPHA\nMember ID: axy-100\n")

    card = found(office.session, office.encounters["A1"], coverage)

    assert card == Card(payer_name="ALPHA", member_id="AXY-100")


def test_of_several_cards_the_payers_own_is_read(office: Play, coverage: Coverage) -> None:
    scan_card(office, "BETA\nMember ID: B7\n")
    scan_card(office, f"{coverage.plan.payer.name}\nMember ID: A7\n")

    card = found(office.session, office.encounters["A1"], coverage)

    assert card is not None
    assert card.member_id == "A7"


def test_nothing_is_guessed_from_cards_that_do_not_say_whose_they_are(
    office: Play, coverage: Coverage
) -> None:
    scan_card(office, "GAMMA\nMember ID: G7\n")
    scan_card(office, "DELTA\nMember ID: D7\n")

    assert found(office.session, office.encounters["A1"], coverage) is None


def test_a_scan_without_a_member_id_says_nothing(office: Play, coverage: Coverage) -> None:
    scan_card(office, "ALPHA\nGroup 12\n")

    assert found(office.session, office.encounters["A1"], coverage) is None
