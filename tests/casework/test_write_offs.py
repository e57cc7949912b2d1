"""Write-offs: small ones by one person, larger ones by two, and never more than is owed."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from casework import answers, settings, write_offs
from casework.refusals import Forbidden, Refused
from db.models import Task, User, WriteOffRequest
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

    words = office.answer(TaskKind.DENIAL, route=DenialRoute.WRITE_OFF, reason="medical_necessity")
    before = office.balances()
    office.answer(TaskKind.WRITE_OFF_APPROVAL)

    assert words.endswith("write it off. A second person decides it first; until then nothing is "
                          "written off.")  # fmt: skip
    assert "writeoff:medical_necessity" not in before
    assert office.balances() == {
        "revenue:charges": -CHARGE,
        "writeoff:medical_necessity": CHARGE,
    }
    assert office.encounters["A1"].stage is Stage.CLOSED


def test_a_small_write_off_posts_at_once(office: Play) -> None:
    refused_claim(office, 2_000)

    words = office.answer(TaskKind.DENIAL, route=DenialRoute.WRITE_OFF, reason="medical_necessity")

    assert words.endswith("write it off")
    assert office.balances()["writeoff:medical_necessity"] == 2_000
    assert office.tasks(TaskKind.WRITE_OFF_APPROVAL) == []


def test_the_limit_holds_for_the_sum_of_a_decision_over_several_lines(office: Play) -> None:
    visit(office, payer="MEDICARE", codes=["99213", "87880"])
    refused = ("CO", "50", 2_000)
    of_visit = [refused, ("CO", "45", CHARGE - 2_000)]
    answered(office, "A1", of_visit, [refused, ("CO", "45", 2_000)], payer="MEDICARE")

    office.answer(TaskKind.DENIAL, route=DenialRoute.WRITE_OFF, reason="medical_necessity")

    assert "writeoff:medical_necessity" not in office.balances()
    asked = office.open_tasks(TaskKind.WRITE_OFF_APPROVAL)
    assert [task.amount_cents for task in asked] == [2_000, 2_000]


def test_a_small_decision_over_several_lines_needs_nobody_else(office: Play) -> None:
    visit(office, payer="MEDICARE", codes=["99213", "87880"])
    limit = settings.number(office.session, "write_off_limit_cents")
    part = limit // 2
    of_visit = [("CO", "50", part), ("CO", "45", CHARGE - part)]
    answered(office, "A1", of_visit, [("CO", "50", part), ("CO", "45", 4_000 - part)],
             payer="MEDICARE")  # fmt: skip

    office.answer(TaskKind.DENIAL, route=DenialRoute.WRITE_OFF, reason="medical_necessity")

    assert office.balances()["writeoff:medical_necessity"] == 2 * part
    assert office.tasks(TaskKind.WRITE_OFF_APPROVAL) == []


def test_one_person_does_not_give_up_an_encounter_by_small_parts(office: Play) -> None:
    visit(office, payer="MEDICARE")
    rest = ("CO", "45", CHARGE - 4_000)
    answered(office, "A1", [("CO", "50", 2_000), ("CO", "97", 2_000), rest], payer="MEDICARE")
    first, second = office.open_tasks(TaskKind.DENIAL)

    _write_off(office, first)
    _write_off(office, second)

    assert office.balances()["writeoff:medical_necessity"] == 2_000
    assert len(office.open_tasks(TaskKind.WRITE_OFF_APPROVAL)) == 1


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
        is_small=False,
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
            cents=2_000, note="-", by=_biller(office), now=office.engine.now, is_small=True,
        )  # fmt: skip


def _biller(office: Play) -> User:
    return office.people[Role.BILLER]


def _write_off(office: Play, task: Task) -> None:
    form = {"route": ["write_off"], "reason": ["medical_necessity"]}
    by = office.people[Role.BILLER]
    answers.answer(office.session, task.uuid, version=task.version, form=form, by=by)
    office.react()
