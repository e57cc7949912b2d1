"""Holds: a stop with a scope, a reason and an end, which every step respects."""

import datetime as dt

import pytest
from sqlalchemy import select

from casework import holds
from casework.holds import HoldScope
from casework.refusals import Forbidden, Refused
from db.models import Hold, Journal
from domain.encounter import ClaimStage, Stage
from domain.tasks import Role
from tests.casework.office import answered, sent, today, visit
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


def test_a_second_release_is_refused_and_the_first_stays_written_down(office: Play) -> None:
    row = held_visit(office)
    by, first = office.people[Role.SUPERVISOR], office.engine.now
    holds.release(office.session, row, by=by, now=first)
    office.pass_to(today(office) + 1)

    with pytest.raises(Refused, match="has been released already"):
        holds.release(office.session, row, by=by, now=office.engine.now)

    office.session.refresh(row)
    assert row.released_at == first.at


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ("encounter", "Held by"),
        ("claim", "is held by"),
        ("payer", "All claims of {payer} are held by"),
        ("guarantor", "The patient's account is held by"),
    ],
)
def test_the_story_says_what_is_held(office: Play, scope: str, words: str) -> None:
    visit(office)
    made, claim = office.encounters["A1"], office.claim("A1")
    scopes = {
        "encounter": HoldScope(encounter_id=made.id),
        "claim": HoldScope(claim_id=claim.id),
        "payer": HoldScope(payer_id=claim.payer_id),
        "guarantor": HoldScope(guarantor_id=made.guarantor_id),
    }
    until_on = office.engine.now.today + dt.timedelta(days=3)

    holds.hold(
        office.session, scopes[scope], "why", until_on,
        by=office.people[Role.SUPERVISOR], now=office.engine.now,
    )  # fmt: skip

    told = office.session.scalars(select(Journal.words).where(Journal.step == "hold")).one()
    assert words.format(payer=claim.payer.name) in told


def test_a_claim_is_named_by_its_latest_number_and_its_payer(office: Play) -> None:
    visit(office)
    claim = office.claim("A1")

    named = holds.claim_words(claim)

    assert named == f"{claim.versions[-1].submissions[-1].pcn} to {claim.payer.name}"


def test_a_hold_on_a_payer_does_not_stop_the_patients_part(office: Play) -> None:
    made = visit(office)
    until_on = office.engine.now.today + dt.timedelta(days=10)
    scope = HoldScope(payer_id=office.claim("A1").payer_id)

    held = holds.hold(
        office.session, scope, "its portal is down", until_on,
        by=office.people[Role.SUPERVISOR], now=office.engine.now,
    )  # fmt: skip

    assert holds.in_force(office.session, made, office.engine.now) == [held]
    assert holds.stopping_encounter(office.session, made, office.engine.now) == []


def test_a_hold_on_one_payer_leaves_what_is_queued_for_another_alone(office: Play) -> None:
    visit(office, next_payers=["BETA"])
    answered(office, "A1", [("CO", "45", 6_000), ("PR", "2", 2_000)])
    queued = office.claim("A1", "BETA").stage
    until_on = office.engine.now.today + dt.timedelta(days=30)
    scope = HoldScope(payer_id=office.claim("A1", "ALPHA").payer_id)
    by = office.people[Role.SUPERVISOR]
    holds.hold(office.session, scope, "no", until_on, by=by, now=office.engine.now)

    office.pass_to(today(office) + 2)

    assert queued is ClaimStage.READY
    assert len(sent(office)) == 2
