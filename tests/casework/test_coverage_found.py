"""A payer found late owes what the patient was asked for; what the patient gave is credit."""

import pytest

from casework import coverage_found, patients
from casework.refusals import Forbidden, Refused
from db.models import Coverage
from domain.encounter import Stage
from domain.tasks import Role
from tests.casework.office import CHARGE, answered, visit
from tests.scenarios import debts
from tests.scenarios.play import Play


def self_pay(office: Play) -> Coverage:
    """A visit of a patient without any coverage, and the coverage that is found afterwards."""
    office.event(
        {"kind": "charge_selfpay", "day": 0, "claim": "A1",
         "lines": [{"n": 1, "code": "99213", "charge": CHARGE}]}
    )  # fmt: skip
    return debts.cover(office, office.encounters["A1"], "BETA")


def pay(office: Play, cents: int) -> None:
    made, now = office.encounters["A1"], office.engine.now
    patients.receive_payment(
        office.session, made.guarantor, cents, "card", now.today, f"test:{cents}", now
    )
    office.react()


def found(office: Play, coverage: Coverage, by: Role = Role.FRONT_DESK) -> int:
    made = office.encounters["A1"]
    moved = coverage_found.bill(
        office.session, made, coverage, by=office.people[by], now=office.engine.now
    )
    office.react()
    return moved


def test_the_payer_owes_all_and_the_patients_money_is_credit(office: Play) -> None:
    coverage = self_pay(office)
    pay(office, 4_000)

    assert found(office, coverage) == CHARGE

    assert office.balances() == {
        "revenue:charges": -CHARGE,
        "cash:patient": 4_000,
        "AR:insurance:BETA": CHARGE,
        "liability:unapplied": -4_000,
    }
    assert office.claim("A1", "BETA").responsibility == "P"


def test_a_closed_encounter_opens_again(office: Play) -> None:
    coverage = self_pay(office)
    pay(office, CHARGE)
    before = office.encounters["A1"].stage

    found(office, coverage)

    assert (before, office.encounters["A1"].stage) == (Stage.CLOSED, Stage.CLAIMS)
    assert office.balances()["liability:unapplied"] == -CHARGE


def test_what_was_given_up_is_owed_again_by_the_payer(office: Play) -> None:
    coverage = self_pay(office)
    debts.write_off(
        office,
        {"claim": "A1", "account": "writeoff:hardship", "cents": 6_000, "from_": "patient",
         "approver": "second person"},
    )  # fmt: skip
    pay(office, 4_000)

    assert found(office, coverage) == CHARGE

    assert "writeoff:hardship" not in office.balances()
    assert office.balances()["AR:insurance:BETA"] == CHARGE


def test_a_second_payer_is_found_for_what_the_first_left(office: Play) -> None:
    visit(office)
    answered(office, "A1", [("CO", "45", 6_000), ("PR", "1", 9_000)])
    coverage = debts.cover(office, office.encounters["A1"], "BETA")

    assert found(office, coverage) == 9_000

    second = office.claim("A1", "BETA")
    assert (second.responsibility, second.follows_id) == ("S", office.claim("A1", "ALPHA").id)
    assert "AR:patient" not in office.balances()


def test_no_payer_is_found_while_another_still_thinks(office: Play) -> None:
    visit(office)
    coverage = debts.cover(office, office.encounters["A1"], "BETA")
    before = office.balances()

    with pytest.raises(Refused, match="its payers answer yet"):
        found(office, coverage)

    assert office.balances() == before


def test_a_coder_bills_nobody(office: Play) -> None:
    coverage = self_pay(office)

    with pytest.raises(Forbidden):
        found(office, coverage, by=Role.CODER)
