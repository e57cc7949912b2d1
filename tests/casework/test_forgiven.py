"""What was forgiven of the patient's part goes with the answer that had left it to the patient."""

import pytest

from casework import coverage_found
from domain.encounter import Stage
from domain.tasks import Role
from tests.casework.office import CHARGE, answered, today, visit
from tests.scenarios import debts
from tests.scenarios.play import Play

LEFT = 400
PAID = [("CO", "45", 6_000), ("PR", "3", LEFT)]
ICN = "ICNTAKEN"


def forgiven(office: Play) -> None:
    """A visit that is over: of the patient's part too little was left to ask for."""
    visit(office)
    answered(office, "A1", PAID, icn=ICN)
    assert office.balances()["writeoff:small_balance"] == LEFT
    assert office.encounters["A1"].stage is Stage.CLOSED


def takes_back(office: Play, trace: str = "BACK") -> None:
    """The payer takes all of it back (CLP02 22), and keeps that from a later payment."""
    paid = CHARGE - sum(cents for *_, cents in PAID)
    cas = [{"group": g, "carc": c, "cents": -cents, "rarc": []} for g, c, cents in PAID]
    office.event(
        {"kind": "835", "day": today(office), "payer": "ALPHA", "trn": trace, "bpr02": 0,
         "bpr04": "NON", "plb": [{"code": "WO", "ref": ICN, "cents": -paid}],
         "claims": [{"claim": "A1", "clp02": "22", "clp07": ICN, "lines": [
             {"n": 1, "code": "99213", "charge": -CHARGE, "paid": -paid, "cas": cas}]}]}
    )  # fmt: skip


def test_a_small_balance_goes_with_the_answer_that_left_it(office: Play) -> None:
    forgiven(office)

    takes_back(office)

    balances = office.balances()
    assert "writeoff:small_balance" not in balances
    assert not {"AR:patient", "liability:unapplied"} & set(balances)
    assert balances["AR:insurance:ALPHA"] == CHARGE


def test_the_patient_owes_all_that_the_correction_leaves(office: Play) -> None:
    forgiven(office)
    takes_back(office)

    answered(office, "A1", [("CO", "45", 6_000), ("PR", "3", 2_000)])

    assert office.balances()["AR:patient"] == 2_000
    assert "writeoff:small_balance" not in office.balances()


def test_a_correction_that_leaves_as_little_is_forgiven_anew(office: Play) -> None:
    forgiven(office)
    takes_back(office)

    answered(office, "A1", PAID)

    assert office.balances()["writeoff:small_balance"] == LEFT
    assert "AR:patient" not in office.balances()
    assert office.encounters["A1"].stage is Stage.CLOSED


def test_a_correction_that_leaves_nothing_makes_no_credit(office: Play) -> None:
    forgiven(office)
    takes_back(office)

    answered(office, "A1", [("CO", "45", 6_000)])

    assert not {"AR:patient", "liability:unapplied", "writeoff:small_balance"} & set(
        office.balances()
    )


@pytest.mark.parametrize("trace", ["BACK", "AGAIN"])
def test_the_same_file_once_more_changes_nothing(office: Play, trace: str) -> None:
    forgiven(office)
    takes_back(office)
    before = {name: cents for name, cents in office.balances().items() if "clear" not in name}

    takes_back(office, trace)

    after = office.balances()
    names = ("writeoff:small_balance", "AR:patient", "liability:unapplied", "AR:insurance:ALPHA")
    assert {name: after.get(name) for name in names} == {name: before.get(name) for name in names}


def test_what_a_payer_found_later_was_asked_for_is_not_taken_back_twice(office: Play) -> None:
    forgiven(office)
    made = office.encounters["A1"]
    coverage = debts.cover(office, made, "BETA")
    by, now = office.people[Role.FRONT_DESK], office.engine.now
    coverage_found.bill(office.session, made, coverage, by=by, now=now)
    office.react()

    takes_back(office)

    assert "writeoff:small_balance" not in office.balances()
