"""Two people, two sessions, one task: one answer counts, and the other person learns whose."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from casework import answers
from casework.refusals import Stale
from db.models import Denial, Task, User
from domain.denials import DenialRoute, DenialStatus
from domain.tasks import Role, TaskKind
from tests.casework.office import CHARGE, answered, open_office, visit


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


def test_two_people_on_one_task_the_second_learns_who_was_first(database: Engine) -> None:
    task, first, second = _refused_claim(database)

    with Session(database) as ana, ThreadPoolExecutor(1) as elsewhere:
        _answer(ana, task, first, DenialRoute.CORRECT)
        # The second answer is on its way while the first is not committed yet.
        late = elsewhere.submit(_answer_elsewhere, database, task, second)
        ana.commit()
        with pytest.raises(Stale, match="Ana answered this task first") as stale:
            late.result(timeout=30)

    assert stale.value.who == "Ana"
    with Session(database) as session:
        (denial,) = session.scalars(select(Denial))
        (row,) = session.scalars(select(Task).where(Task.uuid == task))
        assert denial.route is DenialRoute.CORRECT
        assert denial.status is DenialStatus.DECIDED
        assert row.answered_by_id == first


def _refused_claim(database: Engine) -> tuple[UUID, int, int]:
    """The open task, and two billers."""
    with Session(database) as session:
        office = open_office(session)
        visit(office)
        answered(office, "A1", [("CO", "16", CHARGE)])
        (task,) = office.open_tasks(TaskKind.DENIAL)
        other = User(username="otto", full_name="Otto", role=Role.BILLER, password_hash="-")
        session.add(other)
        session.flush()
        found = (task.uuid, office.people[Role.BILLER].id, other.id)
        session.commit()
    return found


def _answer_elsewhere(database: Engine, task: UUID, by: int) -> None:
    with Session(database) as session:
        _answer(session, task, by, DenialRoute.WRITE_OFF)
        session.commit()


def _answer(session: Session, task: UUID, by: int, route: DenialRoute) -> None:
    answers.answer(
        session, task, version=1, form={"route": [route], "reason": ["other"]},
        by=session.get_one(User, by),
    )  # fmt: skip
