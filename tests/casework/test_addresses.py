"""A claim goes out with the patient's whole address, which nobody invents."""

import pytest

from casework import addresses
from casework.refusals import Refused
from domain.tasks import TaskKind
from tests.casework.office import scan_card, sent, today, visit
from tests.scenarios.play import Play

NO_STREET = {"line1": "", "postal_code": ""}


def complete(office: Play, zip_code: str) -> None:
    office.answer(
        TaskKind.EDIT_FIX, action="address", street="9 Oak Road", city="Fairmont", state="tx",
        zip_code=zip_code,
    )  # fmt: skip


def test_a_claim_without_an_address_stops_and_goes_out_when_it_is_complete(office: Play) -> None:
    visit(office, address=NO_STREET)
    before = sent(office)

    complete(office, "75001-0042")
    office.pass_to(today(office) + 1)

    assert before == []
    assert b"N3*9 OAK ROAD~" in sent(office)[0].upper()
    assert office.encounters["A1"].patient.address["postal_code"] == "750010042"


def test_half_an_address_is_refused_beside_its_field(office: Play) -> None:
    visit(office, address=NO_STREET)

    with pytest.raises(Refused, match="two letters"):
        complete(office, "7500")


@pytest.mark.parametrize(
    "changes", [{"line1": ""}, {"city": ""}, {"state": "Texas"}, {"postal_code": "7500"}]
)
def test_an_address_is_complete_with_street_city_state_and_zip(changes: dict[str, str]) -> None:
    whole = addresses.keep(street="9 Oak Road", city="Fairmont", state="tx", zip_code="75001")

    assert addresses.is_complete(whole)
    assert not addresses.is_complete({**whole, **changes})


def test_the_scanned_drivers_license_says_where_the_patient_lives(office: Play) -> None:
    visit(office, address=NO_STREET)
    scan_card(office, "Address: 4 Birch Lane; Fairmont; TX 75001\n")

    office.answer(TaskKind.EDIT_FIX)
    office.pass_to(today(office) + 1)

    assert b"N3*4 BIRCH LANE~" in sent(office)[0].upper()
