"""The sum under a posting exception, as the server writes it: what came, less what has a place."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from casework.answers.form import Form
from casework.answers.registry import KINDS
from casework.moment import Moment
from casework.refusals import Refused
from db.models import Task, User
from domain.questions import Amount, Field, FieldKind, Option, Question, RunningSum, Share
from domain.tasks import TaskKind
from tests.web.site import Site

QUESTION = Question(
    lead="A line means none of ours.",
    sections=(),
    fields=(
        Field(
            name="action",
            label="What to do",
            kind=FieldKind.RADIO,
            values=("post",),
            options=(
                Option(value="post", label="Post", is_recommended=True),
                Option(value="suspense", label="Suspense"),
            ),
        ),
        *(
            Field(
                name=f"line_{n}",
                label=f"Line {n}",
                kind=FieldKind.SELECT,
                values=(str(n),),
                options=(Option(value=str(n), label=f"{n}"),),
                is_required=False,
            )
            for n in (1, 2)
        ),
    ),
    submit="Settle",
    running_sum=RunningSum(
        came=Amount(label="EFT", cents=821_437),
        less=(Amount(label="posted", cents=790_295), Amount(label="kept back", cents=-500)),
        here_cents=31_642,
        choice="action",
        whole=("suspense",),
        shares=(Share(field="line_1", cents=31_000), Share(field="line_2", cents=642)),
    ),
)


class Placing:
    def ask(self, _session: Session, _task: Task, _now: Moment) -> Question:
        return QUESTION

    def act(self, _session: Session, _task: Task, form: Form, _by: User, _now: Moment) -> str:
        form.one_of("line_2", ["2"])
        raise Refused.of("action", "It cannot be posted like that.")


@pytest.fixture
def task(site: Site, monkeypatch: pytest.MonkeyPatch) -> Task:
    monkeypatch.setitem(KINDS, TaskKind.POSTING_EXCEPTION, Placing())
    return site.task(TaskKind.POSTING_EXCEPTION)


def _sum(page: str) -> tuple[str, bool]:
    """What the sum says, and whether it says what is missing."""
    line = BeautifulSoup(page, "html.parser").select_one(".sum-line")
    assert line is not None
    why = line.select_one("[data-why]")
    assert why is not None
    words = " ".join(part for part in line.get_text(" ").split() if part)
    return words.removesuffix(why.get_text()).strip(), not why.has_attr("hidden")


def test_the_recommended_answer_leaves_nothing(site: Site, task: Task) -> None:
    page = site.as_("ana").get(f"/tasks/{task.uuid}").get_data(as_text=True)

    said, says_what_is_missing = _sum(page)
    assert said == (
        "EFT 8,214.37 − posted 7,902.95 + kept back 5.00 − here 316.42 = left to post 0.00"
    )
    assert not says_what_is_missing


def test_a_line_left_out_is_left_to_post_and_the_page_says_so(site: Site, task: Task) -> None:
    form = {"action": "post", "line_1": "1", "line_2": ""}

    answer = site.as_("ana").post(f"/tasks/{task.uuid}/answer", form, version=1)

    said, says_what_is_missing = _sum(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert said.endswith("− here 310.00 = left to post 6.42")
    assert says_what_is_missing


def test_suspense_places_all_of_it(site: Site, task: Task) -> None:
    form = {"action": "suspense", "line_1": "", "line_2": "2"}

    answer = site.as_("ana").post(f"/tasks/{task.uuid}/answer", form, version=1)

    assert _sum(answer.get_data(as_text=True))[0].endswith("− here 316.42 = left to post 0.00")


def test_who_only_reads_reads_the_sum_too(site: Site, task: Task) -> None:
    page = site.as_("otto").get(f"/tasks/{task.uuid}").get_data(as_text=True)

    assert _sum(page)[0].endswith("left to post 0.00")


def test_an_exception_without_money_has_no_sum(
    site: Site, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = replace(QUESTION, running_sum=None)
    monkeypatch.setattr(Placing, "ask", lambda *_: asked)

    page = site.as_("ana").get(f"/tasks/{task.uuid}").get_data(as_text=True)

    assert "sum-line" not in page
