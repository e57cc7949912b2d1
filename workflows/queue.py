"""What spans encounters: a route's batches, and a remittance's posting. Both only look, act, wait."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.steps import QueueStanding, StepRequest
    from workflows.waiting import News, should_start_afresh, take


class _Queue:
    """Look; act while something is due; wait while something is to come; end when nothing is."""

    activity: str

    def __init__(self) -> None:
        self._news = News()

    async def work(self, subject: str) -> None:
        rev: int | None = None
        while True:
            self._news.clear()
            request = StepRequest(subject=subject, rev=rev, real_now=workflow.now())
            at = await take(self.activity, request, QueueStanding)
            rev = at.rev
            if not at.is_open:
                return
            if not at.is_ready:
                await self._news.wait(at.wait)
            if should_start_afresh():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(subject)


@workflow.defn(name="SubmissionBatchWorkflow")
class SubmissionBatchWorkflow(_Queue):
    """Closes a route's batches by count or age."""

    activity = "batch_step"

    @workflow.run
    async def run(self, subject: str) -> None:
        await self.work(subject)

    @workflow.signal
    def wake(self) -> None:
        self._news.arrive()


@workflow.defn(name="RemittanceWorkflow")
class RemittanceWorkflow(_Queue):
    """Posts one 835 in bounded parts, each of which wakes whom it concerns."""

    activity = "remittance_step"

    @workflow.run
    async def run(self, subject: str) -> None:
        await self.work(subject)

    @workflow.signal
    def wake(self) -> None:
        self._news.arrive()
