"""Holds: a stop with a scope, a reason and an end, which every step respects."""

import datetime as dt

import pytest

from casework import holds
from casework.holds import HoldScope
from casework.refusals import Forbidden, Refused
from db.models import Hold
from domain.encounter import ClaimStage, Stage
from domain.tasks import Role
from tests.casework.office import sent, today, visit
from tests.scenarios.play import Play


def hold(office: Play, *, days: int = 10, by: Role = Role.SUPERVISOR, reason: str = "why") -> Hold:
    until_on = office.engine.now.today + dt.timedelta(days=days)
    return holds.hold(
        office.session, HoldScope(encounter_id=office.encounters["A1"].id), reason, until_on,
        by=office.people[by], now=office.engine.now,
    )  # fmt: skip


def held_visit(office: Play) -> Hold:
    """Registered, and held before any step was taken."""
    office.register(
        {"claim": "A1", "payer": "ALPHA", "lines": [{"n": 1, "code": "99213", "charge": 15_000}]}
    )
    return hold(office)


def test_a_held_encounter_takes_no_step(office: Play) -> None:
    held_visit(office)

    office.pass_to(today(office) + 5)

    assert office.encounters["A1"].stage is Stage.REGISTERED
    assert sent(office) == []


def test_a_held_claim_is_not_sent_with_the_batch(office: Play) -> None:
    visit(office, until_sent=False)
    hold(office)

    office.pass_to(today(office) + 5)

    assert office.claim("A1").stage is ClaimStage.READY
    assert sent(office) == []


def test_a_released_encounter_goes_on_at_once(office: Play) -> None:
    row = held_visit(office)
    office.react()

    holds.release(office.session, row, by=office.people[Role.SUPERVISOR], now=office.engine.now)
    office.react()

    assert office.claim("A1").stage is ClaimStage.READY


def test_a_hold_ends_on_its_own_date(office: Play) -> None:
    held_visit(office)

    office.pass_to(today(office) + 9)
    before = office.encounters["A1"].stage
    office.pass_to(today(office) + 2)

    assert before is Stage.REGISTERED
    assert office.claim("A1").stage is ClaimStage.READY


def test_only_a_supervisor_holds(office: Play) -> None:
    visit(office)

    with pytest.raises(Forbidden):
        hold(office, by=Role.BILLER)


@pytest.mark.parametrize(("days", "reason"), [(0, "why"), (181, "why"), (5, "  ")])
def test_a_hold_has_a_reason_and_an_end_in_sight(office: Play, days: int, reason: str) -> None:
    visit(office)

    with pytest.raises(Refused):
        hold(office, days=days, reason=reason)
