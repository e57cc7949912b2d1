"""Batches: closed by count or age, written once, and never held by one claim."""

import datetime as dt
from collections.abc import Iterable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import batches, routes, subjects
from db.models import Batch, EligibilityCheck, PayerRoute, Subject, Submission
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


def test_the_encounters_of_every_kind_that_closes_are_locked_at_once(
    office: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = visit(office, "A1", chart={"middle": "Ann", "suffix": "Jr"})
    billed = visit(office, "B1", patient="P2", until_sent=False)
    claim = office.claim("A1")
    office.session.add_all([
        PayerRoute(
            payer_id=claim.payer_id, transaction_kind="270", channel="edi", route="clearinghouse"
        ),
        EligibilityCheck(
            encounter_id=asked.id, coverage_id=claim.coverage_id, attempt=9,
            asked_at=office.engine.now.at,
        ),
    ])  # fmt: skip
    at = batches.take_step(office.session, StepRequest(subject=KEY, real_now=REAL))
    office.engine.set_clock(office.engine.now.at + dt.timedelta(hours=4))
    locked: list[set[str]] = []
    really = subjects.lock_all

    def lock_all(session: Session, keys: Iterable[str]) -> dict[str, Subject]:
        locked.append(set(some := list(keys)))
        return really(session, some)

    monkeypatch.setattr(subjects, "lock_all", lock_all)

    batches.take_step(office.session, StepRequest(subject=KEY, rev=at.rev, real_now=REAL))

    assert locked[0] == {subjects.encounter_key(asked), subjects.encounter_key(billed)}
    assert {kind for kind, *_ in office.session.execute(select(Batch.kind))} == {"837p", "270"}
    assert b"NM1*IL*1*TARROW*WILMA*ANN**JR*MI*ALPHAP1~" in sent(office, "270")[0]
