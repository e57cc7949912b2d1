"""Sent again by a person: once, only while an answer is awaited, and never after it came."""

import datetime as dt

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from casework import answers, batch_queue, batches, resends, voids, withdrawals
from casework.batch_queue import Kind
from casework.refusals import Refused
from db.models import Claim, Journal, Task
from domain.denials import DenialRoute
from domain.encounter import ClaimStage, Stage
from domain.tasks import Role, TaskKind, TaskStatus
from tests.casework.office import CHARGE, answered, sent, today, visit
from tests.scenarios.play import Play

PAID = [("CO", "45", 6_000)]
REFUSED = [("CO", "16", CHARGE)]
ROUTE = "clearinghouse"


def test_an_answer_that_comes_before_the_batch_closes_keeps_the_claim_from_going_again(
    office: Play,
) -> None:
    visit(office)
    _resend(office)
    _name_first_sending(office)

    answered(office, "A1", PAID)
    office.pass_to(today(office) + 2)

    _, again = office.submissions(office.claim("A1"))
    assert len(sent(office)) == 1
    assert (again.sent_at, again.batch_id, again.ack_status) == (None, None, "withdrawn")
    assert office.claim("A1").stage is ClaimStage.SETTLED
    assert office.encounters["A1"].stage is Stage.CLOSED


def test_the_story_says_why_it_did_not_go(office: Play) -> None:
    visit(office)
    _resend(office)
    _name_first_sending(office)

    answered(office, "A1", PAID)

    _, again = office.submissions(office.claim("A1"))
    told = office.session.scalars(select(Journal.words).where(Journal.step == "withdrawn")).all()
    assert told == [f"{again.pcn} was not sent: the payer has answered."]


def test_an_answer_that_comes_while_the_batch_waits_for_its_locks_counts(office: Play) -> None:
    visit(office)
    _resend(office)
    _name_first_sending(office)
    looked = batch_queue.queued(office.session, ROUTE, Kind.CLAIMS, office.engine.now)
    answered(office, "A1", PAID)

    words = batches.close(office.session, ROUTE, Kind.CLAIMS, looked, office.engine.now)

    assert len(looked) == 1
    assert words == "No batch (837p): nothing waits for it any more"
    assert len(sent(office)) == 1
    assert office.claim("A1").stage is ClaimStage.SETTLED


def test_a_correction_that_waits_is_not_sent_when_the_payer_answers_anew(office: Play) -> None:
    visit(office)
    answered(office, "A1", REFUSED)
    office.answer(TaskKind.DENIAL, route=DenialRoute.CORRECT)
    waiting = office.claim("A1").stage
    _name_first_sending(office)

    answered(office, "A1", PAID)
    office.pass_to(today(office) + 2)

    assert waiting is ClaimStage.READY
    assert len(sent(office)) == 1
    assert office.claim("A1").stage is ClaimStage.SETTLED


def test_a_void_that_waits_is_not_sent_when_the_payer_takes_its_answer_back_first(
    office: Play,
) -> None:
    claim = _queued_void(office)

    answered(
        office, "A1", [("CO", "45", -6_000)], status="22", charges=[-CHARGE],
        icn=claim.payer_claim_number,
    )  # fmt: skip

    assert claim.outcome == "void"
    assert [row.ack_status for row in office.submissions(claim)] == ["accepted", "withdrawn"]


def test_a_void_that_was_not_sent_is_no_word_to_the_payer(office: Play) -> None:
    claim = _queued_void(office)
    before = voids.is_asked_of_payer(office.session, claim)

    withdrawals.withdraw(office.session, claim, withdrawals.ANSWERED, office.engine.now)

    assert before
    assert not voids.is_asked_of_payer(office.session, claim)


def test_sending_again_ends_the_question_whether_to(office: Play) -> None:
    follow_up = _silence(office)

    _resend(office)

    office.session.refresh(follow_up)
    assert follow_up.status is TaskStatus.WITHDRAWN
    assert len(_unsent(office)) == 1


@pytest.mark.parametrize("stage", [ClaimStage.READY, ClaimStage.DENIED, ClaimStage.APPEALED])
def test_a_follow_up_sends_nothing_again_when_no_answer_is_awaited(
    office: Play, stage: ClaimStage
) -> None:
    _silence(office)
    office.claim("A1").stage = stage

    with pytest.raises(Refused, match="only one that waits"):
        office.answer(TaskKind.FOLLOW_UP, action="resend")

    assert _unsent(office) == []


def test_a_follow_up_offers_to_send_again_only_what_waits(office: Play) -> None:
    task = _silence(office)
    before = _choices(office, task)
    office.claim("A1").stage = ClaimStage.APPEALED

    after = _choices(office, task)

    assert before == ["wait", "resend", "write_off"]
    assert after == ["wait", "write_off"]


def test_a_follow_up_sends_the_claim_again(office: Play) -> None:
    _silence(office)

    office.answer(TaskKind.FOLLOW_UP, action="resend")
    office.pass_to(today(office) + 2)

    assert len(sent(office)) == 2
    assert office.claim("A1").stage is ClaimStage.SUBMITTED


def test_the_database_refuses_a_second_unsent_submission(office: Play) -> None:
    visit(office)
    _resend(office)

    with pytest.raises(IntegrityError, match="uq_submission_unsent"):
        office.session.execute(
            text(
                "INSERT INTO submission (claim_version_id, number, pcn, channel, queued_at) "
                "SELECT claim_version_id, 9, 'C9V9S9', 'edi', now() FROM submission LIMIT 1"
            )
        )


def _resend(office: Play) -> None:
    claim, by = office.claim("A1"), office.people[Role.BILLER]
    resends.send_again(office.session, claim, "It never came.", by, office.engine.now)
    office.react()


def _queued_void(office: Play) -> Claim:
    visit(office)
    answered(office, "A1", PAID)
    claim = office.claim("A1")
    voids.ask(office.session, claim, "Wrong person.", office.people[Role.BILLER], office.engine.now)
    office.react()
    office.answer(TaskKind.VOID_APPROVAL)
    _name_first_sending(office)
    return claim


def _name_first_sending(office: Play) -> None:
    """What the payer answers is what it has: the first sending."""
    office.control_numbers["A1"] = office.submissions(office.claim("A1"))[0].pcn


def _silence(office: Play) -> Task:
    """Nobody acknowledges the claim, so a biller is asked."""
    office.acknowledges = False
    visit(office)
    office.pass_to(today(office) + 10)
    (task,) = office.open_tasks(TaskKind.FOLLOW_UP)
    return task


def _choices(office: Play, task: Task) -> list[str]:
    action = next(f for f in answers.question(office.session, task).fields if f.name == "action")
    return [option.value for option in action.options]


def _unsent(office: Play) -> list[dt.datetime]:
    claim = office.claim("A1")
    return [
        row.queued_at
        for row in office.submissions(claim)
        if row.sent_at is None and row.ack_status is None
    ]
