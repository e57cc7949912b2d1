"""No form stands inside another: a browser closes the outer one at the inner one's end, and what
comes after it belongs to no form."""

import datetime as dt
from html.parser import HTMLParser

import pytest

from casework.holds import HoldScope
from domain.tasks import TaskKind
from tests.web.site import BY_ROLE, Browser, Site, a_claim, a_hold, encounter_url

LATE = dt.timedelta(days=5)


class _Forms(HTMLParser):
    """Reads a page as a browser reads it, but remembers what it would throw away."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.inside: list[str] = []
        self.count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "form":
            return
        name = str(dict(attrs).get("action", "without an address"))
        self.inside += [f"{name} in {outer}" for outer in self.open]
        self.open.append(name)
        self.count += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open.pop()


def _read(page: str) -> _Forms:
    forms = _Forms()
    forms.feed(page)
    return forms


def _require_none_inside(browser: Browser, path: str) -> str:
    page = browser.get(path).get_data(as_text=True)
    forms = _read(page)
    assert forms.count, path
    assert forms.inside == [], path
    assert forms.open == [], path
    return page


def test_the_reader_sees_a_form_in_a_form() -> None:
    page = '<form action="/outer"><form action="/inner"></form><button>Send</button></form>'

    assert _read(page).inside == ["/inner in /outer"]


@pytest.mark.parametrize("act", ["claim", "release"])
@pytest.mark.parametrize("kind", list(TaskKind))
def test_a_task_that_tells_what_was_done_has_one_whole_answer_form(
    site: Site, kind: TaskKind, act: str
) -> None:
    task = site.task(kind, provider_id=site.users["voss"].provider_id)
    browser = site.as_(BY_ROLE[task.queue])
    browser.post(f"/tasks/{task.uuid}/claim")
    if act == "release":
        browser.post(f"/tasks/{task.uuid}/release")

    page = _require_none_inside(browser, f"/tasks/{task.uuid}")

    assert 'class="flash"' in page
    assert ">Undo</button>" in page
    answer = page.split("data-answer", 1)[1].split("</form>", 1)[0]
    assert "data-recommended" in answer


def test_the_task_after_a_snoozed_one_has_one_whole_answer_form(site: Site) -> None:
    first, second = site.task(cause="first"), site.task(cause="second", cents=100)
    ana = site.as_("ana")
    until = str(site.now.today + LATE)
    ana.post(f"/tasks/{first.uuid}/snooze", until=until, because="records asked")

    page = _require_none_inside(ana, f"/tasks/{second.uuid}")

    assert ">Undo</button>" in page


def test_the_page_of_an_encounter_with_everything_on_it(site: Site) -> None:
    a_claim(site)
    a_hold(site, HoldScope(encounter_id=site.encounter.id))
    site.task()

    for name in ("lee", "ana", "finn"):
        _require_none_inside(site.as_(name), encounter_url(site))


def test_the_lists_with_their_acts(site: Site) -> None:
    task = site.task(due_on=site.now.today - LATE)
    lee = site.as_("lee")
    form = {"task": [str(task.uuid)], "back": "/queues/denial?due=week"}
    lee.post("/tasks/selected", form, do="claim")

    told = _require_none_inside(lee, "/queues/denial?due=week")
    _require_none_inside(lee, "/stuck")

    assert ">Undo</button>" in told
    assert "Save this view" in told


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("lee", "/remittances/refunds"), ("finn", "/registration"), ("ada", "/users"),
        ("ada", "/fees"), ("ada", "/payers"), ("ana", "/settings"), ("ana", "/work"),
        ("otto", "/queues/denial"),
    ],
)  # fmt: skip
def test_every_other_page(site: Site, name: str, path: str) -> None:
    _require_none_inside(site.as_(name), path)
