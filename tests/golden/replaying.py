"""Replays a recorded history with today's workflows, and tells which steps they asked for."""

import asyncio
from collections.abc import Sequence
from typing import Any

from temporalio.client import WorkflowHistory
from temporalio.worker import (
    Interceptor,
    Replayer,
    StartLocalActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)
from temporalio.workflow import ActivityHandle

from domain.steps import StepRequest
from engine.connection import data_converter
from tests.workflows.stand import KEYS
from worker import WORKFLOWS


def replayed_steps(
    key: str, history: str, workflows: Sequence[type] = tuple(WORKFLOWS)
) -> list[str]:
    """The steps in order. Raises when a workflow now gives other commands than it recorded."""
    told: list[str] = []

    class Told(WorkflowOutboundInterceptor):
        def start_local_activity(self, input: StartLocalActivityInput) -> ActivityHandle[Any]:  # noqa: A002
            (request,) = input.args
            assert isinstance(request, StepRequest)
            told.append(f"{input.activity} {request.step or 'look'}")
            return super().start_local_activity(input)

    class Telling(WorkflowInboundInterceptor):
        def init(self, outbound: WorkflowOutboundInterceptor) -> None:
            super().init(Told(outbound))

    class Listening(Interceptor):
        def workflow_interceptor_class(
            self, _input: WorkflowInterceptorClassInput
        ) -> type[WorkflowInboundInterceptor]:
            return Telling

    replayer = Replayer(
        workflows=workflows,
        data_converter=data_converter(KEYS),
        interceptors=[Listening()],
    )
    asyncio.run(replayer.replay_workflow(WorkflowHistory.from_json(key, history)))
    return told
