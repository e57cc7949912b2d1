"""A guarantor's account: statements, reminders, plans and questions until nothing is owed.

It ends when nothing is owed and nothing is waited for; the next news starts it again.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.queue import Queue


@workflow.defn(name="PatientBalanceWorkflow")
class PatientBalanceWorkflow(Queue):
    """Brings the account up to date, waits for the patient, and asks again."""

    activity = "patient_balance_step"

    @workflow.run
    async def run(self, subject: str) -> None:
        await self.work(subject)

    @workflow.signal
    def wake(self) -> None:
        self._news.arrive()
