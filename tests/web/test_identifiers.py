"""Member ids and birth dates: the last four on a page, the rest on request, which is recorded."""

import re

import pytest
from sqlalchemy import select

from casework.answers import registration_fix
from casework.answers.registry import KINDS
from db.models import AuditEvent, Coverage, Task
from domain.questions import Fact, FactSection, Field, FieldKind, Question
from domain.tasks import TaskKind, TaskStatus
from tests.web.site import BY_ROLE, Site
from tests.web.test_recommended import submitted
from web import identifiers

MEMBER, MASKED = "ACM0001", "···0001"


def _url(site: Site, more: str = "") -> str:
    return f"/encounters/{site.encounter.uuid}{more}"


@pytest.fixture
def coverage_task(site: Site, monkeypatch: pytest.MonkeyPatch) -> Task:
    """A real registration fix: it shows a member id and asks for one."""
    monkeypatch.setitem(KINDS, TaskKind.REGISTRATION_FIX, registration_fix)
    coverage = site.session.scalars(select(Coverage)).one()
    return site.task(TaskKind.REGISTRATION_FIX, details={"coverage_id": coverage.id})


def _looks(site: Site, words: str) -> list[AuditEvent]:
    return list(site.session.scalars(select(AuditEvent).where(AuditEvent.words.contains(words))))


def test_an_encounter_shows_the_last_four_and_no_date_of_birth(site: Site) -> None:
    page = site.as_("ana").get(_url(site)).get_data(as_text=True)

    assert MASKED in page
    assert MEMBER not in page
    assert "MRN4417" not in page
    assert "1972" not in page
    assert _looks(site, "shown") == []


@pytest.mark.parametrize("role", sorted(set(BY_ROLE) - {"administrator"}))
def test_whoever_reads_the_record_may_have_them_shown_and_that_is_recorded(
    site: Site, role: str
) -> None:
    name = {str(key): value for key, value in BY_ROLE.items()}[role]
    answer = site.as_(name).get(_url(site, "/identifiers"))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert MEMBER in page
    assert "Mar 4, 1972" in page
    assert answer.headers["Cache-Control"] == "no-store"
    (look,) = _looks(site, "had the date of birth and member ids shown")
    assert (look.user_id, look.patient_id) == (site.users[name].id, site.encounter.patient_id)
    assert look.recorded_at is not None


def test_a_task_shows_the_last_four_in_its_facts_and_in_its_fields(
    site: Site, coverage_task: Task
) -> None:
    page = site.as_("finn").get(f"/tasks/{coverage_task.uuid}").get_data(as_text=True)

    assert page.count(MASKED) == 2
    assert MEMBER not in page


def test_a_task_shows_them_on_request_and_that_is_recorded(site: Site, coverage_task: Task) -> None:
    page = site.as_("otto").get(f"/tasks/{coverage_task.uuid}/identifiers").get_data(as_text=True)

    assert MEMBER in page
    (look,) = _looks(site, "had the member ids of the task shown")
    assert look.user_id == site.users["otto"].id
    assert look.patient_id == site.encounter.patient_id


def test_a_role_that_may_not_see_the_task_is_shown_nothing(site: Site) -> None:
    task = site.task(TaskKind.DENIAL)

    answer = site.as_("finn").get(f"/tasks/{task.uuid}/identifiers")

    assert answer.status_code == 403
    assert _looks(site, "had the member ids") == []


def test_a_mask_left_as_it_stands_answers_with_the_number_behind_it(
    site: Site, coverage_task: Task
) -> None:
    finn = site.as_("finn")
    form = submitted(finn.get(f"/tasks/{coverage_task.uuid}").get_data(as_text=True))

    answer = finn.post(f"/tasks/{coverage_task.uuid}/answer", form | {"action": "correct"})

    assert form["member_id"] == [MASKED]
    assert answer.status_code == 303, answer.get_data(as_text=True)
    site.session.expire_all()
    assert coverage_task.status is TaskStatus.ANSWERED
    assert site.session.scalars(select(Coverage)).one().member_id == MEMBER


def test_a_changed_mask_is_refused_in_words_and_changes_nothing(
    site: Site, coverage_task: Task
) -> None:
    finn = site.as_("finn")
    form = submitted(finn.get(f"/tasks/{coverage_task.uuid}").get_data(as_text=True))

    answer = finn.post(f"/tasks/{coverage_task.uuid}/answer", form | {"member_id": "···0002"})

    assert answer.status_code == 422
    assert identifiers.WORDS in answer.get_data(as_text=True)
    site.session.expire_all()
    assert coverage_task.status is TaskStatus.OPEN
    assert site.session.scalars(select(Coverage)).one().member_id == MEMBER


def test_a_new_number_is_taken_as_typed(site: Site, coverage_task: Task) -> None:
    finn = site.as_("finn")
    form = submitted(finn.get(f"/tasks/{coverage_task.uuid}").get_data(as_text=True))

    finn.post(
        f"/tasks/{coverage_task.uuid}/answer",
        form | {"action": "correct", "member_id": "NEW7788"},
    )

    site.session.expire_all()
    assert site.session.scalars(select(Coverage)).one().member_id == "NEW7788"


def test_an_answered_task_keeps_the_last_four_of_what_was_typed(
    site: Site, coverage_task: Task
) -> None:
    finn = site.as_("finn")
    form = submitted(finn.get(f"/tasks/{coverage_task.uuid}").get_data(as_text=True))
    finn.post(
        f"/tasks/{coverage_task.uuid}/answer",
        form | {"action": "correct", "member_id": "NEW7788"},
    )

    page = finn.get(f"/tasks/{coverage_task.uuid}").get_data(as_text=True)

    assert re.search(r"answered\s+by Finn Osei", page)
    assert "···7788" in page
    assert "NEW7788" not in page


def test_only_identifiers_are_hidden() -> None:
    question = Question(
        lead="",
        sections=(
            FactSection(
                title="",
                facts=(
                    Fact(label="Member id", value="XYZ123456", is_identifier=True),
                    Fact(label="Group", value="GROUP-77"),
                ),
            ),
        ),
        fields=(
            Field(name="id", label="", kind=FieldKind.TEXT, values=("XYZ1",), is_identifier=True),
            Field(name="note", label="", kind=FieldKind.TEXT, values=("as it is",)),
        ),
        submit="",
    )

    shown = identifiers.hidden(question)

    assert [fact.value for fact in shown.sections[0].facts] == ["·····3456", "GROUP-77"]
    assert [field.values for field in shown.fields] == [("XYZ1",), ("as it is",)]
