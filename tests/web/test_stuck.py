"""The supervisor's list: why things stand still, and what can be done about many at once."""

import datetime as dt
import re

import pytest
from sqlalchemy import select, update

from casework import subjects
from casework.holds import HoldScope
from db.models import Hold, Incident, Journal, Task, TaskLog, User
from domain.encounter import ClaimStage
from domain.tasks import TaskKind
from tests.web.site import Site, a_claim, a_hold


def _subject(site: Site) -> str:
    return f"encounter:{site.encounter.encounter_no}"


def _fail(site: Site) -> None:
    site.session.add(
        Incident(subject=_subject(site), step="send", words="The exchange is full.", failures=2)
    )
    site.session.commit()


def test_a_failing_step_is_listed_with_its_reason(site: Site) -> None:
    _fail(site)

    answer = site.as_("lee").get("/stuck")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "The exchange is full. (2 times, step send)" in page
    assert site.encounter.encounter_no in page
    assert "Our error: a step keeps failing" in page


def test_an_incident_without_an_encounter_is_listed_too(site: Site) -> None:
    site.session.add(Incident(subject=_subject(site), step="x", words="here", failures=1))
    site.session.commit()
    key = "batch:clearinghouse"
    subjects.ensure(site.session, key, site.now)
    site.session.add(Incident(subject=key, step="close", words="No folder.", failures=1))
    site.session.commit()

    page = site.as_("lee").get("/stuck").get_data(as_text=True)

    assert "No folder." in page
    assert key in page


def test_a_task_past_its_date_is_there_and_one_within_it_is_not(site: Site) -> None:
    late = site.now.today - dt.timedelta(days=5)
    site.task(TaskKind.DENIAL, cause="late", title="late denial", due_on=late)

    page = site.as_("otto").get("/stuck").get_data(as_text=True)

    assert "late denial. appeal ends in 6 days" in page
    assert "A person has not answered" in page
    assert '<button name="do" value="retry"' not in page


def test_a_row_leads_to_its_task_and_tells_its_age_with_a_date(site: Site) -> None:
    late = site.now.today - dt.timedelta(days=5)
    task = site.task(TaskKind.DENIAL, due_on=late, title="late denial")

    page = site.as_("lee").get("/stuck").get_data(as_text=True)

    assert f'<a href="/tasks/{task.uuid}">late denial. appeal ends in 6 days</a>' in page
    assert re.search(r"<b>[45] days</b> <time datetime=", page)
    assert "412.00" in page


def test_an_auditor_reads_the_list_and_is_offered_nothing_to_do(site: Site) -> None:
    _fail(site)

    page = site.as_("otto").get("/stuck").get_data(as_text=True)

    assert site.encounter.encounter_no in page
    assert 'type="checkbox"' not in page
    assert 'name="do"' not in page
    assert "Select rows to retry" not in page


def test_somebody_who_left_is_given_nothing(site: Site) -> None:
    late = site.now.today - dt.timedelta(days=5)
    task = site.task(TaskKind.DENIAL, due_on=late)
    site.session.execute(update(User).where(User.username == "bo").values(is_active=False))
    site.session.commit()
    form = {"subject": _subject(site), "reason": "he left", "count": "1", "do": "assign"}

    answer = site.as_("lee").post("/stuck/actions", form, to=site.users["bo"].id)

    assert answer.status_code == 422
    assert "Choose a person." in answer.get_data(as_text=True)
    site.session.refresh(task)
    assert task.assignee_id is None


def test_nothing_stuck_says_so(site: Site) -> None:
    page = site.as_("lee").get("/stuck").get_data(as_text=True)

    assert "Nothing is past its time" in page


def test_a_cell_of_the_heat_table_filters_the_list(site: Site) -> None:
    _fail(site)
    lee = site.as_("lee")

    inside = lee.get("/stuck?stage=registered&age=0").get_data(as_text=True)
    outside = lee.get("/stuck?stage=coding&age=0").get_data(as_text=True)

    assert "Registered, up to 3 days: 1 claim, $0.00" in inside
    assert "Coding, up to 3 days: 0 claims" in outside
    assert "Nothing stands still here now" in outside


def test_a_preview_does_nothing_and_counts(site: Site) -> None:
    _fail(site)
    before = len(site.session.scalars(select(Journal)).all())

    page = site.as_("lee").post("/stuck/rehearsal", subject=_subject(site), do="retry")

    text = page.get_data(as_text=True)
    assert "nothing done yet" in text
    assert "to confirm" not in text
    assert '<th scope="col">Encounter</th>' in text
    assert site.encounter.encounter_no in text
    assert "The exchange is full." in text
    assert re.search(r'<input id="reason"[^>]* autofocus', text)
    assert len(site.session.scalars(select(Journal)).all()) == before


def test_a_retry_is_done_only_with_the_right_count_and_a_reason(site: Site) -> None:
    _fail(site)
    lee = site.as_("lee")
    form = {"subject": _subject(site), "do": "retry"}

    wrong = lee.post("/stuck/actions", form, reason="disk made free", count="2")
    right = lee.post("/stuck/actions", form, reason="disk made free", count="1")

    assert wrong.status_code == 422
    assert "It would be 1 now: look again, then confirm." in wrong.get_data(as_text=True)
    assert 'name="count" value="1"' in wrong.get_data(as_text=True)
    assert right.status_code == 303
    words = site.session.scalars(select(Journal.words)).all()
    assert words.count("Lee Park asked to look again: disk made free") == 1


def _fail_many(site: Site, count: int) -> list[str]:
    keys = [f"batch:clearinghouse-{n:02}" for n in range(count)]
    for key in keys:
        subjects.ensure(site.session, key, site.now)
        site.session.add(Incident(subject=key, step="close", words="No folder.", failures=1))
    site.session.commit()
    return keys


@pytest.mark.parametrize(("count", "is_typed"), [(10, False), (11, True)])
def test_only_above_ten_is_the_number_typed(site: Site, count: int, is_typed: bool) -> None:
    keys = _fail_many(site, count)

    page = site.as_("lee").post("/stuck/rehearsal", {"subject": keys}, do="retry")

    text = page.get_data(as_text=True)
    assert (f"Type {count} to confirm" in text) is is_typed
    assert (f'name="count" value="{count}"' in text) is not is_typed


def test_above_ten_another_number_changes_nothing(site: Site) -> None:
    keys = _fail_many(site, 11)
    lee = site.as_("lee")
    form = {"subject": keys, "do": "retry", "reason": "the folder is there"}

    wrong = lee.post("/stuck/actions", form, count="10")
    right = lee.post("/stuck/actions", form, count="11")

    assert wrong.status_code == 422
    assert "Type 11: that is how many it would be now." in wrong.get_data(as_text=True)
    assert right.status_code == 303


def test_a_long_rehearsal_names_the_first_twenty(site: Site) -> None:
    keys = _fail_many(site, 23)

    page = site.as_("lee").post("/stuck/rehearsal", {"subject": keys}, do="retry")

    text = page.get_data(as_text=True)
    assert text.count("No folder.") == 20
    assert "and 3 more" in text


def test_many_are_held_released_and_reassigned(site: Site) -> None:
    late = site.now.today - dt.timedelta(days=5)
    task = site.task(TaskKind.DENIAL, due_on=late)
    lee = site.as_("lee")
    form = {"subject": _subject(site), "reason": "audit", "count": "1"}
    until = str(site.now.today + dt.timedelta(days=3))

    given = lee.post("/stuck/actions", form, do="assign", to=site.users["bo"].id)
    held = lee.post("/stuck/actions", form, do="hold", until=until)
    again = lee.post("/stuck/rehearsal", form, do="hold")
    released = lee.post("/stuck/actions", form, do="release")

    assert [given.status_code, held.status_code, released.status_code] == [303, 303, 303]
    assert re.search(r"Left alone: held already", again.get_data(as_text=True))
    site.session.expire_all()
    assert site.session.get_one(Task, task.id).assignee_id == site.users["bo"].id
    assert site.session.scalars(select(Hold)).one().released_at is not None
    said = site.session.scalars(select(Journal.words)).all()
    assert "Released by Lee Park: audit" in said
    logged = site.session.scalars(select(TaskLog.words).where(TaskLog.task_id == task.id)).all()
    assert any(words.endswith(": audit") for words in logged)


def test_what_fails_in_the_system_itself_is_not_retried_by_hand(site: Site) -> None:
    subjects.ensure(site.session, "system:disk", site.now)
    site.session.add(Incident(subject="system:disk", step="x", words="No space.", failures=3))
    site.session.commit()
    form = {"subject": "system:disk", "do": "retry", "reason": "try"}

    page = site.as_("lee").post("/stuck/rehearsal", form).get_data(as_text=True)
    done = site.as_("lee").post("/stuck/actions", form, count="0")

    assert "it is tried all the time" in page
    assert done.status_code == 303
    assert site.session.scalars(select(Incident)).one().retried_by_id is None


def test_an_unknown_action_is_refused(site: Site) -> None:
    answer = site.as_("lee").post("/stuck/rehearsal", subject=_subject(site), do="delete")

    assert answer.status_code == 422


def _scope(site: Site, name: str) -> HoldScope:
    claim = a_claim(site)
    match name:
        case "claim":
            return HoldScope(claim_id=claim.id)
        case "payer":
            return HoldScope(payer_id=site.payer.id)
        case _:
            return HoldScope(guarantor_id=site.encounter.guarantor_id)


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ("claim", "The claim to {payer} is held: audit"),
        ("payer", "All claims of {payer} are held: audit"),
        ("guarantor", "The patient&#39;s account is held: audit"),
    ],
)
def test_a_hold_of_every_scope_is_listed_as_held(site: Site, scope: str, words: str) -> None:
    a_hold(site, _scope(site, scope))

    page = site.as_("lee").get("/stuck").get_data(as_text=True)

    assert "Held on purpose" in page
    assert words.format(payer=site.payer.name) in page
    assert site.encounter.encounter_no in page


def test_an_encounter_whose_claims_are_settled_is_not_held_by_its_payer(site: Site) -> None:
    a_claim(site, ClaimStage.SETTLED)
    a_hold(site, HoldScope(payer_id=site.payer.id))

    page = site.as_("lee").get("/stuck").get_data(as_text=True)

    assert "Nothing is past its time" in page


@pytest.mark.parametrize("scope", ["payer", "guarantor"])
def test_a_wide_hold_is_not_released_from_a_row(site: Site, scope: str) -> None:
    row = a_hold(site, _scope(site, scope))
    lee = site.as_("lee")
    form = {"subject": _subject(site), "do": "release", "reason": "over", "count": "0"}

    shown = lee.post("/stuck/rehearsal", form).get_data(as_text=True)
    lee.post("/stuck/actions", form)

    assert "This hold is wider than the row: release it on an encounter&#39;s page" in shown
    site.session.refresh(row)
    assert row.released_at is None


def test_a_hold_of_the_row_itself_is_released_before_the_wider_one(site: Site) -> None:
    wide = a_hold(site, _scope(site, "payer"))
    own = a_hold(site, HoldScope(encounter_id=site.encounter.id))
    form = {"subject": _subject(site), "do": "release", "reason": "over", "count": "1"}

    answer = site.as_("lee").post("/stuck/actions", form)

    assert answer.status_code == 303
    site.session.refresh(own)
    site.session.refresh(wide)
    assert own.released_at is not None
    assert wide.released_at is None
