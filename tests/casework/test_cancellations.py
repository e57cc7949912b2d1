"""An encounter that no payer has heard of is cancelled: its charge goes, a copay is given back."""

import pytest

from casework import cancellations
from casework.patients.receipts import receive_payment
from casework.refusals import Forbidden, Refused
from domain.encounter import Stage
from domain.tasks import Role, TaskKind, TaskStatus
from tests.casework.office import CHARGE, answered, sent, today, visit
from tests.scenarios.play import Play


def cancel(office: Play, by: Role = Role.FRONT_DESK, because: str = "Nobody came.") -> None:
    made = office.encounters["A1"]
    cancellations.cancel(office.session, made, because, office.people[by], office.engine.now)
    office.react()


def pay(office: Play, cents: int, kind: str = "copay") -> None:
    made = office.encounters["A1"]
    day = office.engine.now.today
    receive_payment(
        office.session, made.guarantor, cents, kind, day, "desk:1", office.engine.now,
        encounter=made,
    )  # fmt: skip


def test_what_was_charged_is_taken_back_and_nothing_stays_open(office: Play) -> None:
    visit(office, until_sent=False)
    charged = office.balances()["revenue:charges"]

    cancel(office)

    assert charged == -CHARGE
    assert office.balances() == {}
    assert office.encounters["A1"].stage is Stage.CANCELLED
    assert office.open_tasks() == []


def test_a_copay_for_a_cancelled_visit_becomes_somebodys_task(office: Play) -> None:
    visit(office, until_sent=False)
    pay(office, 2_500)

    cancel(office)
    office.pass_to(today(office) + 60)

    asked = office.tasks(TaskKind.PATIENT_CREDIT)
    assert [(task.status, task.amount_cents) for task in asked] == [(TaskStatus.OPEN, 2_500)]


def test_a_visit_that_was_paid_for_is_not_cancelled(office: Play) -> None:
    line = {"n": 1, "code": "99213", "charge": CHARGE}
    office.register({"kind": "charge_selfpay", "claim": "A1", "lines": [line]})
    office.react()
    pay(office, 1_000, "cash")
    before = office.balances()

    with pytest.raises(Refused, match="give that back"):
        cancel(office)

    assert office.encounters["A1"].stage is Stage.PATIENT
    assert office.balances() == before


def test_a_claim_that_was_queued_never_goes_out(office: Play) -> None:
    visit(office, until_sent=False)

    cancel(office)
    office.pass_to(today(office) + 5)

    (version,) = office.versions(office.claim("A1"))
    assert [each.ack_status for each in version.submissions] == ["withdrawn"]
    assert sent(office) == []


def test_a_visit_whose_claim_went_out_is_not_cancelled(office: Play) -> None:
    visit(office)
    answered(office, "A1", [("CO", "45", 6_000)])

    with pytest.raises(Refused):
        cancel(office)


@pytest.mark.parametrize("role", [Role.BILLER, Role.CODER, Role.ADMINISTRATOR])
def test_only_the_front_desk_and_a_supervisor_cancel(office: Play, role: Role) -> None:
    visit(office, until_sent=False)

    with pytest.raises(Forbidden):
        cancel(office, by=role)


def test_a_cancellation_needs_its_reason(office: Play) -> None:
    visit(office, until_sent=False)

    with pytest.raises(Refused, match="Say why"):
        cancel(office, because=" ")
