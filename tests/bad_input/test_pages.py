"""What the pages refuse is said on a page, and no other row is changed."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from casework import tasks
from casework.moment import moment
from db.models import Encounter, Task
from domain.tasks import TaskKind, TaskStatus
from tests.bad_input.conftest import Door
from tests.bad_input.practice import watching

CODES = {
    "action": "code", "diagnoses": "E11.65", "lines": "99213 |  | 1 | 1", "question": "",
}  # fmt: skip


@pytest.fixture
def coding(owner: Engine) -> UUID:
    """A coding review that nobody has answered."""
    with Session(owner) as session, session.begin():
        encounter = session.scalars(select(Encounter)).one()
        count = session.scalar(select(func.count(Task.id))) or 0
        return tasks.open_task(
            session,
            TaskKind.CODING_REVIEW,
            subject=f"encounter:{encounter.encounter_no}",
            cause=f"test {count}",
            title="Code the encounter",
            reason="The chart is signed and waits for its codes.",
            now=moment(session),
            encounter_id=encounter.id,
            provider_id=encounter.provider_id,
        ).uuid


def test_a_wrong_password_is_said_and_only_the_attempt_is_kept(owner: Engine, door: Door) -> None:
    stranger = door.stranger()
    stranger.get("/login")

    with watching(owner) as change:
        answer = stranger.post("/login", username="ana", password="not the password")

    assert answer.status_code == 401
    assert "do not belong together" in answer.get_data(as_text=True)
    assert change.came == {"login_attempt": 1}
    assert change.went == {}


def test_the_url_of_another_role_is_refused_and_only_that_is_kept(
    owner: Engine, door: Door, coding: UUID
) -> None:
    ana = door.let_in("ana")

    with watching(owner) as change:
        page = ana.get("/users")
        form = ana.post(f"/tasks/{coding}/answer", CODES, version=1)

    assert (page.status_code, form.status_code) == (403, 403)
    for answer in (page, form):
        assert "Traceback" not in answer.get_data(as_text=True)
    assert change.came == {"audit_event": 2}
    assert change.went == {}


def test_a_stale_form_is_said_keeps_what_was_typed_and_changes_nothing(
    owner: Engine, door: Door, coding: UUID
) -> None:
    cora = door.let_in("cora")
    cora.get(f"/tasks/{coding}")

    with watching(owner) as change:
        answer = cora.post(f"/tasks/{coding}/answer", CODES | {"diagnoses": "J06.9"}, version=7)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "J06.9" in page
    # The page that says it shows the patient again: that read is kept.
    assert change.came == {"audit_event": 1}
    assert change.went == {}


def test_the_same_form_from_two_browsers_at_once_is_one_answer(
    owner: Engine, door: Door, coding: UUID
) -> None:
    browsers = [door.let_in("cora"), door.let_in("cora")]
    for browser in browsers:
        browser.get(f"/tasks/{coding}")

    with watching(owner) as change, ThreadPoolExecutor(2) as both:
        answers = list(
            both.map(lambda one: one.post(f"/tasks/{coding}/answer", CODES, version=1), browsers)
        )

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    (late,) = [answer for answer in answers if answer.status_code == 409]
    assert "answered this task first" in late.get_data(as_text=True)
    once = ("coding_session", "journal", "task", "task_log", "wake")
    assert [change.came[table] for table in once] == [1, 1, 1, 1, 1]
    with Session(owner) as session:
        task = session.scalars(select(Task).where(Task.uuid == coding)).one()
    assert task.status is TaskStatus.ANSWERED
