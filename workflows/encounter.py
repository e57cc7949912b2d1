"""The life of an encounter, from the signed chart to zero: the table of contents of claimflow.

PostgreSQL holds the truth. Every step asks the database to do one thing at one revision and is
told where the encounter stands; the engine only decides what comes next and when to look again.
"""

from typing import assert_never

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.encounter import Stage, Standing
    from domain.steps import ClaimStep, EncounterStep, StepRequest
    from workflows.claim import step_for
    from workflows.waiting import News, should_start_afresh, take


@workflow.defn(name="EncounterWorkflow")
class EncounterWorkflow:
    def __init__(self) -> None:
        self._news = News()

    @workflow.run
    async def run(self, subject: str) -> None:
        """One stage after the other until the encounter is closed or cancelled."""
        self._subject = subject
        at = await self._look()
        # A reversal may reopen it while its last step closes it.
        while at.is_open or self._news.has_come:
            at = await self._go_on(at)
            if should_start_afresh():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(subject)

    @workflow.signal
    def wake(self) -> None:
        """There is news in the database."""
        self._news.arrive()

    async def _go_on(self, at: Standing) -> Standing:  # noqa: C901, PLR0911 - one line a stage
        if at.is_held:
            return await self._rest(at)
        match at.stage:
            case Stage.REGISTERED:
                return await self._when_ready(at, EncounterStep.ASK_ELIGIBILITY)
            case Stage.ELIGIBILITY:
                return await self._when_ready(at, EncounterStep.HEAR_ELIGIBILITY)
            case Stage.CODING:
                return await self._when_ready(at, EncounterStep.CODE)
            case Stage.CHARGES:
                return await self._when_ready(at, EncounterStep.PRICE)
            case Stage.CLAIMS:
                return await self._work_claims(at)
            case Stage.PATIENT:
                return await self._when_ready(at, EncounterStep.SETTLE_WITH_PATIENT)
            case Stage.CLOSED | Stage.CANCELLED:
                return await self._look()
            case _:
                assert_never(at.stage)

    async def _work_claims(self, at: Standing) -> Standing:
        """Whatever claim can move moves; when none is open, the billing plan says what is next."""
        for claim in at.ready_claims:
            return await self._step(at, step_for(claim.stage), claim.claim_id)
        if at.claims:
            return await self._rest(at)
        return await self._when_ready(at, EncounterStep.PLAN_CLAIMS)

    async def _when_ready(self, at: Standing, step: EncounterStep) -> Standing:
        """Take the step if nothing is awaited any more, or its deadline has passed."""
        return await self._step(at, step) if at.is_ready else await self._rest(at)

    async def _rest(self, at: Standing) -> Standing:
        await self._news.wait(at.wait)
        return await self._look()

    async def _look(self) -> Standing:
        return await self._take(StepRequest(subject=self._subject, real_now=workflow.now()))

    async def _step(
        self, at: Standing, step: EncounterStep | ClaimStep, claim_id: int | None = None
    ) -> Standing:
        return await self._take(
            StepRequest(
                subject=self._subject,
                rev=at.rev,
                step=step,
                claim_id=claim_id,
                real_now=workflow.now(),
            )
        )

    async def _take(self, request: StepRequest) -> Standing:
        # News that comes from here on is seen by the next wait, even if this step saw it already.
        self._news.clear()
        return await take("encounter_step", request, Standing)
