"""Simulated staff against a small web of their own."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from sim.staff import LostContactError, Office, Person

LOGIN = (
    '<form method="post" action="/login"><input name="csrf_token" value="t">'
    '<input name="username"><input name="password" type="password"></form>'
)


@dataclass
class Web:
    """Two tasks; the second takes no answer until its mended form is sent."""

    tasks: list[str] = field(default_factory=lambda: ["1", "2"])
    answers: list[dict[str, list[str]]] = field(default_factory=list)
    stubborn: set[str] = field(default_factory=set)
    failures: int = 0
    is_known: bool = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.failures:
            self.failures -= 1
            raise httpx.ConnectError("refused")
        sent = parse_qs(request.content.decode())
        match request.method, request.url.path.split("/")[1:]:
            case "GET", ["login"]:
                return httpx.Response(200, text=LOGIN)
            case "POST", ["login"]:
                self.is_known = sent["password"] == ["right"] and sent["csrf_token"] == ["t"]
                return httpx.Response(303, headers={"location": "/" if self.is_known else "/login"})
            case "GET", ["tasks", "next"]:
                return self._next(request.url.params.get("after"))
            case "GET", ["tasks", number]:
                return httpx.Response(200, text=_task_page(number, "guess"))
            case "POST", ["tasks", number, "answer"]:
                return self._take(number, sent)
        return httpx.Response(200, text="<p>Home</p>")

    def _next(self, after: str | None) -> httpx.Response:
        if not self.is_known:
            return httpx.Response(303, headers={"location": "/login"})
        left = [one for one in self.tasks if after is None or one > after]
        where = f"/tasks/{left[0]}" if left else "/tasks"
        return httpx.Response(303, headers={"location": where})

    def _take(self, number: str, sent: dict[str, list[str]]) -> httpx.Response:
        if number in self.stubborn or (number == "2" and sent["code"] != ["mended"]):
            return httpx.Response(422, text=_task_page(number, "mended"))
        self.answers.append(sent)
        self.tasks.remove(number)
        return httpx.Response(303, headers={"location": "/tasks"})


def _task_page(number: str, code: str) -> str:
    return (
        f'<form data-answer data-kind="edit" method="post" action="/tasks/{number}/answer">'
        f'<input name="code" value="{code}"><button name="do" value="go" data-recommended>'
        "</button></form>"
    )


def person_at(web: Web, *, knows_password: bool = True) -> Person:
    client = httpx.Client(
        transport=httpx.MockTransport(web), base_url="http://host", follow_redirects=True
    )
    return Person(client=client, username="ana", password="right" if knows_password else "wrong")


def test_a_person_logs_in_and_sends_the_recommended_answer() -> None:
    web = Web()

    kind = person_at(web).take_turn(0.0)

    assert kind == "edit"
    assert web.answers == [{"code": ["guess"], "do": ["go"]}]


def test_a_refused_form_is_sent_again_as_the_page_mended_it() -> None:
    web = Web(tasks=["2"])

    kind = person_at(web).take_turn(0.0)

    assert kind == "edit"
    assert web.answers[0]["code"] == ["mended"]


def test_a_task_that_takes_no_answer_is_left_for_the_next_one() -> None:
    web = Web(stubborn={"1"})
    person = person_at(web)

    assert person.take_turn(0.0) == "edit"
    assert web.tasks == ["1"]
    assert person.take_turn(1.0) is None
    assert set(person.resting) == {"1"}


def test_nothing_to_do_is_told_apart_from_trouble() -> None:
    assert person_at(Web(tasks=[])).take_turn(0.0) is None


def test_a_lost_session_is_opened_again() -> None:
    web = Web()
    person = person_at(web)
    person.take_turn(0.0)

    web.is_known = False

    assert person.take_turn(1.0) == "edit"


def test_a_wrong_password_is_trouble_not_an_answer() -> None:
    with pytest.raises(LostContactError):
        person_at(Web(), knows_password=False).take_turn(0.0)


def test_the_office_survives_a_web_that_is_down_and_keeps_its_tally(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.staff.time.sleep", lambda _: None)
    web = Web(failures=2)
    path = tmp_path / "sim" / "staff.json"
    office = Office(people=[person_at(web)], tally_path=path, asked_pace=None)

    for _ in range(5):
        office.go_round()

    assert json.loads(path.read_text()) == {"answered": {"edit": 2}, "by_user": {"ana": 2}}
    again = Office(people=[], tally_path=path, asked_pace=None)
    assert again.answered.total() == 2
