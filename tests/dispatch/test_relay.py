"""A wake is kept until the engine has it: doubled ones are one poke, later news stays."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
from sqlalchemy import select
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from casework import subjects
from db.models import Wake
from dispatch import relay
from tests.workflows.clinic import Clinic
from worker import WORKFLOWS


class FakeEngine:
    """Takes signal-with-start, unless it is down."""

    def __init__(self) -> None:
        self.started: list[tuple[str, str]] = []
        self.refuses: set[str] = set()
        self.meanwhile: Callable[[], None] | None = None

    async def start_workflow(self, workflow: str, subject: str, **options: Any) -> None:
        if subject in self.refuses:
            raise RPCError("down", RPCStatusCode.UNAVAILABLE, b"")
        assert options["id"] == subject
        assert options["start_signal"] == "wake"
        assert options["id_reuse_policy"] is WorkflowIDReusePolicy.ALLOW_DUPLICATE
        self.started.append((workflow, subject))
        if self.meanwhile is not None:
            self.meanwhile()


@pytest.fixture
def fake() -> FakeEngine:
    return FakeEngine()


def test_a_doubled_wake_is_one_poke(clinic: Clinic, fake: FakeEngine) -> None:
    _wake(clinic, "encounter:E1", "encounter:E1", "batch:clearinghouse")

    delivered = _deliver(clinic, fake)

    assert delivered == 2
    assert sorted(fake.started) == [
        ("EncounterWorkflow", "encounter:E1"),
        ("SubmissionBatchWorkflow", "batch:clearinghouse"),
    ]
    assert _waiting(clinic) == []


def test_a_wake_that_comes_while_delivering_stays(clinic: Clinic, fake: FakeEngine) -> None:
    _wake(clinic, "encounter:E1")
    fake.meanwhile = lambda: _wake(clinic, "encounter:E1")

    _deliver(clinic, fake)
    after_first = _waiting(clinic)
    fake.meanwhile = None
    _deliver(clinic, fake)

    assert after_first == ["encounter:E1"]
    assert len(fake.started) == 2
    assert _waiting(clinic) == []


def test_a_wake_that_commits_late_under_a_lower_number_stays(
    clinic: Clinic, fake: FakeEngine
) -> None:
    """Numbers are given in order, but a transaction may commit after one that began later."""
    with clinic.sessions() as slow:
        subjects.wake(slow, "encounter:E1")
        slow.flush()
        _wake(clinic, "encounter:E1")
        fake.meanwhile = slow.commit

        _deliver(clinic, fake)

    assert _waiting(clinic) == ["encounter:E1"]


def test_what_the_engine_does_not_take_stays_queued_and_holds_nobody_up(
    clinic: Clinic, fake: FakeEngine
) -> None:
    _wake(clinic, "encounter:E1", "encounter:E2")
    fake.refuses.add("encounter:E1")

    delivered = _deliver(clinic, fake)

    assert delivered == 1
    assert _waiting(clinic) == ["encounter:E1"]


def test_a_subject_without_a_workflow_is_no_poke(clinic: Clinic, fake: FakeEngine) -> None:
    _wake(clinic, "file:7")

    assert _deliver(clinic, fake) == 1
    assert fake.started == []
    assert _waiting(clinic) == []


def test_every_workflow_that_is_woken_is_one_the_worker_has() -> None:
    assert set(relay.WORKFLOW_OF.values()) == {workflow.__name__ for workflow in WORKFLOWS}


def _deliver(clinic: Clinic, fake: FakeEngine) -> int:
    return asyncio.run(relay.deliver(clinic.sessions, cast("Client", fake)))


def _wake(clinic: Clinic, *keys: str) -> None:
    with clinic.sessions.begin() as session:
        for key in keys:
            subjects.wake(session, key)


def _waiting(clinic: Clinic) -> list[str]:
    with clinic.sessions() as session:
        return list(session.scalars(select(Wake.subject).order_by(Wake.id)))
