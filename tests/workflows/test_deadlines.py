"""Silence from every side: each deadline fires on its day, and none decides for a person."""

import datetime as dt
from zoneinfo import ZoneInfo

from casework import holds
from casework.holds import HoldScope
from db.models import Hold
from domain.clock import add_business_days, business_date, is_business_day
from domain.encounter import ClaimStage, Stage
from domain.tasks import Role, TaskKind
from tests.workflows.clinic import FEDERAL, SUPPLEMENT
from tests.workflows.stand import Stand

ZONE = ZoneInfo("America/Chicago")
CONTRACTUAL = ("CO", "45", 6300)
USUAL_DAYS = 21


def test_without_a_271_the_payer_is_asked_again_and_then_the_front_desk(engine: Stand) -> None:
    clinic = engine.clinic
    key = clinic.register()

    engine.skip_days(1)
    asked_once = len(clinic.sent("270"))
    engine.skip_days(1)
    asked_again = len(clinic.sent("270"))
    before = clinic.open_tasks(TaskKind.REGISTRATION_FIX)
    engine.skip_days(2)

    assert (asked_once, asked_again, before) == (1, 2, [])
    (task,) = clinic.open_tasks(TaskKind.REGISTRATION_FIX)
    assert task.reason == "Acme Health has not answered 2 eligibility inquiries."
    assert len(clinic.sent("270")) == 2
    assert clinic.stage(key) is Stage.ELIGIBILITY


def test_an_overdue_coding_task_is_escalated_and_not_answered(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_coding(clinic.register(is_coded=False))
    (opened,) = clinic.open_tasks(TaskKind.CODING_REVIEW)

    engine.skip_days(2)
    (waiting,) = clinic.open_tasks(TaskKind.CODING_REVIEW)
    engine.skip_days(3)

    (late,) = clinic.open_tasks(TaskKind.CODING_REVIEW)
    assert (waiting.is_escalated, late.is_escalated) == (False, True)
    assert late.id == opened.id
    assert late.answered_at is None
    assert clinic.stage(key) is Stage.CODING
    (wait,) = clinic.waits(key)
    assert wait.then_what == "a supervisor is told; nothing is decided by itself"


def test_a_batch_that_does_not_go_out_is_asked_for(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_coding(clinic.register())
    sent_in_time = clinic.sent("837p")

    # The batch's only wake is lost; the claim's own deadline brings another.
    engine.loses.add("batch:clearinghouse")
    other = engine.clinic.register()
    engine.settle()
    engine.loses.clear()
    engine.skip_days(3)

    assert sent_in_time == []
    assert clinic.claim(key).stage is ClaimStage.SUBMITTED
    assert clinic.stage(other) is Stage.ELIGIBILITY


def test_a_claim_whose_batch_was_never_woken_wakes_it_after_a_business_day(engine: Stand) -> None:
    clinic = engine.clinic
    key = clinic.register()
    engine.settle()
    engine.skip_days(0.2)
    clinic.answer_eligibility()
    engine.loses.add("batch:clearinghouse")
    engine.skip_days(1)
    still_queued = clinic.claim(key).stage

    engine.loses.clear()
    engine.skip_days(1)

    assert still_queued is ClaimStage.READY
    assert "chase_batch" in clinic.steps(key)
    assert clinic.claim(key).stage is ClaimStage.SUBMITTED


def test_without_an_acknowledgment_a_biller_asks(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_sent(clinic.register())
    sent_on = business_date(clinic.sent("837p")[0], ZONE)

    engine.skip_days(3)
    early = clinic.open_tasks()
    engine.skip_days(2)

    assert early == []
    (task,) = clinic.open_tasks(TaskKind.FOLLOW_UP)
    assert task.title == "Acme Health has not acknowledged the claim"
    opened_on = business_date(task.opened_at, ZONE)
    assert opened_on == add_business_days(sent_on, 4) + dt.timedelta(days=1)
    assert clinic.claim(key).stage is ClaimStage.SUBMITTED


def test_for_every_silent_claim_a_276_goes_out_on_its_business_day(engine: Stand) -> None:
    clinic = engine.clinic
    accepted_on = []
    for _ in range(5):
        engine.until_accepted(clinic.register())
        accepted_on.append(clinic.today())
        engine.skip_days(1)

    engine.skip_days(USUAL_DAYS + 3)

    asked_on = [business_date(at, ZONE) for at in clinic.sent("276")]
    due_on = [day + dt.timedelta(days=USUAL_DAYS) for day in accepted_on]
    assert asked_on == sorted({add_business_days(day, 1) for day in due_on})
    assert all(is_business_day(day) for day in asked_on)


def test_a_276_without_a_277_becomes_a_follow_up(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())

    engine.skip_days(USUAL_DAYS + 1)
    early = clinic.open_tasks()
    engine.skip_days(4)

    assert len(clinic.sent("276")) == 1
    assert early == []
    (task,) = clinic.open_tasks(TaskKind.FOLLOW_UP)
    assert task.title == "Acme Health has not answered our status inquiry"
    assert clinic.claim(key).stage is ClaimStage.ACCEPTED


def test_a_277_in_process_waits_on_and_asks_again_later(engine: Stand) -> None:
    clinic = engine.clinic
    engine.until_accepted(clinic.register())
    engine.skip_days(USUAL_DAYS + 1)

    clinic.answer_inquiry("P1")
    engine.settle()
    engine.skip_days(8)
    waited = len(clinic.sent("276"))
    engine.skip_days(6)

    assert waited == 1
    assert len(clinic.sent("276")) == 2
    assert clinic.open_tasks(TaskKind.FOLLOW_UP) == []


def test_an_appeal_without_a_decision_becomes_a_follow_up(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())
    engine.pays(key, ("CO", "50", 18000))
    clinic.answer(TaskKind.DENIAL)
    engine.settle()
    clinic.answer(TaskKind.APPEAL_REVIEW)
    engine.settle()

    engine.skip_days(45)
    early = clinic.open_tasks()
    engine.skip_days(9)

    assert early == []
    (task,) = clinic.open_tasks(TaskKind.FOLLOW_UP)
    assert task.title == "Acme Health has not decided our appeal"
    assert clinic.claim(key).stage is ClaimStage.APPEALED


def test_a_crossover_that_stays_silent_is_billed_by_us(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register(payers=(FEDERAL, SUPPLEMENT)))
    engine.pays(key, ("CO", "45", 9000), ("PR", "2", 1800), status="19")
    first, second = clinic.claims(key)
    sent_before = len(clinic.sent("837p"))

    engine.skip_days(29)
    waiting = clinic.claims(key)[1].stage
    engine.skip_days(3)

    assert second.follows_id == first.id
    assert waiting is ClaimStage.CROSSED_OVER
    assert clinic.claims(key)[1].stage is ClaimStage.SUBMITTED
    assert len(clinic.sent("837p")) == sent_before + 1


def test_a_hold_is_respected_until_its_date_and_ends_by_itself(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_coding(clinic.register(is_coded=False))
    _hold(engine, key, days=20)
    engine.settle()
    held_at = clinic.encounter(key)
    rev_when_held = len(clinic.steps(key))

    engine.skip_days(19)
    rev_before_the_end = len(clinic.steps(key))
    engine.skip_days(3)

    assert held_at.stage is Stage.CODING
    assert rev_before_the_end == rev_when_held
    (task,) = clinic.open_tasks(TaskKind.CODING_REVIEW)
    assert task.is_escalated
    assert task.answered_at is None


def test_a_released_hold_lets_the_encounter_go_on_at_once(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())
    hold_id = _hold(engine, key, days=30)
    engine.pays(key, CONTRACTUAL)
    stage_while_held = clinic.claim(key).stage

    with clinic.people.begin() as session:
        row = session.get_one(Hold, hold_id)
        by = clinic.user(session, Role.SUPERVISOR)
        holds.release(session, row, by=by, now=clinic.moment(session))
    engine.settle()

    # Money is posted at once, whoever is held; what follows from it waits.
    assert stage_while_held is ClaimStage.ADJUDICATED
    assert clinic.stage(key) is Stage.CLOSED


def test_a_claim_that_is_held_in_the_queue_is_not_sent(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_coding(clinic.register())
    _hold(engine, key, days=10)

    engine.skip_days(9)
    sent_while_held = clinic.sent("837p")
    engine.skip_days(4)

    assert sent_while_held == []
    assert clinic.claim(key).stage is ClaimStage.SUBMITTED


def test_a_denial_past_its_window_is_escalated_not_written_off(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())
    engine.pays(key, ("CO", "50", 18000))
    entries = clinic.ledger_entries()

    engine.skip_days(200)

    (task,) = clinic.open_tasks(TaskKind.DENIAL)
    assert task.is_escalated
    assert task.answered_at is None
    assert clinic.ledger_entries() == entries
    assert clinic.claim(key).stage is ClaimStage.DENIED


def _hold(engine: Stand, key: str, *, days: int) -> int:
    clinic = engine.clinic
    with clinic.people.begin() as session:
        now = clinic.moment(session)
        encounter = clinic.encounter_row(session, key)
        by = clinic.user(session, Role.SUPERVISOR)
        until_on = now.today + dt.timedelta(days=days)
        scope = HoldScope(encounter_id=encounter.id)
        return holds.hold(session, scope, "Asked by the patient", until_on, by=by, now=now).id
