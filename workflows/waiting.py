"""The one wait and the one step that every workflow here is made of."""

import datetime as dt
from dataclasses import replace
from typing import TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from domain.steps import StepRequest

Result = TypeVar("Result")

# A step is one short transaction: if it is not done at once, the engine takes it over.
STEP_WITHIN = dt.timedelta(seconds=6)
TRIES = RetryPolicy(maximum_attempts=2, initial_interval=dt.timedelta(milliseconds=200))
# After kill -9 the engine waits exactly this long before it tries again (facts: durable pattern).
STEP_WITHIN_ON_ENGINE = dt.timedelta(seconds=10)
# Some three minutes; then the request is made anew. A step that at last succeeds after days of
# failure must post with the date of that day, not with the date of the first try.
RETRIES = RetryPolicy(
    initial_interval=dt.timedelta(seconds=1),
    maximum_interval=dt.timedelta(seconds=30),
    maximum_attempts=10,
)
ASK_ANEW_AFTER = dt.timedelta(seconds=30)
# A clean encounter needs under a hundred events; a long one starts afresh with its id alone.
HISTORY_MAX = 1_000


class News:
    """A wake that arrived while we were busy must not be lost: clear it *before* a step reads."""

    def __init__(self) -> None:
        self._has_come = False

    @property
    def has_come(self) -> bool:
        return self._has_come

    def arrive(self) -> None:
        self._has_come = True

    def clear(self) -> None:
        self._has_come = False

    async def wait(self, at_most: dt.timedelta) -> None:
        """Until there is news, or the nearest deadline."""
        try:
            await workflow.wait_condition(lambda: self._has_come, timeout=at_most)
        except TimeoutError:
            return


async def take(activity: str, request: StepRequest, result: type[Result]) -> Result:
    """One step as a local activity; where that fails, as a real one for as long as it takes."""
    summary = str(request.step or "look")
    try:
        taken: Result = await workflow.execute_local_activity(
            activity,
            request,
            result_type=result,
            start_to_close_timeout=STEP_WITHIN,
            retry_policy=TRIES,
            summary=summary,
        )
    except FailureError as failure:
        if is_cancelled_exception(failure):
            raise
        taken = await _take_on_engine(activity, request, result)
    return taken


async def _take_on_engine(activity: str, request: StepRequest, result: type[Result]) -> Result:
    """Until it succeeds, each time as of then; a history that grows too long starts afresh."""
    while True:
        try:
            taken: Result = await workflow.execute_activity(
                activity,
                replace(request, real_now=workflow.now()),
                result_type=result,
                start_to_close_timeout=STEP_WITHIN_ON_ENGINE,
                retry_policy=RETRIES,
                summary=str(request.step or "look"),
            )
        except FailureError as failure:
            if is_cancelled_exception(failure):
                raise
        else:
            return taken
        if should_start_afresh():
            await workflow.wait_condition(workflow.all_handlers_finished)
            workflow.continue_as_new(request.subject)
        await workflow.sleep(ASK_ANEW_AFTER)


def should_start_afresh() -> bool:
    info = workflow.info()
    return info.get_current_history_length() > HISTORY_MAX or info.is_continue_as_new_suggested()
