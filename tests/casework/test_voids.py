"""Voids: asked by one, agreed by another, and confirmed by the payer before the charge is gone."""

import pytest

from casework import voids
from casework.refusals import Forbidden, Refused
from domain.encounter import ClaimStage, Stage
from domain.tasks import Role, TaskKind
from tests.casework.office import CHARGE, answered, visit
from tests.scenarios.play import Play

PAID = [("CO", "45", 6_000)]


def settled(office: Play, payer: str = "ALPHA") -> None:
    visit(office, payer=payer)
    answered(office, "A1", PAID, payer=payer)


def ask(office: Play, by: Role = Role.BILLER, because: str = "Another person was seen.") -> None:
    voids.ask(office.session, office.claim("A1"), because, office.people[by], office.engine.now)
    office.react()


def test_a_void_that_was_refused_leaves_everything_as_it_was(office: Play) -> None:
    settled(office)
    before = office.balances()
    ask(office)

    office.answer(TaskKind.VOID_APPROVAL, decision="refuse")

    assert office.balances() == before
    assert office.encounters["A1"].stage is Stage.CLOSED
    assert office.claim("A1").outcome == "paid"
    assert len(office.versions(office.claim("A1"))) == 1


def test_nobody_approves_their_own_void(office: Play) -> None:
    settled(office)
    ask(office, by=Role.SUPERVISOR)

    with pytest.raises(Forbidden, match="their own void: it needs a second person"):
        office.answer(TaskKind.VOID_APPROVAL)


def test_the_charge_stands_until_the_payer_has_confirmed(office: Play) -> None:
    settled(office)
    ask(office)
    office.answer(TaskKind.VOID_APPROVAL)
    office.pass_to(5)
    before = office.balances()

    answered(
        office, "A1", [("CO", "45", -6_000)], status="22", charges=[-CHARGE],
        icn=office.versions(office.claim("A1"))[-1].payer_claim_number,
    )  # fmt: skip

    assert before["revenue:charges"] == -CHARGE
    assert office.claim("A1").outcome == "void"
    assert "revenue:charges" not in office.balances()
    assert "AR:insurance:ALPHA" not in office.balances()


def test_a_claim_that_is_still_awaited_cannot_be_voided(office: Play) -> None:
    visit(office)

    with pytest.raises(Refused, match="has not decided this claim"):
        ask(office)


def test_a_payer_that_takes_no_void_is_called_instead(office: Play) -> None:
    settled(office, "MEDICARE")

    with pytest.raises(Refused, match="takes no void"):
        ask(office)


def test_only_billers_and_supervisors_ask(office: Play) -> None:
    settled(office)

    with pytest.raises(Forbidden):
        ask(office, by=Role.CODER)


def test_a_void_needs_a_reason(office: Play) -> None:
    settled(office)

    with pytest.raises(Refused, match="Say why"):
        ask(office, because=" ")


def test_a_claim_is_not_voided_twice(office: Play) -> None:
    settled(office)
    ask(office)

    with pytest.raises(Refused, match="in question"):
        ask(office)

    assert office.claim("A1").stage is ClaimStage.ADJUDICATED
