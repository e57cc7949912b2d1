"""Batches: closed by count or age, written once, and never held by one claim."""

import datetime as dt

import pytest
from sqlalchemy import select

from casework import batches, routes
from db.models import Batch, Submission
from domain.encounter import ClaimStage
from domain.steps import StepRequest
from domain.tasks import TaskKind
from tests.casework.office import sent, visit
from tests.scenarios.engine import REAL
from tests.scenarios.play import Play

KEY = "batch:clearinghouse"
# No letter of it can be said in X12.
UNWRITABLE = "名"


def test_a_batch_stays_open_for_four_hours(office: Play) -> None:
    visit(office, until_sent=False)

    office.engine.set_clock(office.engine.now.at + dt.timedelta(hours=3, minutes=59))
    office.react()
    before = len(sent(office))
    office.engine.set_clock(office.engine.now.at + dt.timedelta(minutes=1))
    office.react()

    assert (before, len(sent(office))) == (0, 1)


def test_a_full_batch_goes_at_once(office: Play) -> None:
    routes.lock(office.session, "clearinghouse").batch_claims_max = 2
    visit(office, "A1", until_sent=False)
    visit(office, "B1", patient="P2", until_sent=False)

    (interchange,) = sent(office)

    assert interchange.count(b"CLM*") == 2


def test_a_repeated_step_closes_nothing_twice(office: Play) -> None:
    visit(office, until_sent=False)
    at = batches.take_step(office.session, StepRequest(subject=KEY, real_now=REAL))
    office.engine.set_clock(office.engine.now.at + dt.timedelta(hours=4))
    request = StepRequest(subject=KEY, rev=at.rev, real_now=REAL)

    batches.take_step(office.session, request)
    batches.take_step(office.session, request)

    assert len(sent(office)) == 1


def test_one_bad_claim_never_holds_the_batch(office: Play) -> None:
    visit(office, "A1", until_sent=False)
    visit(office, "B1", patient="P2", last_name=UNWRITABLE, until_sent=False)

    office.pass_to(1)

    (interchange,) = sent(office)
    (task,) = office.open_tasks()
    assert office.claim("A1").stage is ClaimStage.ACCEPTED
    assert office.submissions(office.claim("A1"))[0].pcn.encode() in interchange
    assert office.submissions(office.claim("B1"))[0].pcn.encode() not in interchange
    assert (task.kind, task.claim_id) == (TaskKind.EDIT_FIX, office.claim("B1").id)
    assert "NM103" in task.reason


def test_a_claim_that_could_not_be_written_goes_when_it_is_mended(office: Play) -> None:
    visit(office, "B1", last_name=UNWRITABLE, until_sent=False)
    office.pass_to(1)
    nothing_before = sent(office)

    office.encounters["B1"].patient.last_name = "Tarrow"
    office.answer(TaskKind.EDIT_FIX)
    office.pass_to(3)

    assert nothing_before == []
    assert len(sent(office)) == 1
    assert office.claim("B1").stage is ClaimStage.ACCEPTED
    assert office.open_tasks() == []


@pytest.mark.parametrize("days", [1, 30])
def test_a_submission_is_in_one_batch_for_ever(office: Play, days: int) -> None:
    visit(office)

    office.pass_to(days)

    batch = office.session.scalars(select(Batch)).one()
    assert [s.batch_id for s in office.session.scalars(select(Submission))] == [batch.id]


def test_who_sends_and_whether_it_counts_is_said_by_the_route(office: Play) -> None:
    route = routes.lock(office.session, "clearinghouse")
    route.sender_id, route.usage = "OAKVALLEY", "P"
    office.acknowledges = False

    visit(office)

    isa = sent(office)[0].split(b"~")[0].split(b"*")
    assert (isa[6].strip(), isa[15]) == (b"OAKVALLEY", b"P")
