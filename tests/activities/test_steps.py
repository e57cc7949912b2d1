"""A step is one transaction with one effect, however often and by whomever it is taken."""

import dataclasses
import inspect
import typing
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text
from temporalio import activity
from temporalio.testing import ActivityEnvironment

from activities.steps import Steps
from casework.steps import stepping
from db.models import EligibilityCheck, Encounter, Incident
from domain.encounter import Stage, Standing
from domain.steps import EncounterStep, QueueStanding, StepRequest
from tests.workflows.clinic import Clinic

RESULTS = {
    "encounter_step": Standing,
    "batch_step": QueueStanding,
    "remittance_step": QueueStanding,
    "patient_balance_step": QueueStanding,
}


def test_break_4_every_step_keeps_its_type_hints() -> None:
    for name, result in RESULTS.items():
        hints = typing.get_type_hints(getattr(Steps, name))

        assert hints == {"request": StepRequest, "return": result}


def test_every_step_is_an_activity_whose_thread_is_never_cut(clinic: Clinic) -> None:
    steps = Steps(clinic.sessions)

    names = {inspect.unwrap(step).__name__ for step in steps.all()}

    assert names == set(RESULTS)
    for step in steps.all():
        definition = activity._Definition.must_from_callable(step)
        assert definition.name in RESULTS
        assert definition.no_thread_cancel_exception


def test_a_step_at_an_old_revision_changes_nothing_and_tells_the_present(clinic: Clinic) -> None:
    key = clinic.register()
    request = _ask(clinic, key)
    first = _take(clinic, request)

    clinic.answer_eligibility()
    again = _take(clinic, request)

    assert (first.stage, first.is_ready) == (Stage.ELIGIBILITY, False)
    # The 271 came in between: what was observed at first is not repeated.
    assert (again.stage, again.is_ready) == (Stage.ELIGIBILITY, True)
    assert again.rev > first.rev
    assert clinic.steps(key) == ["registered", "ask_eligibility", "eligibility"]


def test_the_same_step_taken_by_two_at_once_has_one_effect(clinic: Clinic) -> None:
    key = clinic.register()
    request = _ask(clinic, key)

    with ThreadPoolExecutor(4) as executor:
        told = list(executor.map(lambda _: _take(clinic, request), range(4)))

    assert len({at.rev for at in told}) == 1
    with clinic.sessions() as session:
        assert len(session.scalars(select(EligibilityCheck)).all()) == 1
    assert clinic.steps(key).count("ask_eligibility") == 1


def test_a_look_changes_nothing(clinic: Clinic) -> None:
    key = clinic.register()

    at = _take(clinic, dataclasses.replace(_ask(clinic, key), rev=None, step=None))

    assert (at.rev, at.stage, at.is_ready) == (1, Stage.REGISTERED, True)
    assert clinic.steps(key) == ["registered"]


def test_a_failed_step_leaves_nothing_but_an_incident_without_the_failures_own_words(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = clinic.register()

    def fail(session: object, encounter: Encounter, now: object) -> str:
        encounter.stage = Stage.CLOSED
        raise RuntimeError("Wilma Tarrow")

    monkeypatch.setitem(stepping.ENCOUNTER_STEPS, EncounterStep.ASK_ELIGIBILITY, fail)
    with pytest.raises(RuntimeError):
        _take(clinic, _ask(clinic, key))

    assert clinic.stage(key) is Stage.REGISTERED
    assert clinic.steps(key) == ["registered"]
    (incident,) = _incidents(clinic)
    assert incident.subject == key
    assert "Wilma" not in incident.words


def test_the_step_that_succeeds_at_last_closes_the_incident(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = clinic.register()
    request = _ask(clinic, key)
    with monkeypatch.context() as patch:
        patch.setitem(stepping.ENCOUNTER_STEPS, EncounterStep.ASK_ELIGIBILITY, _divide)
        with pytest.raises(ZeroDivisionError):
            _take(clinic, request)
    open_incidents = len(_incidents(clinic))

    at = _take(clinic, request, attempt=2)

    assert at.stage is Stage.ELIGIBILITY
    assert (open_incidents, len(_incidents(clinic))) == (1, 0)


def test_a_step_never_runs_with_the_owners_rights(clinic: Clinic) -> None:
    with clinic.sessions() as session:
        assert session.scalar(text("SELECT current_user")) == "claimflow_worker"


def _divide(session: object, encounter: object, now: object) -> str:
    return str(1 / 0)


def _ask(clinic: Clinic, key: str) -> StepRequest:
    return StepRequest(
        subject=key, rev=1, step=EncounterStep.ASK_ELIGIBILITY, real_now=clinic.clock()
    )


def _take(clinic: Clinic, request: StepRequest, *, attempt: int = 1) -> Standing:
    environment = ActivityEnvironment()
    environment.info = dataclasses.replace(environment.info, attempt=attempt, is_local=True)
    taken: Standing = environment.run(Steps(clinic.sessions).encounter_step, request)
    return taken


def _incidents(clinic: Clinic) -> list[Incident]:
    with clinic.sessions() as session:
        return list(session.scalars(select(Incident)))
