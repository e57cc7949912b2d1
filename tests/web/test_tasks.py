"""One task on a screen: shown with its recommended answer, answered once, refused in words."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from casework import audit
from db.models import AuditEvent, Task, TaskLog, Wake
from domain.tasks import Role, TaskKind, TaskStatus
from tests.web.site import Site

ANSWER = {
    "route": "appeal",
    "why": "It was approved.",
    "accept:diagnoses:E11.65": "yes",
    "accept:diagnoses:Z79.4": "no",
    "diagnoses": "I10\n",
    "services.code": ["99214", ""],
    "services.modifiers": ["25", ""],
    "services.units": ["1", ""],
    "services.pointers": ["1,2", ""],
}


@pytest.mark.parametrize("kind", list(TaskKind))
def test_every_kind_has_one_answer_form_with_one_recommended_button(
    site: Site, kind: TaskKind
) -> None:
    task = site.task(kind, provider_id=site.users["voss"].provider_id)
    person = next(name for name, user in site.users.items() if user.role is task.queue)

    answer = site.as_(person).get(f"/tasks/{task.uuid}")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert len(re.findall(rf'<form[^>]* data-answer data-kind="{kind.value}"', page)) == 1
    assert len(re.findall(r"<button[^>]* data-recommended>", page)) == 1
    assert f'name="version" value="{task.version}"' in page
    assert re.search(r'value="appeal" checked', page)


def test_a_task_costs_a_bounded_number_of_queries(site: Site) -> None:
    task = site.task()
    browser = site.as_("ana")
    browser.get(f"/tasks/{task.uuid}")

    with site.counting() as sent:
        browser.get(f"/tasks/{task.uuid}")

    assert len(sent) <= 12, sent


def test_an_answer_closes_the_task_wakes_its_workflow_and_leads_to_the_next(site: Site) -> None:
    task, other = site.task(cause="first"), site.task(cause="second", cents=100)
    browser = site.as_("ana")
    browser.get(f"/tasks/{task.uuid}")

    answer = browser.post(f"/tasks/{task.uuid}/answer", ANSWER, version=task.version)

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/tasks/next?after={task.uuid}"
    assert browser.get(answer.headers["Location"]).headers["Location"] == f"/tasks/{other.uuid}"
    site.session.refresh(task)
    assert task.status is TaskStatus.ANSWERED
    assert task.answer is not None
    assert task.answer["diagnoses"] == ["E11.65", "I10\n"]
    assert task.answer["services"] == ["99214 | 25 | 1 | 1,2"]
    assert site.session.scalars(select(Wake.subject)).all().count(task.subject) >= 1


def test_an_answer_locks_its_subject_before_its_task_as_every_step_does(site: Site) -> None:
    task = site.task()
    browser = site.as_("ana")

    with site.counting() as sent:
        browser.post(f"/tasks/{task.uuid}/answer", ANSWER, version=task.version)

    taken = [words for words in sent if "FOR UPDATE" in words or words.startswith("UPDATE task")]
    assert "FROM subject" in taken[0]
    assert any(words.startswith("UPDATE task") for words in taken[1:])


def test_the_audit_of_an_answer_names_the_patient(site: Site) -> None:
    task = site.task()

    site.as_("ana").post(f"/tasks/{task.uuid}/answer", ANSWER, version=task.version)

    answered = select(AuditEvent.patient_id).where(AuditEvent.action == "task answered")
    assert site.session.scalars(answered).one() == site.encounter.patient_id


def test_a_task_that_somebody_else_has_is_not_answered(site: Site) -> None:
    task = site.task()
    site.as_("lee").post(f"/tasks/{task.uuid}/claim")

    answer = site.as_("ana").post(f"/tasks/{task.uuid}/answer", ANSWER, version=task.version)

    assert answer.status_code == 409
    assert "has this task until" in answer.get_data(as_text=True)
    site.session.refresh(task)
    assert task.status is TaskStatus.OPEN


def test_a_refused_answer_stands_as_typed_with_the_reason_and_the_fix(site: Site) -> None:
    task = site.task()
    browser = site.as_("ana")

    typed = ANSWER | {"why": "typo", "route": "write_off"}
    answer = browser.post(f"/tasks/{task.uuid}/answer", typed, version=1)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "This is a typo." in page
    assert re.search(r'value="write_off" checked', page)
    assert ">typo</textarea>" in page
    assert 'name="fix:why" value="mended"' in page
    assert "<title>1 field refused" in page
    site.session.refresh(task)
    assert task.status is TaskStatus.OPEN


def test_a_fix_is_put_in_and_not_sent_yet(site: Site) -> None:
    task = site.task()
    browser = site.as_("ana")

    answer = browser.post(
        f"/tasks/{task.uuid}/answer", ANSWER | {"why": "typo", "fix:why": "mended"}, version=1
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert ">mended</textarea>" in page
    assert 'value="25"' in page
    site.session.refresh(task)
    assert task.status is TaskStatus.OPEN


def test_the_second_of_two_people_learns_who_was_first_and_loses_nothing_typed(site: Site) -> None:
    task = site.task()
    ana, bo = site.as_("ana"), site.as_("bo")
    ana.post(f"/tasks/{task.uuid}/answer", ANSWER, version=1)

    answer = bo.post(f"/tasks/{task.uuid}/answer", ANSWER | {"why": "Mine!"}, version=1)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Ana Ruiz answered this task first" in page
    assert "Mine!" in page
    site.session.refresh(task)
    assert task.answered_by_id == site.users["ana"].id


@pytest.mark.parametrize("version", ["", "7", "one", "99999999999999999999"])
def test_a_stale_or_malformed_version_answers_nothing(site: Site, version: str) -> None:
    task = site.task()

    answer = site.as_("ana").post(f"/tasks/{task.uuid}/answer", ANSWER, version=version)

    assert answer.status_code == 409
    site.session.refresh(task)
    assert task.status is TaskStatus.OPEN


def test_a_task_that_does_not_exist_is_said_so(site: Site) -> None:
    answer = site.as_("ana").get("/tasks/6b7f8d1e-0000-4000-8000-000000000000")

    assert answer.status_code == 404
    assert "Nothing is here" in answer.get_data(as_text=True)


def test_claim_and_release(site: Site) -> None:
    task = site.task()
    ana, bo = site.as_("ana"), site.as_("bo")

    assert ana.post(f"/tasks/{task.uuid}/claim").status_code == 303
    taken = bo.post(f"/tasks/{task.uuid}/claim")
    assert taken.status_code == 409
    assert "Ana Ruiz has this task" in taken.get_data(as_text=True)
    assert ana.post(f"/tasks/{task.uuid}/release").status_code == 303
    assert bo.post(f"/tasks/{task.uuid}/claim").status_code == 303


def test_a_snooze_needs_a_later_date_and_a_reason(site: Site) -> None:
    task = site.task()
    browser = site.as_("ana")
    later = site.now.today + dt.timedelta(days=7)

    refused = browser.post(f"/tasks/{task.uuid}/snooze", until=str(later), because="")
    kept = browser.post(f"/tasks/{task.uuid}/snooze", until=str(later), because="records asked")

    assert refused.status_code == 422
    assert "Say why this task can wait." in refused.get_data(as_text=True)
    assert kept.status_code == 303
    assert f'href="/tasks/{task.uuid}"' not in browser.get("/work").get_data(as_text=True)
    assert "records asked" in browser.get("/work?state=snoozed").get_data(as_text=True)


def test_an_escalation_tells_a_supervisor_and_decides_nothing(site: Site) -> None:
    task = site.task()
    browser = site.as_("ana")

    silent = browser.post(f"/tasks/{task.uuid}/escalation", because=" ")
    told = browser.post(f"/tasks/{task.uuid}/escalation", because="payer refuses to talk")

    assert silent.status_code == 422
    assert told.status_code == 303
    site.session.refresh(task)
    assert task.is_escalated
    assert task.status is TaskStatus.OPEN


def test_a_supervisor_gives_a_task_to_somebody_of_its_queue(site: Site) -> None:
    task = site.task()
    lee = site.as_("lee")

    refused = lee.post(f"/tasks/{task.uuid}/assignee", to=site.users["cora"].id)
    given = lee.post(f"/tasks/{task.uuid}/assignee", to=site.users["bo"].id)

    assert refused.status_code == 422
    assert given.status_code == 303
    site.session.refresh(task)
    assert task.assignee_id == site.users["bo"].id


def test_selected_tasks_are_claimed_together_and_who_is_first_keeps_theirs(site: Site) -> None:
    free, taken = site.task(cause="free"), site.task(cause="taken")
    site.as_("bo").post(f"/tasks/{taken.uuid}/claim")
    ana = site.as_("ana")

    answer = ana.post("/tasks/selected", {"task": [str(free.uuid), str(taken.uuid)]}, do="claim")

    assert answer.status_code == 303
    page = ana.get("/work").get_data(as_text=True)
    assert "1 task claimed." in page
    assert "1 task left alone" in page
    assert "Bo Adler has this task until" in page
    site.session.expire_all()
    assignees = {task.cause: task.assignee_id for task in site.session.scalars(select(Task))}
    assert assignees == {"free": site.users["ana"].id, "taken": site.users["bo"].id}


@pytest.mark.parametrize("kind", [TaskKind.WRITE_OFF_APPROVAL, TaskKind.VOID_APPROVAL])
def test_who_asked_is_told_before_that_a_second_person_decides(site: Site, kind: TaskKind) -> None:
    task = site.task(kind, details={"asked_by_id": site.users["lee"].id})
    lee = site.as_("lee")
    lee.post(f"/tasks/{task.uuid}/claim")

    page = lee.get(f"/tasks/{task.uuid}").get_data(as_text=True)
    refused = lee.post(f"/tasks/{task.uuid}/answer", ANSWER, version=task.version)

    assert "You asked for this yourself, so a second person must decide it." in page
    assert "data-answer" not in page
    assert "data-recommended" not in page
    assert 'name="route"' not in page
    assert '<button form="release"' in page
    assert '<button form="claim"' not in page
    assert "Escalate…" not in page
    assert refused.status_code == 403


def test_what_one_asked_is_given_to_anybody_but_oneself(site: Site) -> None:
    site.users["bo"].role = Role.SUPERVISOR
    task = site.task(TaskKind.WRITE_OFF_APPROVAL, details={"asked_by_id": site.users["lee"].id})

    own = site.as_("lee").get(f"/tasks/{task.uuid}").get_data(as_text=True)
    others = site.as_("bo").get(f"/tasks/{task.uuid}").get_data(as_text=True)

    assert 'popovertarget="assign"' in own
    assert f'<option value="{site.users["bo"].id}"' in own
    assert f'<option value="{site.users["lee"].id}"' not in own
    assert "data-recommended" in others
    assert "You asked for this yourself" not in others


def test_a_route_shows_the_key_that_chooses_it(site: Site) -> None:
    task = site.task()
    ana = site.as_("ana")

    page = ana.get(f"/tasks/{task.uuid}").get_data(as_text=True)
    ana.post("/settings", keys="off", theme="", density="compact")
    without = ana.get(f"/tasks/{task.uuid}").get_data(as_text=True)

    routes = re.findall(r'<label class="route">.*?</label>', page, re.DOTALL)
    assert [re.findall(r"<kbd[^>]*>(\d)</kbd>", route) for route in routes] == [["1"], ["2"]]
    assert not re.search(r'class="route">.*?<kbd.*?</label>', without)


def test_an_answered_task_shows_its_answer_and_no_form(site: Site) -> None:
    task = site.task()
    browser = site.as_("ana")
    browser.post(f"/tasks/{task.uuid}/answer", ANSWER, version=1)

    page = browser.get(f"/tasks/{task.uuid}").get_data(as_text=True)

    assert "answered by Ana Ruiz" in page
    assert "data-answer" not in page


def test_each_opening_of_a_task_is_recorded_with_its_patient(site: Site) -> None:
    task = site.task()

    site.as_("ana").get(f"/tasks/{task.uuid}")

    row = site.session.scalars(
        select(AuditEvent).where(AuditEvent.object_key == str(task.uuid))
    ).one()
    assert (row.user_id, row.action) == (site.users["ana"].id, "read")
    assert row.patient_id == site.encounter.patient_id


def test_a_read_whose_audit_row_fails_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = site.task()
    browser = site.as_("ana")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Rosa Marlow")

    monkeypatch.setattr(audit, "record", broken)
    answer = browser.get(f"/tasks/{task.uuid}")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "Something failed on our side" in page
    assert "Marlow" not in page
    assert "Traceback" not in page


def test_looking_changes_no_business_row(site: Site) -> None:
    task = site.task()
    before = site.session.scalars(select(TaskLog)).all()

    site.as_("ana").get(f"/tasks/{task.uuid}")

    site.session.refresh(task)
    assert (task.version, task.assignee_id) == (1, None)
    assert len(site.session.scalars(select(TaskLog)).all()) == len(before)
