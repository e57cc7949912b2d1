"""The steps of every workflow as activities: one transaction each; a failure leaves an incident."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session, sessionmaker
from temporalio import activity

from casework import batches, incidents, patients, remittances
from casework.steps import stepping
from domain.encounter import Standing
from domain.steps import QueueStanding, StepRequest

Result = TypeVar("Result")


class Steps:
    """Holds the way to the database; plain functions in threads, whose transactions are not cut."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    @activity.defn(no_thread_cancel_exception=True)
    def encounter_step(self, request: StepRequest) -> Standing:
        return self._take(stepping.take_step, request)

    @activity.defn(no_thread_cancel_exception=True)
    def batch_step(self, request: StepRequest) -> QueueStanding:
        return self._take(batches.take_step, request)

    @activity.defn(no_thread_cancel_exception=True)
    def remittance_step(self, request: StepRequest) -> QueueStanding:
        return self._take(remittances.take_step, request)

    @activity.defn(no_thread_cancel_exception=True)
    def patient_balance_step(self, request: StepRequest) -> QueueStanding:
        return self._take(patients.take_step, request)

    def all(self) -> list[Callable[..., object]]:
        return [
            self.encounter_step,
            self.batch_step,
            self.remittance_step,
            self.patient_balance_step,
        ]

    def _take(self, step: Callable[[Session, StepRequest], Result], request: StepRequest) -> Result:
        try:
            with self._sessions.begin() as session:
                result = step(session, request)
        except Exception as failure:
            incidents.open_or_count(self._sessions, request, failure)
            raise
        if activity.info().attempt > 1 or not activity.info().is_local:
            incidents.close(self._sessions, request.subject)
        return result
