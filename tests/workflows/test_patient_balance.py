"""The account's workflow with real rows and skipped time: every deadline fires, and it replays."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker
from temporalio import activity
from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, Worker

from activities.steps import Steps
from casework import patients
from casework.moment import moment
from casework.waits import WaitKind
from db.engine import connect, sessions
from db.models import ClockSegment, Guarantor, Journal, Statement, Subject, Task, Wait
from domain.encounter import Stage
from domain.steps import QueueStanding, StepRequest
from domain.tasks import TaskKind
from tests.casework.conftest import AccountWorld, account_world
from workflows.patient_balance import PatientBalanceWorkflow

TEST_SERVER = Path(__file__).parents[2] / ".venv/bin/temporal-test-server"
QUEUE = "patient-balance-test"
OWED = 2600
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Stand:
    """The engine and the committed account that the workflow is asked about."""

    env: WorkflowEnvironment
    sessions: sessionmaker[Session]
    key: str
    handle: WorkflowHandle[PatientBalanceWorkflow, None]

    async def pass_time(self, span: dt.timedelta) -> None:
        await self.env.sleep(span)

    async def real_now(self) -> dt.datetime:
        return await self.env.get_current_time()

    def statements(self) -> list[tuple[int, str]]:
        with self.sessions() as session:
            rows = session.scalars(select(Statement).order_by(Statement.id))
            return [(row.cycle, row.kind) for row in rows]

    def tasks(self) -> list[Task]:
        with self.sessions() as session:
            return list(session.scalars(select(Task).order_by(Task.id)))


@pytest.fixture
def owing(database_url: str) -> Iterator[tuple[sessionmaker[Session], str]]:
    """A committed account that owes one encounter; its clock is the engine's."""
    owner = create_engine(database_url)
    with Session(owner) as session, session.begin():
        account = account_world(session)
        _leave_to_patient(account, OWED)
        session.query(ClockSegment).delete()
        key = account.key
    owner.dispose()
    worker = connect(database_url, "claimflow_worker")
    yield sessions(worker), key
    worker.dispose()


def _leave_to_patient(account: AccountWorld, cents: int) -> None:
    made = account.charge(cents * 2)
    account.answer_835(made, paid=0, contractual=cents, patient=cents)
    made.stage = Stage.PATIENT
    account.session.flush()
    account.settle_step(made)


async def _on_stand(
    owing: tuple[sessionmaker[Session], str], story: Callable[[Stand], Awaitable[None]]
) -> WorkflowHistory:
    """Run the workflow beside a story and return what the engine recorded."""
    sessions_of, key = owing
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(TEST_SERVER), data_converter=pydantic_data_converter
    ) as env:
        with ThreadPoolExecutor(4) as executor:
            async with Worker(
                env.client,
                task_queue=QUEUE,
                workflows=[PatientBalanceWorkflow],
                activities=Steps(sessions_of).all(),
                activity_executor=executor,
            ):
                handle = await env.client.start_workflow(
                    PatientBalanceWorkflow.run, key, id=key, task_queue=QUEUE
                )
                await story(Stand(env=env, sessions=sessions_of, key=key, handle=handle))
                return await handle.fetch_history()


def _pay(stand: Stand, real_now: dt.datetime, cents: int = OWED) -> None:
    with stand.sessions.begin() as session:
        now = moment(session, real_now)
        guarantor = session.scalars(select(Guarantor)).one()
        patients.receive_payment(session, guarantor, cents, "card", now.today, "desk:1", now)


def test_every_deadline_fires_and_the_history_replays(
    owing: tuple[sessionmaker[Session], str],
) -> None:
    async def story(stand: Stand) -> None:
        await stand.pass_time(DAY)
        assert stand.statements() == [(1, "statement")]
        await stand.pass_time(30 * DAY)
        assert stand.statements() == [(1, "statement"), (2, "reminder")]
        await stand.pass_time(30 * DAY)
        assert stand.statements()[-1] == (3, "final")
        await stand.pass_time(30 * DAY)
        (task,) = stand.tasks()
        assert task.kind is TaskKind.PATIENT_BALANCE
        assert not task.is_escalated
        await stand.pass_time(20 * DAY)
        (task,) = stand.tasks()
        assert task.is_escalated
        assert task.answered_at is None

    history = asyncio.run(_on_stand(owing, story))

    asyncio.run(
        Replayer(
            workflows=[PatientBalanceWorkflow], data_converter=pydantic_data_converter
        ).replay_workflow(history)
    )


def test_a_payment_ends_it_and_the_next_debt_starts_it_again(
    owing: tuple[sessionmaker[Session], str],
) -> None:
    async def story(stand: Stand) -> None:
        await stand.pass_time(DAY)
        _pay(stand, await stand.real_now())
        await stand.handle.signal(PatientBalanceWorkflow.wake)
        await stand.handle.result()
        with stand.sessions() as session:
            subject = session.get_one(Subject, stand.key)
            open_waits = session.scalars(
                select(Wait).where(Wait.subject == stand.key, Wait.ended_at.is_(None))
            ).all()
        assert not subject.is_open
        assert open_waits == []
        assert stand.statements() == [(1, "statement")]

    history = asyncio.run(_on_stand(owing, story))

    assert len(history.events) < 30


def test_a_wake_without_news_changes_nothing(owing: tuple[sessionmaker[Session], str]) -> None:
    async def story(stand: Stand) -> None:
        await stand.pass_time(DAY)
        with stand.sessions() as session:
            before = session.get_one(Subject, stand.key).rev
        for _ in range(3):
            await stand.handle.signal(PatientBalanceWorkflow.wake)
            await stand.pass_time(dt.timedelta(hours=1))
        with stand.sessions() as session:
            assert session.get_one(Subject, stand.key).rev == before
            assert len(session.scalars(select(Journal)).all()) >= before

    asyncio.run(_on_stand(owing, story))


def test_the_wait_tells_for_what_until_when_and_what_then(
    owing: tuple[sessionmaker[Session], str],
) -> None:
    async def story(stand: Stand) -> None:
        await stand.pass_time(DAY)
        with stand.sessions() as session:
            (wait,) = session.scalars(
                select(Wait).where(Wait.subject == stand.key, Wait.ended_at.is_(None))
            )
            subject = session.get_one(Subject, stand.key)
        assert wait.kind == WaitKind.MONEY
        assert wait.what.startswith("the patient's payment of $26.00 for statement S")
        assert wait.then_what == "a reminder goes out"
        assert subject.due_at == wait.until_at

    asyncio.run(_on_stand(owing, story))


class WakesAsItEnds:
    """A step during which news arrives, just when it has found that nothing is left to do."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self.looks: list[bool] = []
        self.wake: Callable[[], None] | None = None

    @activity.defn(name="patient_balance_step")
    def patient_balance_step(self, request: StepRequest) -> QueueStanding:
        if activity.info().is_local:
            # Where the engine runs the step, its answer is on record before the workflow goes on.
            raise ApplicationError("not here", non_retryable=True)
        at = self._steps.patient_balance_step(request)
        self.looks.append(at.is_open)
        if not at.is_open and self.wake is not None:
            self.wake()
            self.wake = None
        return at


def test_a_wake_that_arrives_as_it_ends_is_not_lost(
    owing: tuple[sessionmaker[Session], str],
) -> None:
    sessions_of, key = owing
    steps = WakesAsItEnds(Steps(sessions_of))

    async def run() -> None:
        async with await WorkflowEnvironment.start_time_skipping(
            test_server_existing_path=str(TEST_SERVER), data_converter=pydantic_data_converter
        ) as env:
            loop = asyncio.get_running_loop()
            with ThreadPoolExecutor(4) as executor:
                async with Worker(
                    env.client,
                    task_queue=QUEUE,
                    workflows=[PatientBalanceWorkflow],
                    activities=[steps.patient_balance_step],
                    activity_executor=executor,
                ):
                    handle = env.client.get_workflow_handle(key)

                    def wake() -> None:
                        sent = handle.signal(PatientBalanceWorkflow.wake)
                        asyncio.run_coroutine_threadsafe(sent, loop).result()

                    steps.wake = wake
                    _pay_everything(sessions_of)
                    await env.client.start_workflow(
                        PatientBalanceWorkflow.run, key, id=key, task_queue=QUEUE
                    )
                    await handle.result()

    asyncio.run(run())

    assert steps.looks == [True, False, False]


def _pay_everything(sessions_of: sessionmaker[Session]) -> None:
    with sessions_of.begin() as session:
        now = moment(session)
        guarantor = session.scalars(select(Guarantor)).one()
        patients.receive_payment(session, guarantor, OWED, "card", now.today, "desk:2", now)
