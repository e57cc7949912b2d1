"""Write-offs: small ones by one person, larger ones by two, and never more than is owed."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from casework import answers, write_offs
from casework.refusals import Forbidden, Refused
from db.models import User, WriteOffRequest
from domain.denials import DenialRoute, WriteOffReason
from domain.encounter import Stage
from domain.tasks import Role, TaskKind
from tests.casework.office import CHARGE, answered, visit
from tests.scenarios.play import Play


def refused_claim(office: Play, cents: int = CHARGE) -> None:
    """The payer refuses `cents`, and pays the rest but for the contract."""
    visit(office, payer="MEDICARE")
    rest = [("CO", "45", CHARGE - cents)] if cents < CHARGE else []
    answered(office, "A1", [("CO", "50", cents), *rest], payer="MEDICARE")


def request_of(office: Play) -> WriteOffRequest:
    return office.session.scalars(select(WriteOffRequest)).one()


def test_a_large_write_off_posts_only_when_a_second_person_agrees(office: Play) -> None:
    refused_claim(office)

    office.answer(TaskKind.DENIAL, route=DenialRoute.WRITE_OFF, reason="medical_necessity")
    before = office.balances()
    office.answer(TaskKind.WRITE_OFF_APPROVAL)

    assert "writeoff:medical_necessity" not in before
    assert office.balances() == {
        "revenue:charges": -CHARGE,
        "writeoff:medical_necessity": CHARGE,
    }
    assert office.encounters["A1"].stage is Stage.CLOSED


def test_a_small_write_off_posts_at_once(office: Play) -> None:
    refused_claim(office, 2_000)

    office.answer(TaskKind.DENIAL, route=DenialRoute.WRITE_OFF, reason="medical_necessity")

    assert office.balances()["writeoff:medical_necessity"] == 2_000
    assert office.tasks(TaskKind.WRITE_OFF_APPROVAL) == []


def test_a_bundled_loss_is_an_adjustment_of_its_own(office: Play) -> None:
    refused_claim(office, 2_000)

    office.answer(TaskKind.DENIAL, route=DenialRoute.WRITE_OFF, reason=WriteOffReason.BUNDLED)

    assert office.balances()["adj:bundled"] == 2_000


def test_nobody_approves_their_own_write_off(office: Play) -> None:
    visit(office)
    supervisor = office.people[Role.SUPERVISOR]
    request = write_offs.ask(
        office.session, office.encounters["A1"], side="insurance", reason=WriteOffReason.OTHER,
        cents=CHARGE, note="-", by=supervisor, now=office.engine.now, claim=office.claim("A1"),
    )  # fmt: skip
    (task,) = office.open_tasks(TaskKind.WRITE_OFF_APPROVAL)

    with pytest.raises(Forbidden, match="second person"):
        answers.answer(
            office.session, task.uuid, version=task.version, form={"decision": ["approve"]},
            by=supervisor,
        )  # fmt: skip
    with pytest.raises(Refused, match="own write-off"):
        write_offs.approve(office.session, request, supervisor, office.engine.now)

    assert request.status == "asked"


def test_the_database_refuses_the_askers_own_approval(office: Play) -> None:
    refused_claim(office)
    office.answer(TaskKind.DENIAL, route=DenialRoute.WRITE_OFF, reason="other")

    with pytest.raises(IntegrityError, match="approved_by_another"):
        office.session.execute(text("UPDATE write_off_request SET approved_by_id = asked_by_id"))


def test_a_refused_write_off_is_decided_again(office: Play) -> None:
    refused_claim(office)
    office.answer(TaskKind.DENIAL, route=DenialRoute.WRITE_OFF, reason="other")

    office.answer(TaskKind.WRITE_OFF_APPROVAL, decision="refuse")

    (task,) = office.open_tasks()
    assert task.kind is TaskKind.DENIAL
    assert office.balances()["AR:insurance:MEDICARE"] == CHARGE


def test_no_more_is_written_off_than_is_owed(office: Play) -> None:
    visit(office)

    with pytest.raises(Refused, match="still owed"):
        write_offs.ask(
            office.session, office.encounters["A1"], side="patient", reason=WriteOffReason.OTHER,
            cents=2_000, note="-", by=_biller(office), now=office.engine.now,
        )  # fmt: skip


def _biller(office: Play) -> User:
    return office.people[Role.BILLER]
