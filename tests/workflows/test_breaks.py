"""Each way in which resuming from the database once broke (facts: durable pattern), by name."""

import datetime as dt
import threading
from collections.abc import Callable
from functools import partial

import psycopg2
import pytest
from sqlalchemy import select
from temporalio.exceptions import ApplicationError

from casework import subjects
from casework.refusals import Stale
from db.models import Incident, Subject
from domain.encounter import ClaimStage, Stage
from domain.steps import ClaimStep, EncounterStep, StepRequest
from domain.tasks import TaskKind
from settings import libpq_url
from tests.workflows.stand import Stand

CONTRACTUAL = ("CO", "45", 6300)


def test_break_1_a_fact_that_comes_while_its_wake_is_consumed_is_not_lost(engine: Stand) -> None:
    """The 271 arrives after the step has read the database, and its wake while the step runs."""
    clinic = engine.clinic
    key = clinic.register()
    engine.settle()
    engine.skip_days(0.2)
    came: list[int] = []

    def answer_meanwhile(request: StepRequest) -> None:
        if request.subject == key and not came:
            came.append(1)
            clinic.answer_eligibility()
            engine.run(engine.ring(key))

    engine.steps.after = answer_meanwhile
    with clinic.sessions.begin() as session:
        subjects.wake(session, key)
    engine.settle()

    assert came
    assert clinic.stage(key) is Stage.CLAIMS


def test_break_2_a_repeated_step_has_no_second_effect_and_reads_the_world_anew(
    engine: Stand,
) -> None:
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())
    engine.pays(key, ("CO", "50", 18000))
    request = next(r for r in engine.steps.requests if r.step is ClaimStep.JUDGE_ADJUDICATION)
    clinic.answer(TaskKind.DENIAL)
    before = (clinic.steps(key), len(clinic.open_tasks()), clinic.ledger_entries())

    at = engine.steps.repeat(request)

    assert (clinic.steps(key), len(clinic.open_tasks()), clinic.ledger_entries()) == before
    assert at.rev == len(before[0])
    # When the step was first taken the claim was not ready: a person had been asked.
    assert [claim.stage for claim in at.ready_claims] == [ClaimStage.DENIED]


def test_break_3_a_failing_local_step_is_taken_over_by_the_engine(engine: Stand) -> None:
    """It raises a bare ApplicationError, which once failed the workflow."""
    clinic = engine.clinic
    failures: list[bool] = []

    def fail_where_local(request: StepRequest) -> None:
        if request.step is EncounterStep.ASK_ELIGIBILITY and engine.steps.is_local():
            failures.append(True)
            raise ApplicationError("not here", non_retryable=True)

    engine.steps.before = fail_where_local
    key = clinic.register()
    engine.settle()

    assert failures
    assert clinic.stage(key) is Stage.ELIGIBILITY
    assert "ActivityTaskCompleted" in engine.events(key)
    assert "WorkflowExecutionFailed" not in engine.events(key)


def test_break_3_killed_database_connections_do_not_fail_the_workflow(
    engine: Stand, practice_url: str
) -> None:
    clinic = engine.clinic
    killed: list[int] = []

    def kill_connections(request: StepRequest) -> None:
        if request.step is EncounterStep.ASK_ELIGIBILITY and len(killed) < 3:
            killed.append(_kill_worker_connections(practice_url))

    engine.steps.inside = kill_connections
    key = clinic.register()
    engine.settle()

    assert len(killed) == 3
    assert clinic.stage(key) is Stage.ELIGIBILITY
    assert clinic.steps(key).count("ask_eligibility") == 1
    assert "WorkflowExecutionFailed" not in engine.events(key)


def test_a_failing_step_is_an_incident_in_words_until_it_succeeds(engine: Stand) -> None:
    clinic = engine.clinic
    told: list[str] = []

    def fail_twice(request: StepRequest) -> None:
        if request.step is EncounterStep.ASK_ELIGIBILITY:
            with clinic.sessions() as session:
                told.extend(session.scalars(select(Incident.words)))
            if engine.steps.taken_of(request) <= 3:
                raise RuntimeError("Wilma Tarrow")

    engine.steps.inside = fail_twice
    key = clinic.register()
    engine.settle()

    assert told[-1].startswith("The step “ask_eligibility” fails (RuntimeError)")
    assert not any("Wilma" in words for words in told)
    with clinic.sessions() as session:
        assert session.scalars(select(Incident)).all() == []
    assert clinic.stage(key) is Stage.ELIGIBILITY


def test_break_4_the_step_receives_a_dataclass(engine: Stand) -> None:
    key = engine.clinic.register()

    engine.settle()

    requests = [r for r in engine.steps.requests if r.subject == key]
    assert {type(request) for request in requests} == {StepRequest}
    assert {type(request.real_now) for request in requests} == {dt.datetime}
    assert EncounterStep.ASK_ELIGIBILITY in [request.step for request in requests]


def test_break_8_a_fact_and_an_answer_at_once_never_deadlock(engine: Stand) -> None:
    """Subject first, then task: the 835 that moots a task, and the person who answers it."""
    clinic = engine.clinic
    failures: list[BaseException] = []
    for _ in range(3):
        key = engine.until_accepted(clinic.register())
        engine.pays(key, ("CO", "50", 18000))
        gate = threading.Barrier(2)
        answering = threading.Thread(
            target=_at_gate, args=(gate, failures, partial(clinic.answer, TaskKind.DENIAL))
        )
        paying = threading.Thread(
            target=_at_gate, args=(gate, failures, partial(clinic.pay, key, CONTRACTUAL))
        )
        for thread in (answering, paying):
            thread.start()
        for thread in (answering, paying):
            thread.join(30)
        engine.settle()

    # Whoever came second may learn that the payer's answer was first, and nothing else.
    assert [f for f in failures if not isinstance(f, Stale)] == []
    assert {clinic.stage(key) for key in _encounters(engine)} == {Stage.CLOSED}


def test_break_9_no_workflow_relies_on_search_attributes(engine: Stand) -> None:
    key = engine.until_accepted(engine.clinic.register())

    assert "UpsertWorkflowSearchAttributes" not in engine.events(key)
    described = engine.run(engine.env.client.get_workflow_handle(key).describe())
    assert not list(described.typed_search_attributes)


def test_a_doubled_wake_is_harmless(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())
    before = clinic.steps(key)

    with clinic.sessions.begin() as session:
        for _ in range(3):
            subjects.wake(session, key)
    engine.run(engine.ring(key))
    engine.settle()

    assert clinic.steps(key) == before


def test_a_wake_for_a_closed_encounter_ends_at_once(engine: Stand) -> None:
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())
    engine.pays(key, CONTRACTUAL)
    before = clinic.steps(key)

    with clinic.sessions.begin() as session:
        subjects.wake(session, key)
    engine.settle()
    engine.await_end(key)

    assert clinic.stage(key) is Stage.CLOSED
    assert clinic.steps(key) == before


@pytest.mark.parametrize("queue", ["batch:clearinghouse", "remittance:1"])
def test_break_1_news_that_comes_as_a_queue_ends_is_not_lost(engine: Stand, queue: str) -> None:
    """Its step found nothing left to do, and while that step ran there was news."""
    clinic = engine.clinic
    key = engine.until_accepted(clinic.register())
    rang_after: list[int] = []

    def refuse_locally(request: StepRequest) -> None:
        # Where the engine runs a step, its answer is on record before the workflow goes on.
        if request.subject == queue and engine.steps.is_local():
            raise ApplicationError("not here", non_retryable=True)

    def ring_as_it_ends(request: StepRequest) -> None:
        if request.subject == queue and not rang_after and engine.steps.has_ended(request):
            rang_after.append(len(engine.steps.requests))
            engine.run(engine.ring(queue))

    engine.steps.before, engine.steps.after = refuse_locally, ring_as_it_ends
    clinic.pay(key, CONTRACTUAL)
    with clinic.sessions.begin() as session:
        subjects.wake(session, "batch:clearinghouse")
    engine.settle()
    engine.await_end(queue)

    (rang,) = rang_after
    assert [r.subject for r in engine.steps.requests[rang:]].count(queue) >= 1


def _encounters(engine: Stand) -> list[str]:
    with engine.clinic.sessions() as session:
        return list(
            session.scalars(select(Subject.key).where(Subject.key.startswith("encounter:")))
        )


def _at_gate(
    gate: threading.Barrier, failures: list[BaseException], work: Callable[[], object]
) -> None:
    gate.wait(10)
    try:
        work()
    except Exception as failure:
        failures.append(failure)


def _kill_worker_connections(url: str) -> int:
    connection = psycopg2.connect(libpq_url(url))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE application_name = 'claimflow_worker' AND datname = current_database()"
        )
        (count,) = cursor.fetchone() or (0,)
    connection.close()
    return int(count)
