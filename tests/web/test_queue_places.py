"""Where a task stands in its queue, as the bar above it says."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from db.queries import queue_places
from domain.tasks import TaskKind
from tests.web.site import Site


def _links(page: str) -> list[str]:
    """The tasks of a queue's page, in its order."""
    return [part.split('"', 1)[0] for part in page.split('scope="row"><a href="/tasks/')[1:]]


def test_the_bar_counts_and_walks_in_the_order_of_the_queues_page(site: Site) -> None:
    soon = site.now.today + dt.timedelta(days=2)
    for n, (cents, due_on) in enumerate(
        [(100, None), (41_200, None), (41_200, None), (500, soon), (900, soon)]
    ):
        site.task(cause=str(n), cents=cents, due_on=due_on)
    site.task(TaskKind.REJECTION, cause="of another kind", cents=99_000)
    ana = site.as_("ana")
    order = _links(ana.get("/queues/denial").get_data(as_text=True))

    walked, here = [], order[0]
    for number in range(1, 6):
        page = ana.get(f"/tasks/{here}").get_data(as_text=True)
        assert f"{number} of 5" in page
        walked.append(here)
        if 'rel="next" href="/tasks/' not in page:
            break
        here = page.split('rel="next" href="/tasks/', 1)[1].split('"', 1)[0]

    assert walked == order
    back = ana.get(f"/tasks/{order[4]}").get_data(as_text=True)
    assert f'rel="prev" href="/tasks/{order[3]}"' in back
    assert 'rel="prev"' not in ana.get(f"/tasks/{order[0]}").get_data(as_text=True)


def test_counting_stops_at_its_bound(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_places, "PLACES_MAX", 2)
    monkeypatch.setattr("web.presenters.PLACES_MAX", 2)
    tasks = [site.task(cause=str(n), cents=1_000 - n) for n in range(5)]
    ana = site.as_("ana")

    first, last = (ana.get(f"/tasks/{one.uuid}").get_data(as_text=True) for one in tasks[::4])

    assert "1 of 2+" in first
    assert "after the first 2" in last


def test_a_task_asleep_has_no_place(site: Site) -> None:
    task = site.task()
    task.follow_up_on = site.now.today + dt.timedelta(days=3)
    site.session.commit()

    page = site.as_("ana").get(f"/tasks/{task.uuid}").get_data(as_text=True)

    assert "1 of 1" not in page


def test_a_providers_queue_is_the_own_one(site: Site) -> None:
    own = site.users["voss"].provider_id
    assert own is not None
    task = site.task(TaskKind.PROVIDER_QUERY, cause="mine", provider_id=own)
    site.task(TaskKind.PROVIDER_QUERY, cause="theirs", provider_id=own + 1)

    page = site.as_("voss").get(f"/tasks/{task.uuid}").get_data(as_text=True)

    assert "1 of 1" in page


def test_the_auditor_sees_neither_keys_nor_buttons_of_acts(site: Site) -> None:
    task = site.task()
    site.task(cause="another", cents=1)
    otto = site.as_("otto")

    for path in (f"/tasks/{task.uuid}", f"/encounters/{site.encounter.uuid}"):
        page = otto.get(path).get_data(as_text=True).split('<div id="keys"')[0]

        assert "<kbd" not in page
        assert "popovertarget" not in page.replace('popovertarget="rail"', "")
        main = BeautifulSoup(page, "html.parser").select_one("main")
        assert main is not None
        assert main.select("button") == []


def test_a_person_without_single_keys_sees_no_single_key(site: Site) -> None:
    task = site.task()
    site.users["ana"].preferences = {"keys": "off"}
    site.session.commit()

    page = site.as_("ana").get(f"/tasks/{task.uuid}").get_data(as_text=True)

    shown = page.split('<div id="keys"')[0]
    assert "Ctrl Enter</kbd>" in shown
    assert ">s</kbd>" not in shown
