"""Many tasks at once: each with the rights of the single act, rehearsed where it changes many, and
taken back with one press."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from db.models import AuditEvent, Task, TaskLog
from domain.tasks import TaskKind
from tests.web.site import Browser, Site


def _fill(site: Site, count: int, kind: TaskKind = TaskKind.DENIAL) -> list[str]:
    made = [site.task(kind, cause=f"c{n}", cents=100, title=f"task {n}") for n in range(count)]
    return [str(task.uuid) for task in made]


def _tasks(site: Site) -> list[Task]:
    site.session.expire_all()
    return list(site.session.scalars(select(Task).order_by(Task.id)))


def _actions(site: Site) -> list[str]:
    return list(site.session.scalars(select(TaskLog.action).order_by(TaskLog.id)))


def _later(site: Site) -> str:
    return str(site.now.today + dt.timedelta(days=5))


def _undo(browser: Browser, page: str) -> dict[str, list[str] | str]:
    """The form beside the words of what was done."""
    form = re.search(r'<form method="post" action="/tasks/undone">.*?</form>', page, re.DOTALL)
    assert form, "no way back is offered"
    does = re.search(r'name="do" value="(\w+)"', form[0])
    back = re.search(r'name="back" value="([^"]*)"', form[0])
    assert does
    assert back
    tasks = re.findall(r'name="task" value="([^"]*)"', form[0])
    return {"task": tasks, "do": does[1], "back": back[1]}


def test_up_to_ten_are_claimed_at_once_and_the_page_stays_the_one_it_was(site: Site) -> None:
    chosen = _fill(site, 10)
    ana = site.as_("ana")

    answer = ana.post(
        "/tasks/selected", {"task": chosen}, do="claim", back="/queues/denial?due=week"
    )

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/queues/denial?due=week"
    assert {task.assignee_id for task in _tasks(site)} == {site.users["ana"].id}


def test_more_than_ten_are_rehearsed_and_nothing_is_done_yet(site: Site) -> None:
    chosen = _fill(site, 11)

    answer = site.as_("ana").post("/tasks/selected", {"task": chosen}, do="claim")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "nothing done yet" in page
    assert "Type 11 to confirm" in page
    assert re.search(r'<input id="count"[^>]* autofocus', page)
    assert {task.assignee_id for task in _tasks(site)} == {None}
    assert set(_actions(site)) == {"opened"}


def test_a_rehearsal_names_the_first_twenty_with_their_encounter(site: Site) -> None:
    chosen = _fill(site, 23)

    page = site.as_("ana").post("/tasks/selected", {"task": chosen}, do="claim")

    text = page.get_data(as_text=True)
    assert len(re.findall(r"<td[^>]*>task \d+</td>", text)) == 20
    assert text.count(site.encounter.encounter_no) == 20
    assert "and 3 more" in text


def test_many_are_done_only_with_their_count(site: Site) -> None:
    chosen = _fill(site, 11)
    ana = site.as_("ana")

    wrong = ana.post("/tasks/selected/confirmed", {"task": chosen}, do="claim", count="10")
    after_wrong = {task.assignee_id for task in _tasks(site)}
    right = ana.post("/tasks/selected/confirmed", {"task": chosen}, do="claim", count="11")

    assert wrong.status_code == 422
    assert "Type 11: that is how many it would be now." in wrong.get_data(as_text=True)
    assert after_wrong == {None}
    assert right.status_code == 303
    assert {task.assignee_id for task in _tasks(site)} == {site.users["ana"].id}


def test_a_snooze_of_several_asks_until_when_and_why_first(site: Site) -> None:
    chosen = _fill(site, 2)
    ana = site.as_("ana")

    asked = ana.post("/tasks/selected", {"task": chosen}, do="snooze").get_data(as_text=True)
    form = {"task": chosen, "do": "snooze", "until": _later(site)}
    silent = ana.post("/tasks/selected/confirmed", form, because=" ")
    done = ana.post("/tasks/selected/confirmed", form, because="records asked")

    assert "Why these can wait" in asked
    assert re.search(r'<input id="because"[^>]* autofocus', asked)
    assert "to confirm" not in asked
    assert silent.status_code == 422
    assert "Say why these can wait." in silent.get_data(as_text=True)
    assert done.status_code == 303
    assert {str(task.follow_up_on) for task in _tasks(site)} == {_later(site)}
    assert {task.snoozed_because for task in _tasks(site)} == {"records asked"}


@pytest.mark.parametrize("until", ["", "soon", "2020-01-01", "2999-01-01"])
def test_a_date_that_holds_for_none_is_told_beside_its_field(site: Site, until: str) -> None:
    chosen = _fill(site, 2)
    form = {"task": chosen, "do": "snooze", "because": "records asked"}

    answer = site.as_("ana").post("/tasks/selected/confirmed", form, until=until)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="until-r"' in page
    assert "records asked" in page
    assert {task.follow_up_on for task in _tasks(site)} == {None}


def test_a_supervisor_gives_several_to_somebody_and_who_does_not_fit_is_named(site: Site) -> None:
    denial, coding = site.task(title="a denial"), site.task(TaskKind.CODING_REVIEW, title="a chart")
    lee = site.as_("lee")
    form = {"task": [str(denial.uuid), str(coding.uuid)], "do": "assign", "because": "Ana is ill"}

    answer = lee.post("/tasks/selected/confirmed", form, to=site.users["bo"].id)

    page = lee.get(answer.headers["Location"]).get_data(as_text=True)
    assert "1 task given to somebody else." in page
    assert "a chart</a>: Bo Adler does not work in this queue." in page
    site.session.expire_all()
    assert site.session.get_one(Task, denial.id).assignee_id == site.users["bo"].id
    assert site.session.get_one(Task, coding.id).assignee_id is None
    words = site.session.scalars(select(TaskLog.words).where(TaskLog.action == "reassigned")).all()
    assert words == ["to Bo Adler: Ana is ill"]


def test_only_a_supervisor_gives_several_to_somebody(site: Site) -> None:
    chosen = _fill(site, 1)
    form = {"task": chosen, "do": "assign", "because": "mine", "to": site.users["ana"].id}
    ana = site.as_("ana")

    rehearsed = ana.post("/tasks/selected", form)
    done = ana.post("/tasks/selected/confirmed", form)

    assert [rehearsed.status_code, done.status_code] == [403, 403]
    assert _tasks(site)[0].assignee_id is None


def test_what_is_not_ones_own_is_left_alone_recorded_and_not_named(site: Site) -> None:
    own, others = site.task(), site.task(TaskKind.CODING_REVIEW, title="a chart to code")
    ana = site.as_("ana")

    answer = ana.post("/tasks/selected", {"task": [str(own.uuid), str(others.uuid)]}, do="claim")

    page = ana.get(answer.headers["Location"]).get_data(as_text=True)
    assert "1 task claimed." in page
    assert "another role’s work" in page.replace("&#39;", "’")
    assert "a chart to code" not in page
    site.session.expire_all()
    assert site.session.get_one(Task, others.id).assignee_id is None
    refusals = site.session.scalars(select(AuditEvent).where(AuditEvent.outcome == "refused")).all()
    assert [str(others.uuid) in row.words for row in refusals] == [True]


def test_what_somebody_has_in_hand_is_neither_put_off_nor_given_back_by_another(site: Site) -> None:
    task = site.task()
    site.as_("bo").post(f"/tasks/{task.uuid}/claim")
    ana = site.as_("ana")
    chosen = {"task": [str(task.uuid)]}

    ana.post("/tasks/selected", chosen, do="release")
    ana.post("/tasks/selected/confirmed", chosen, do="snooze", until=_later(site), because="later")

    site.session.refresh(task)
    assert task.assignee_id == site.users["bo"].id
    assert task.follow_up_on is None


@pytest.mark.parametrize(
    ("act", "undone_by"), [("claim", "released"), ("release", "claimed"), ("snooze", "woken")]
)
def test_one_act_is_taken_back_from_the_next_page(site: Site, act: str, undone_by: str) -> None:
    task = site.task()
    ana = site.as_("ana")
    answer = ana.post(f"/tasks/{task.uuid}/{act}", until=_later(site), because="later")
    while answer.status_code == 303:
        answer = ana.get(answer.headers["Location"])

    form = _undo(ana, answer.get_data(as_text=True))
    undone = ana.post("/tasks/undone", form)

    assert undone.status_code == 303
    assert undone.headers["Location"] == f"/tasks/{task.uuid}"
    assert _actions(site)[-1] == undone_by
    site.session.refresh(task)
    assert task.follow_up_on is None
    recorded = site.session.scalars(select(AuditEvent.action)).all()
    assert f"task {undone_by}" in recorded


def test_twelve_that_were_put_off_wake_with_one_press(site: Site) -> None:
    chosen = _fill(site, 12)
    ana = site.as_("ana")
    form = {"task": chosen, "do": "snooze", "until": _later(site), "because": "later"}
    ana.post("/tasks/selected/confirmed", form, count="12", back="/work")

    page = ana.get("/work").get_data(as_text=True)
    answer = ana.post("/tasks/undone", _undo(ana, page))

    assert answer.status_code == 303
    assert {task.follow_up_on for task in _tasks(site)} == {None}
    assert "12 tasks awake again." in ana.get("/work").get_data(as_text=True)


def test_the_way_back_is_offered_once_and_not_for_what_was_not_done(site: Site) -> None:
    task = site.task()
    site.as_("bo").post(f"/tasks/{task.uuid}/claim")
    ana = site.as_("ana")

    ana.post("/tasks/selected", {"task": [str(task.uuid)]}, do="claim")
    refused = ana.get("/work").get_data(as_text=True)

    assert "Nothing was changed." in refused
    assert 'action="/tasks/undone"' not in refused
    assert "left alone" not in ana.get("/work").get_data(as_text=True)


def test_somebody_elses_snooze_is_not_ended_by_a_colleague(site: Site) -> None:
    task = site.task()
    site.as_("bo").post(f"/tasks/{task.uuid}/snooze", until=_later(site), because="later")

    site.as_("ana").post("/tasks/undone", {"task": [str(task.uuid)]}, do="wake")

    site.session.refresh(task)
    assert str(task.follow_up_on) == _later(site)


def test_a_snoozed_queue_offers_to_wake(site: Site) -> None:
    task = site.task()
    ana = site.as_("ana")
    ana.post(f"/tasks/{task.uuid}/snooze", until=_later(site), because="later")

    page = ana.get("/work?state=snoozed").get_data(as_text=True)
    ana.post("/tasks/selected", {"task": [str(task.uuid)]}, do="wake")

    assert 'name="do" value="wake">Wake' in page
    site.session.refresh(task)
    assert task.follow_up_on is None


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_an_act_leads_nowhere_else(site: Site, back: str) -> None:
    chosen = _fill(site, 1)

    answer = site.as_("ana").post("/tasks/selected", {"task": chosen}, do="claim", back=back)

    assert answer.headers["Location"] == "/work"


@pytest.mark.parametrize(
    ("path", "do"),
    [("/tasks/selected", "delete"), ("/tasks/undone", "snooze"), ("/tasks/selected/confirmed", "")],
)
def test_an_act_that_there_is_not_is_refused(site: Site, path: str, do: str) -> None:
    answer = site.as_("ana").post(path, {"task": _fill(site, 1)}, do=do)

    assert answer.status_code == 422
