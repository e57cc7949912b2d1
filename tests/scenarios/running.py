"""The clock of a scenario beside a system that is up: the worker does the work, we wait for it."""

import datetime as dt
import time
from dataclasses import dataclass

from sqlalchemy import or_, select

from casework import subjects
from casework.steps import stepping
from db.models import Subject, Wake
from domain.encounter import Standing
from domain.steps import ClaimStep, EncounterStep, StepRequest
from tests.scenarios.engine import QUEUES, REAL, EncounterInStep, Engine, finish

LOOK_EVERY = 0.1
QUIET_WITHIN = 120.0


class Restless(Exception):
    """The workflow of an encounter would take a step now."""


class EncounterAtRest(EncounterInStep):
    """Only looks: says whether the real workflow has anything left to do."""

    async def _step(
        self, at: Standing, step: EncounterStep | ClaimStep, claim_id: int | None = None
    ) -> Standing:
        raise Restless(at.rev, step, claim_id)


@dataclass
class RunningEngine(Engine):
    """Tells the real workflows when the clock has moved, and returns when none has work left."""

    def set_clock(self, at: dt.datetime) -> None:
        super().set_clock(at)
        # Their timers run on the real clock, which a scenario does not wait for.
        due = or_(Subject.due_at <= at, Subject.key.like("batch:%"))
        for key in self.session.scalars(select(Subject.key).where(due)).all():
            subjects.wake(self.session, key)
        self.session.commit()

    def settle(self) -> None:
        self.session.commit()
        ends_at = time.monotonic() + QUIET_WITHIN
        while time.monotonic() < ends_at:
            if self._is_quiet():
                return
            time.sleep(LOOK_EVERY)
        raise AssertionError(f"still at work after {QUIET_WITHIN:.0f} seconds: {self._busy()}")

    def _is_quiet(self) -> bool:
        return not self._busy()

    def _busy(self) -> list[str]:
        """Who was told something and has not looked, or would do something if they looked."""
        try:
            told = set(self.session.scalars(select(Wake.subject)))
            opened = self.session.scalars(select(Subject.key).where(Subject.is_open)).all()
            return sorted(told | {key for key in opened if self._is_restless(key)})
        finally:
            self.session.rollback()

    def _is_restless(self, key: str) -> bool:
        kind = key.partition(":")[0]
        if kind == "encounter":
            return self._encounter_is_restless(key)
        if kind not in QUEUES or kind == "remittance":
            return False  # `inbox --wait` has waited for remittances already.
        return QUEUES[kind](self.session, StepRequest(subject=key, real_now=REAL)).is_ready

    def _encounter_is_restless(self, key: str) -> bool:
        at = stepping.take_step(self.session, StepRequest(subject=key, real_now=REAL))
        if not at.is_open:
            return False
        looking = EncounterAtRest(self.session, key)
        try:
            finish(looking._go_on(at))
        except Restless:
            return True
        return False
