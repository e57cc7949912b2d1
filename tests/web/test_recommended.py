"""The recommended answer stands in the form as it is: an untouched page gives it."""

import pytest
from bs4 import BeautifulSoup, Tag

from casework.answers import coding_review
from casework.answers.registry import KINDS
from db.models import ChargeLine, Encounter
from domain.encounter import CodingStatus
from domain.tasks import TaskKind, TaskStatus
from tests.web.site import Site


def submitted(page: str) -> dict[str, list[str]]:
    """What a browser sends when the recommended button of an untouched page is pressed."""
    form = BeautifulSoup(page, "html.parser").select_one("form[data-answer]")
    assert form is not None
    sent: dict[str, list[str]] = {}
    for control in form.select("input[name], textarea[name], select[name]"):
        value = _value(control)
        if value is not None:
            sent.setdefault(str(control["name"]), []).append(value)
    return sent


def _value(control: Tag) -> str | None:
    if control.name == "textarea":
        return control.get_text().removeprefix("\n")
    if control.name == "select":
        chosen = control.select_one("option[selected]") or control.select_one("option")
        return str(chosen["value"]) if chosen else None
    if control.get("type") in ("radio", "checkbox") and not control.has_attr("checked"):
        return None
    return str(control.get("value", ""))


def test_an_untouched_coding_review_codes_the_encounter(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, TaskKind.CODING_REVIEW, coding_review)
    site.session.add(
        ChargeLine(
            encounter_id=site.encounter.id, ordinal=1, code="99213", modifiers=[], units=1,
            pointers=[1], service_on=site.encounter.service_on, charge_cents=None,
        )
    )  # fmt: skip
    task = site.task(TaskKind.CODING_REVIEW)
    cora = site.as_("cora")
    form = submitted(cora.get(f"/tasks/{task.uuid}").get_data(as_text=True))

    answer = cora.post(f"/tasks/{task.uuid}/answer", dict(form))

    assert answer.status_code == 303, answer.get_data(as_text=True)
    site.session.expire_all()
    assert task.status is TaskStatus.ANSWERED
    coded = site.session.get_one(Encounter, site.encounter.id)
    assert coded.coding_status in (CodingStatus.CODED, CodingStatus.QUERIED)
