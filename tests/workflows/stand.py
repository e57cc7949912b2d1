"""The real workflows, worker and relay on the time-skipping server, beside a clinic.

Time passes from deadline to deadline, and at each the wakes are delivered as dispatch would do.
"""

import asyncio
import datetime as dt
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker
from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.steps import Steps
from casework.steps import stepping
from db.models import Wake
from dispatch import relay
from domain.encounter import ClaimStage, Stage, Standing
from domain.steps import QueueStanding, StepRequest
from engine.connection import data_converter
from settings import CodecKeys
from tests.casework.payer_files import Reason
from tests.workflows.clinic import Clinic
from worker import make_worker

TEST_SERVER = Path(__file__).parents[2] / ".venv/bin/temporal-test-server"
KEYS = CodecKeys(active="t1", keys={"t1": bytes(range(32))})
# Nothing here takes seconds; a machine under load may.
PATIENCE = 60.0
ROUNDS_MAX = 200
A_MOMENT = dt.timedelta(seconds=1)
BATCH_TAKES = dt.timedelta(hours=4, minutes=1)

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The last thing a subject's workflow was told, and when it will look again by itself."""

    number: int
    at: Standing | QueueStanding
    look_at: dt.datetime

    @property
    def acts_next(self) -> bool:
        match self.at:
            case QueueStanding():
                return self.at.is_open and self.at.is_ready
            case Standing() if not self.at.is_open or self.at.is_held:
                return False
            case Standing(stage=Stage.CLAIMS):
                return bool(self.at.ready_claims) or (not self.at.claims and self.at.is_ready)
            case Standing():
                return self.at.is_ready


class WatchedSteps(Steps):
    """The real steps; a test can wait until every workflow rests."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        super().__init__(sessions)
        self.changed = threading.Condition()
        self.taken = 0
        self.seen: dict[str, Seen] = {}
        self.requests: list[StepRequest] = []
        self.results: dict[int, Seen] = {}
        # (workflow id, run id) of every run that has taken a step.
        self.runs: set[tuple[str, str]] = set()
        # Called in a step's thread: before its transaction, in it before the commit, and after it.
        self.before: Callable[[StepRequest], None] | None = None
        self.inside: Callable[[StepRequest], None] | None = None
        self.after: Callable[[StepRequest], None] | None = None

    def _take(self, step: Callable[[Session, StepRequest], Any], request: StepRequest) -> Any:
        info = activity.info()
        with self.changed:
            self.runs.add((str(info.workflow_id), str(info.workflow_run_id)))
            self.taken += 1
            number = self.taken
            self.requests.append(request)

        def take(session: Session, request: StepRequest) -> Any:
            taken = step(session, request)
            if self.inside is not None:
                self.inside(request)
            return taken

        if self.before is not None:
            self.before(request)
        result = super()._take(take, request)
        seen = Seen(number=number, at=result, look_at=request.real_now + result.wait)
        self.results[id(request)] = seen
        if self.after is not None:
            self.after(request)
        with self.changed:
            self.seen[request.subject] = seen
            self.changed.notify_all()
        return result

    def repeat(self, request: StepRequest) -> Standing:
        """The same request once more, as after a kill between the commit and its completion."""
        with self._sessions.begin() as session:
            return stepping.take_step(session, request)

    def taken_of(self, request: StepRequest) -> int:
        """How often this very step was asked for."""
        return sum(r.step is request.step and r.rev == request.rev for r in self.requests)

    def has_ended(self, request: StepRequest) -> bool:
        """Whether this step said that its subject has nothing more to do or to wait for."""
        return not self.results[id(request)].at.is_open

    @staticmethod
    def is_local() -> bool:
        return activity.info().is_local

    def rest(self, woken: list[str], since: int, now: dt.datetime) -> None:
        """Wait until those who were woken have looked since, and nobody has anything to do."""
        with self.changed:
            assert self.changed.wait_for(
                lambda: self._is_quiet(woken, since, now), timeout=PATIENCE
            ), f"not at rest: {self.seen}"

    def _is_quiet(self, woken: list[str], since: int, now: dt.datetime) -> bool:
        looked = all(key in self.seen and self.seen[key].number > since for key in woken)
        return looked and not any(
            seen.acts_next or (seen.at.is_open and seen.look_at <= now)
            for seen in self.seen.values()
        )


class Stand:
    """What a test does with the engine; each call returns when everything rests again."""

    def __init__(self, env: WorkflowEnvironment, loop: asyncio.AbstractEventLoop) -> None:
        self.env = env
        self._loop = loop
        self.clinic: Clinic
        self.steps: WatchedSteps
        # Subjects whose wakes are lost on the way.
        self.loses: set[str] = set()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE * 2)

    def real_now(self) -> dt.datetime:
        return self.run(self.env.get_current_time())

    def settle(self) -> None:
        """Deliver what is there to deliver until there is no news and every workflow rests."""
        for _ in range(ROUNDS_MAX):
            self._lose()
            woken, since = self._woken(), self.steps.taken
            if woken:
                self.run(relay.deliver(self.clinic.sessions, self.env.client))
            with_workflow = [key for key in woken if key.partition(":")[0] in relay.WORKFLOW_OF]
            self.steps.rest(with_workflow, since, self.real_now())
            if not self._woken():
                return
        raise AssertionError("the wakes never end")

    def skip(self, span: dt.timedelta) -> None:
        """Let time pass from deadline to deadline."""
        until = self.real_now() + span
        for _ in range(ROUNDS_MAX):
            self.settle()
            now = self.real_now()
            if now >= until:
                return
            looks = [s.look_at for s in self.steps.seen.values() if s.at.is_open]
            target = min([until, *(at for at in looks if at > now)])
            self.run(self.env.sleep(max(target - now, dt.timedelta(0)) + A_MOMENT))
        raise AssertionError("the deadlines never end")

    def skip_days(self, days: float) -> None:
        self.skip(dt.timedelta(days=days))

    def skip_to(self, business: dt.datetime) -> None:
        with self.clinic.sessions() as session:
            self.skip(business - self.clinic.moment(session).at)

    # The way of an encounter that goes well, as far as a test needs it.

    def until_coding(self, key: str) -> str:
        """Eligibility was asked and confirmed."""
        self.settle()
        self.skip(BATCH_TAKES)
        self.clinic.answer_eligibility()
        self.settle()
        return key

    def until_sent(self, key: str) -> str:
        """The claim is in an interchange that went out."""
        self.until_coding(key)
        self.skip(BATCH_TAKES)
        assert self.clinic.claim(key).stage is ClaimStage.SUBMITTED
        return key

    def until_accepted(self, key: str) -> str:
        """The payer has the claim and says so."""
        self.until_sent(key)
        self.clinic.acknowledge()
        self.settle()
        assert self.clinic.claim(key).stage is ClaimStage.ACCEPTED
        return key

    def pays(self, key: str, *reasons: Reason, status: str = "1", sign: int = 1) -> None:
        """The payer's 835 comes and is posted."""
        self.clinic.pay(key, *reasons, status=status, sign=sign)
        self.settle()

    async def ring(self, key: str) -> None:
        """A wake of this one subject, as the relay delivers it."""
        await relay._ring(self.env.client, key)

    def events(self, key: str) -> list[str]:
        """The kinds of event in the history of the subject's latest run."""
        return [_kind(event) for event in self.history(key).events]

    def history(self, key: str) -> WorkflowHistory:
        """Of the subject's latest run."""
        return self.run(self.env.client.get_workflow_handle(key).fetch_history())

    def event_counts(self) -> dict[str, int]:
        """Events of all runs so far, by kind of subject."""
        counts: dict[str, int] = {}
        for key, run_id in sorted(self.steps.runs):
            handle = self.env.client.get_workflow_handle(key, run_id=run_id)
            kind = key.partition(":")[0]
            counts[kind] = counts.get(kind, 0) + len(self.run(handle.fetch_history()).events)
        return counts

    def await_end(self, key: str) -> None:
        """Until the subject's latest run has ended; a failed one raises."""
        self.run(self.env.client.get_workflow_handle(key).result())

    def _lose(self) -> None:
        if self.loses:
            with self.clinic.sessions.begin() as session:
                session.execute(delete(Wake).where(Wake.subject.in_(self.loses)))

    def _woken(self) -> list[str]:
        with self.clinic.sessions() as session:
            return list(session.scalars(select(Wake.subject).distinct().order_by(Wake.subject)))


def _kind(event: HistoryEvent) -> str:
    """As people write it: `WorkflowExecutionStarted`."""
    name = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")
    return "".join(word.capitalize() for word in name.split("_"))


@contextmanager
def stand(
    sessions: sessionmaker[Session], people: sessionmaker[Session], steps: WatchedSteps
) -> Iterator[Stand]:
    """An engine and a worker for one test, on an event loop of their own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="engine")
    thread.start()
    ready: list[Stand] = []
    stop: list[asyncio.Event] = []
    is_ready = threading.Event()

    async def serve() -> None:
        env = await WorkflowEnvironment.start_time_skipping(
            test_server_existing_path=str(TEST_SERVER), data_converter=data_converter(KEYS)
        )
        async with env:
            with ThreadPoolExecutor(8) as executor:
                worker: Worker = make_worker(env.client, steps, executor)
                async with worker:
                    stop.append(asyncio.Event())
                    ready.append(Stand(env, loop))
                    is_ready.set()
                    await stop[0].wait()

    serving = asyncio.run_coroutine_threadsafe(serve(), loop)
    serving.add_done_callback(lambda _: is_ready.set())
    try:
        is_ready.wait(PATIENCE)
        if not ready:
            serving.result(0)
        made = ready[0]
        made.steps = steps
        made.clinic = Clinic(sessions=sessions, people=people, clock=made.real_now)
        made.clinic.start_clock(made.real_now())
        yield made
    finally:
        if stop:
            loop.call_soon_threadsafe(stop[0].set)
            serving.result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
