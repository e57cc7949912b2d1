"""An encounter's workflow from the chart to zero, by skipped time, and what it costs."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

from dispatch import outbox
from domain.encounter import ClaimStage, Stage
from domain.tasks import TaskKind
from tests.workflows.stand import BATCH_TAKES, Stand

CONTRACTUAL = ("CO", "45", 6300)
EVENTS_MAX = 100
COMMITS_MAX = 40


def test_a_clean_encounter_runs_from_the_chart_to_zero(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())

    engine.pays(key, CONTRACTUAL)

    assert clinic.stage(key) is Stage.CLOSED
    assert clinic.steps(key) == [
        "registered",
        "ask_eligibility",
        "eligibility",
        "hear_eligibility",
        "code",
        "price",
        "plan_claims",
        "edit",
        "submitted",
        "accepted",
        "remittance",
        "judge_adjudication",
        "plan_claims",
        "settle_with_patient",
    ]
    assert clinic.open_tasks() == []
    assert clinic.waits(key) == []


def test_a_rejected_claim_goes_out_again_as_a_new_original(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_sent(clinic.register())

    clinic.acknowledge("A7")
    engine.settle()
    clinic.answer(TaskKind.REJECTION)
    engine.skip(BATCH_TAKES)

    assert clinic.claim(key).stage is ClaimStage.SUBMITTED
    assert len(clinic.sent("837p")) == 2
    assert clinic.frequencies(key) == ["1", "1"]


def test_a_denied_claim_is_corrected_paid_and_closed(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())

    engine.pays(key, ("CO", "16", 18000))
    clinic.answer(TaskKind.DENIAL)
    engine.skip(BATCH_TAKES)
    clinic.acknowledge()
    engine.settle()
    engine.pays(key, CONTRACTUAL)

    assert clinic.frequencies(key) == ["1", "7"]
    assert clinic.stage(key) is Stage.CLOSED


def test_a_reversal_reopens_a_closed_encounter_and_its_correction_closes_it(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())
    engine.pays(key, CONTRACTUAL)
    engine.await_end(key)
    closed = clinic.stage(key)

    engine.pays(key, CONTRACTUAL, status="22", sign=-1)
    reopened = clinic.stage(key)
    waits = [wait.what for wait in clinic.waits(key)]
    engine.pays(key, CONTRACTUAL)

    assert (closed, reopened) == (Stage.CLOSED, Stage.CLAIMS)
    assert waits
    assert clinic.stage(key) is Stage.CLOSED


def test_a_scope_that_is_not_ready_always_says_what_it_waits_for(engine: Stand) -> None:
    """At every rest on the way: one wait at least, in words, with a deadline ahead."""
    clinic = engine.clinic
    key = clinic.register()
    seen = []
    for move in (
        engine.settle,
        lambda: engine.until_coding(key),
        lambda: engine.skip(BATCH_TAKES),
        clinic.acknowledge,
    ):
        move()
        engine.settle()
        seen.append(clinic.waits(key))

    assert all(len(waits) == 1 for waits in seen)
    assert all(w.what and w.then_what and w.until_at > w.since_at for waits in seen for w in waits)
    assert len({waits[0].what for waits in seen}) == len(seen)


def test_a_waiting_encounter_does_not_poll(engine: Stand) -> None:
    key = engine.until_accepted(engine.clinic.register())
    events, steps = engine.event_counts(), engine.steps.taken

    engine.skip_days(20)

    assert engine.steps.taken == steps
    assert engine.event_counts() == events
    assert engine.clinic.claim(key).stage is ClaimStage.ACCEPTED


def test_a_clean_encounter_stays_within_its_budget(
    engine: Stand,
    practice: sessionmaker[Session],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """Batch, remittance and account included, pro rata; each file's sending as well."""
    clinic = engine.clinic
    count = 10
    keys = [clinic.register() for _ in range(count)]
    commits: list[int] = []
    event.listen(practice.kw["bind"], "commit", lambda _connection: commits.append(1))

    for key in keys:
        engine.until_coding(key)
    engine.skip(BATCH_TAKES)
    clinic.acknowledge()
    engine.settle()
    clinic.pay_all(keys, CONTRACTUAL)
    engine.settle()
    while outbox.send_waiting(practice, tmp_path):
        pass

    events = engine.event_counts()
    record_property("events", sum(events.values()) / count)
    record_property("commits", len(commits) / count)
    assert {clinic.stage(key) for key in keys} == {Stage.CLOSED}
    assert sum(events.values()) / count <= EVENTS_MAX
    assert len(commits) / count <= COMMITS_MAX
