"""Queues: the order, the pages, the filters, and what a row gives away."""

import datetime as dt
import re

import pytest

from db.queries import web_tasks
from domain.tasks import TaskKind
from tests.web.site import Site

SERVICE = ("services.code", "services.modifiers", "services.units", "services.pointers")


def _titles(page: str) -> list[str]:
    return re.findall(r'<th class="do" scope="row"><a [^>]*title="([^"]*)"', page)


def _fill(site: Site, count: int) -> None:
    for n in range(count):
        due_on = site.now.today + dt.timedelta(days=n // 10)
        site.task(cause=f"c{n}", cents=n * 100, due_on=due_on, title=f"task {n}")


def test_nearest_deadline_first_then_the_most_money(site: Site) -> None:
    today = site.now.today
    site.task(cause="a", cents=100, due_on=today, title="little today")
    site.task(cause="b", cents=900, due_on=today, title="much today")
    site.task(cause="c", cents=9_900, due_on=today + dt.timedelta(days=4), title="later")
    site.task(cause="d", cents=1, due_on=today - dt.timedelta(days=1), title="late")

    page = site.as_("ana").get("/work").get_data(as_text=True)

    assert _titles(page) == ["late", "much today", "little today", "later"]
    assert "1 day late" in page
    assert "4 tasks, $109.01 at stake, 3 late or ending today" in page


def test_the_pages_of_a_queue_hold_every_task_once(site: Site) -> None:
    _fill(site, 120)
    browser = site.as_("ana")
    path: str | None = "/queues/denial?due="
    found: list[str] = []

    while path and len(found) < 500:
        page = browser.get(path).get_data(as_text=True)
        found += _titles(page)
        further = re.search(r'<a href="([^"]*)">Next page</a>', page)
        path = further[1].replace("&amp;", "&") if further else None

    assert len(found) == 120
    assert len(set(found)) == 120


def test_a_queue_costs_the_same_number_of_queries_for_one_row_and_for_fifty(site: Site) -> None:
    site.task(cause="one")
    browser = site.as_("ana")
    browser.get("/work")
    with site.counting() as for_one:
        browser.get("/work")
    _fill(site, 60)

    with site.counting() as for_many:
        browser.get("/work")

    assert len(for_one) == len(for_many)
    # One of them asks which routes stand still, for the banner.
    assert len(for_many) <= 8, for_many


def test_counts_stop_at_their_bound(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_tasks, "COUNT_MAX", 3)
    _fill(site, 6)
    shown = web_tasks.QueueFilter(queues=frozenset({site.users["ana"].role}), today=site.now.today)

    assert web_tasks.tally(site.session, shown).total == 4


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("due=today", ["near"]),
        ("least=50000", ["dear"]),
        ("words=dea", ["dear"]),
        ("words=100%25", []),
        ("payer=999999", []),
        ("payer=x&least=y", ["near", "dear"]),
    ],
)
def test_filters_stand_in_the_address(site: Site, query: str, expected: list[str]) -> None:
    site.task(cause="a", cents=100, due_on=site.now.today, title="near")
    site.task(
        cause="b",
        cents=99_900,
        due_on=site.now.today + dt.timedelta(days=30),
        title="dear",
    )
    page = site.as_("ana").get(f"/work?{query}").get_data(as_text=True)

    assert _titles(page) == expected


@pytest.mark.parametrize("after", ["x", "2026-01-01.5", "2026-13-01.5.1", "1.2.3"])
def test_a_malformed_page_mark_is_said_so(site: Site, after: str) -> None:
    answer = site.as_("ana").get(f"/work?after={after}")

    assert answer.status_code == 404
    assert "Begin again at its top" in answer.get_data(as_text=True)


def test_an_empty_queue_says_why_it_is_empty(site: Site) -> None:
    page = site.as_("ana").get("/queues/denial").get_data(as_text=True)

    assert "Nothing waits here for a person" in page


def test_next_skips_what_somebody_else_holds(site: Site) -> None:
    held, free = site.task(cause="held", cents=900), site.task(cause="free", cents=100)
    site.as_("bo").post(f"/tasks/{held.uuid}/claim")

    answer = site.as_("ana").get("/tasks/next")

    assert answer.headers["Location"] == f"/tasks/{free.uuid}"


def test_who_stands_in_goes_on_with_those_tasks_after_the_own_ones(site: Site) -> None:
    first, second = site.task(cause="first", cents=900), site.task(cause="second", cents=100)
    site.as_("bo").post(f"/tasks/{site.task(cause='held', cents=800).uuid}/claim")
    lee = site.as_("lee")

    stood_in = lee.get(f"/tasks/next?after={first.uuid}").headers["Location"]
    own = site.task(TaskKind.WRITE_OFF_APPROVAL, cause="own", cents=1)
    after_own = lee.get(f"/tasks/next?after={first.uuid}").headers["Location"]

    assert stood_in == f"/tasks/{second.uuid}"
    assert after_own == f"/tasks/{own.uuid}"


def test_without_a_task_next_leads_to_my_work(site: Site) -> None:
    assert site.as_("ana").get("/tasks/next").headers["Location"] == "/work"


def test_rows_and_titles_name_nobody(site: Site) -> None:
    site.task(TaskKind.DENIAL)

    page = site.as_("ana").get("/work").get_data(as_text=True)

    assert "Marlow" not in page
    assert "Rosa" not in page
    assert "R.M." in page
    assert "··4417" in page
    assert "<title>My work · claimflow</title>" in page


def test_a_list_offers_only_what_its_reader_may_do(site: Site) -> None:
    site.task(TaskKind.CODING_REVIEW)
    site.task(TaskKind.DENIAL)
    otto, lee = site.as_("otto"), site.as_("lee")

    for_auditor = otto.get("/queues/denial").get_data(as_text=True)
    for_others_work = lee.get("/queues/coding_review").get_data(as_text=True)
    for_own_work = lee.get("/queues/denial").get_data(as_text=True)

    assert 'type="checkbox"' not in for_auditor
    assert 'name="do"' not in for_auditor
    assert "<kbd" not in for_auditor.split("<main")[1].split("</main>")[0]
    assert "1 shown, nearest deadline first" in for_auditor
    assert re.findall(r'name="do" value="(\w+)"', for_others_work) == ["assign"]
    assert re.findall(r'name="do" value="(\w+)"', for_own_work) == [
        "claim",
        "snooze",
        "release",
        "assign",
    ]


def test_the_columns_of_two_queues_stand_under_each_other(site: Site) -> None:
    site.task(TaskKind.CODING_REVIEW)
    site.task(TaskKind.DENIAL)
    lee = site.as_("lee")

    columns = [
        re.findall(r"<colgroup>.*?</colgroup>", lee.get(f"/queues/{kind}").get_data(as_text=True))
        for kind in ("coding_review", "denial")
    ]

    assert len(columns[0]) == 1
    assert columns[0] == columns[1]


def test_an_empty_queue_tells_who_answered_last_and_what_sleeps(site: Site) -> None:
    done, asleep = site.task(cause="done"), site.task(cause="asleep")
    ana = site.as_("ana")
    until = site.now.today + dt.timedelta(days=4)
    ana.post(f"/tasks/{asleep.uuid}/snooze", until=str(until), because="records asked")
    ana.post(
        f"/tasks/{done.uuid}/answer",
        {"route": "appeal", "why": "x"} | dict.fromkeys(SERVICE, "1"),
        version=done.version,
    )

    page = site.as_("bo").get("/queues/denial").get_data(as_text=True)

    assert "must decide. The last answer here was Ana Ruiz’s" in " ".join(page.split())
    assert "1 sleeps</a> until a date; the next comes back" in page


def test_an_auditor_sees_every_queue_and_no_button_to_answer(site: Site) -> None:
    task = site.task()
    browser = site.as_("otto")

    page = browser.get(f"/tasks/{task.uuid}").get_data(as_text=True)

    assert browser.get("/queues/coding_review").status_code == 200
    assert "You may read this task." in page
    assert "data-recommended" not in page
