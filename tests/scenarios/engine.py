"""The workflows without the engine: the same choices and steps, on a clock that a test moves.

What chooses is `EncounterWorkflow` itself; only its wait and its way to the database are ours.
"""

import datetime as dt
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from casework import batches, patients, remittances
from casework.moment import Moment, moment
from casework.steps import stepping
from db.models import ClockSegment, Hold, Subject, Wait, Wake
from domain.encounter import Standing
from domain.steps import ClaimStep, EncounterStep, QueueStanding, StepRequest
from workflows.encounter import EncounterWorkflow

DAY_ZERO = dt.datetime(2026, 1, 5, 15, tzinfo=dt.UTC)
REAL = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
STEPS_MAX = 200
ROUNDS_MAX = 100

QUEUES: dict[str, Callable[[Session, StepRequest], QueueStanding]] = {
    "batch": batches.take_step,
    "remittance": remittances.take_step,
    "patient-balance": patients.take_step,
}


class EncounterInStep(EncounterWorkflow):
    """An encounter's workflow whose steps are taken at once, and whose rest is told."""

    def __init__(self, session: Session, subject: str) -> None:
        super().__init__()
        self._session = session
        self._subject = subject
        self.is_resting = False

    def run_until_rest(self) -> None:
        at = self._request()
        for _ in range(STEPS_MAX):
            if not at.is_open or self.is_resting:
                return
            at = finish(self._go_on(at))
        raise AssertionError(f"{self._subject} does not come to rest")

    async def _rest(self, at: Standing) -> Standing:
        self.is_resting = True
        return at

    async def _step(
        self, at: Standing, step: EncounterStep | ClaimStep, claim_id: int | None = None
    ) -> Standing:
        return self._request(rev=at.rev, step=step, claim_id=claim_id)

    def _request(self, **asked: Any) -> Standing:
        request = StepRequest(subject=self._subject, real_now=REAL, **asked)
        return stepping.take_step(self._session, request)


@dataclass
class Engine:
    """Delivers wakes, and lets deadlines pass one after the other."""

    session: Session

    @property
    def now(self) -> Moment:
        return moment(self.session)

    def set_clock(self, at: dt.datetime) -> None:
        self.session.add(
            ClockSegment(real_start=at.timestamp(), business_start=at, speed=1.0, is_running=False)
        )
        self.session.flush()

    def settle(self) -> None:
        """Run every workflow that was woken or whose deadline has come, until nobody wakes anybody
        any more: one whose wake was forgotten stays where it is, as it would with the engine."""
        keys = self._woken() | self._due()
        for _ in range(ROUNDS_MAX):
            for key in sorted(keys):
                self._run(key)
            keys = self._woken()
            if not keys:
                return
        raise AssertionError(f"wakes without end: {sorted(keys)}")

    def next_due(self) -> dt.datetime | None:
        """The next instant at which something happens by itself."""
        nearest = self.session.scalar(
            select(func.min(Wait.until_at)).where(
                Wait.ended_at.is_(None), Wait.until_at > self.now.at
            )
        )
        batch = self._batch_due()
        return min((at for at in (nearest, batch) if at), default=None)

    def _batch_due(self) -> dt.datetime | None:
        key = "batch:clearinghouse"
        if self.session.get(Subject, key) is None:
            return None
        at = batches.take_step(self.session, StepRequest(subject=key, real_now=REAL))
        return self.now.at + at.wait if at.is_open else None

    def _run(self, key: str) -> None:
        kind = key.partition(":")[0]
        if kind == "encounter":
            EncounterInStep(self.session, key).run_until_rest()
        elif kind in QUEUES:
            run_queue(self.session, key, QUEUES[kind])

    def _woken(self) -> set[str]:
        return set(self.session.scalars(delete(Wake).returning(Wake.subject)))

    def _due(self) -> set[str]:
        waits = select(Wait.subject).where(Wait.ended_at.is_(None), Wait.until_at <= self.now.at)
        held = select(Hold.id).where(Hold.released_at.is_(None), Hold.held_until_at <= self.now.at)
        due = or_(
            Subject.key.in_(waits), Subject.due_at <= self.now.at, Subject.key.like("batch:%"),
            Subject.is_open & held.exists(),
        )  # fmt: skip
        return set(self.session.scalars(select(Subject.key).where(due)))


def run_queue(
    session: Session, key: str, take: Callable[[Session, StepRequest], QueueStanding]
) -> None:
    rev: int | None = None
    for _ in range(STEPS_MAX):
        at = take(session, StepRequest(subject=key, rev=rev, real_now=REAL))
        if not at.is_open or (not at.is_ready and rev is not None):
            return
        rev = at.rev
    raise AssertionError(f"{key} does not come to rest")


def finish(steps: Coroutine[Any, Any, Standing]) -> Standing:
    """A coroutine that never waits, run to its end."""
    try:
        steps.send(None)
    except StopIteration as done:
        standing: Standing = done.value
        return standing
    raise AssertionError("a step waits")
