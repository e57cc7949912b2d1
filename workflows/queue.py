"""What spans encounters: batches, remittances, accounts. They look, act, wait, and end."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.steps import QueueStanding, StepRequest
    from workflows.waiting import News, should_start_afresh, take


class Queue:
    """Look; act while something is due; wait while something is to come; end when nothing is."""

    activity: str

    def __init__(self) -> None:
        self._news = News()

    async def work(self, subject: str) -> None:
        at = await self._step(subject, None)
        # A wake between the last look and the end was delivered to us, and to nobody else.
        while at.is_open or self._news.has_come:
            if at.is_open and not at.is_ready:
                await self._news.wait(at.wait)
            if should_start_afresh():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(subject)
            at = await self._step(subject, at.rev)

    async def _step(self, subject: str, rev: int | None) -> QueueStanding:
        self._news.clear()
        request = StepRequest(subject=subject, rev=rev, real_now=workflow.now())
        return await take(self.activity, request, QueueStanding)


@workflow.defn(name="SubmissionBatchWorkflow")
class SubmissionBatchWorkflow(Queue):
    """Closes a route's batches by count or age."""

    activity = "batch_step"

    @workflow.run
    async def run(self, subject: str) -> None:
        await self.work(subject)

    @workflow.signal
    def wake(self) -> None:
        self._news.arrive()


@workflow.defn(name="RemittanceWorkflow")
class RemittanceWorkflow(Queue):
    """Posts one 835 in bounded parts, each of which wakes whom it concerns."""

    activity = "remittance_step"

    @workflow.run
    async def run(self, subject: str) -> None:
        await self.work(subject)

    @workflow.signal
    def wake(self) -> None:
        self._news.arrive()
