"""A guarantor's account: statements, reminders, plans and questions until nothing is owed.

It ends when nothing is owed and nothing is waited for; the next news starts it again.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.queue import _Queue
    from workflows.waiting import News


class _LastingNews(News):
    @property
    def has_come(self) -> bool:
        return self._has_come


@workflow.defn(name="PatientBalanceWorkflow")
class PatientBalanceWorkflow(_Queue):
    """Brings the account up to date, waits for the patient, and asks again."""

    activity = "patient_balance_step"

    def __init__(self) -> None:
        self._news: _LastingNews = _LastingNews()

    @workflow.run
    async def run(self, subject: str) -> None:
        await self.work(subject)
        # A wake between the last look and the end was delivered to us, and to nobody else.
        while self._news.has_come:
            await self.work(subject)

    @workflow.signal
    def wake(self) -> None:
        self._news.arrive()
