"""A person's own views of the queues: saved under a name, seen by nobody else, removed at will."""

import pytest

from tests.web.site import Browser, Site
from web.saved_views import VIEWS_MAX


def _save(browser: Browser, name: str, path: str = "/queues/denial", **filters: str) -> int:
    return browser.post("/views", {"name": name, "path": path, **filters}).status_code


def test_a_saved_view_stands_in_the_rail_and_leads_to_its_filter(site: Site) -> None:
    site.task()
    ana = site.as_("ana")

    form = {"name": " Acme  this week ", "path": "/queues/denial", "due": "week", "least": ""}
    answer = ana.post("/views", form)

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/queues/denial?due=week"
    page = ana.get("/queues/denial?due=week").get_data(as_text=True)
    assert '<a href="/queues/denial?due=week" aria-current="page">Acme this week</a>' in page
    assert "Remove this view" in page
    assert '<a href="/queues/denial?due=week">Acme this week</a>' in ana.get("/work").get_data(
        as_text=True
    )


def test_a_filter_that_is_written_otherwise_is_still_the_saved_one(site: Site) -> None:
    ana = site.as_("ana")
    _save(ana, "Dear and near", due="week", least="50000")

    page = ana.get("/queues/denial?least=50000&payer=&words=&due=week").get_data(as_text=True)

    assert "View “Dear and near”" in page
    assert "Save this view" not in page


def test_only_a_filter_can_be_saved_and_by_those_who_keep_settings(site: Site) -> None:
    ana, otto = site.as_("ana"), site.as_("otto")

    assert "Save this view" in ana.get("/work?due=today").get_data(as_text=True)
    assert "Save this view" not in ana.get("/work").get_data(as_text=True)
    assert "Save this view" not in otto.get("/queues/denial?due=today").get_data(as_text=True)
    assert _save(otto, "mine", due="today") == 403


def test_a_view_is_seen_by_its_owner_alone(site: Site) -> None:
    _save(site.as_("ana"), "Only mine", due="today")

    assert "Only mine" not in site.as_("bo").get("/work").get_data(as_text=True)


def test_the_same_name_replaces_and_settings_stay(site: Site) -> None:
    ana = site.as_("ana")
    ana.post("/settings", theme="dark", density="roomy", keys="on")
    _save(ana, "Mine", due="today")
    _save(ana, "Mine", due="week")
    ana.post("/settings", theme="light", density="roomy", keys="on")

    page = ana.get("/work").get_data(as_text=True)

    assert page.count(">Mine<") == 1
    assert "/queues/denial?due=week" in page
    assert 'data-theme="light"' in page


def test_a_removed_view_is_gone_and_removing_it_again_says_so(site: Site) -> None:
    ana = site.as_("ana")
    _save(ana, "Mine", due="today")

    removed = ana.post("/views/removed", name="Mine")
    again = ana.post("/views/removed", name="Mine")

    assert removed.headers["Location"] == "/queues/denial?due=today"
    assert ">Mine<" not in ana.get("/work").get_data(as_text=True)
    assert again.status_code == 404


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("", "/work"),
        ("x", "https://elsewhere.example/work"),
        ("x", "//elsewhere.example/work"),
        ("x", "/stuck"),
        ("x", "/tasks/next"),
        ("x", ""),
    ],
)
def test_nothing_but_a_queue_can_be_saved(site: Site, name: str, path: str) -> None:
    assert _save(site.as_("ana"), name, path, due="today") == 422


def test_views_have_a_bound(site: Site) -> None:
    ana = site.as_("ana")
    made = [_save(ana, f"view {n}", due="today") for n in range(VIEWS_MAX + 1)]

    assert made == [303] * VIEWS_MAX + [422]
