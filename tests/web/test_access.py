"""The rights of every role at every route, as a table; and that what is not in it is refused."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from db.models import AuditEvent
from domain.tasks import Role, TaskKind
from tests.web.site import BY_ROLE, Browser, Site
from web.access import RIGHTS, Action, action_of
from web.app import create_app
from web.settings import WebSettings

C, B, S, P, F, A, AU = (
    Role.CODER, Role.BILLER, Role.SUPERVISOR, Role.PROVIDER, Role.FRONT_DESK,
    Role.ADMINISTRATOR, Role.AUDITOR,
)  # fmt: skip
ALL = {C, B, S, P, F, A, AU}

# Endpoint -> who passes the gate. Written out by hand, so that the code cannot agree with itself.
TABLE: dict[str, set[Role]] = {
    "login.leave": ALL,
    "login.stay": ALL,
    "work.home": ALL,
    "work.mine": ALL,
    "work.queue": ALL,
    "work.following": ALL - {AU},
    "tasks.show": ALL,
    "tasks.show_identifiers": ALL,
    "tasks.answered": ALL - {AU},
    "tasks.claim": ALL - {AU},
    "tasks.release": ALL - {AU},
    "tasks.snooze": ALL - {AU},
    "tasks.escalate": ALL - {AU},
    "tasks.reassign": {S},
    "bulk.act": ALL - {AU},
    "bulk.confirmed": ALL - {AU},
    "bulk.undo": ALL - {AU},
    "encounters.show": ALL - {A},
    "encounters.show_identifiers": ALL - {A},
    "encounters.hold": {S},
    "encounters.release": {S},
    "encounters.retry": {S},
    "encounters.cancel": {F, S},
    "claim_facts.show": ALL - {A},
    "claim_facts.keep": {C, B, S, F},
    "claim_facts.attach": {C, B, S},
    "claim_facts.detach": {C, B, S},
    "claims.send_again": {B, S},
    "late_charges.begin": {C, B, S},
    "late_charges.add": {C, B, S},
    "claims.replace": {B, S},
    "claims.ask_void": {B, S},
    "claims.proof": ALL - {A},
    "documents.show": ALL - {A},
    "documents.attach": {C, B, S, F},
    "documents.sent": ALL - {A},
    "documents.received": ALL - {A},
    "find.show": ALL - {A},
    "desk.copay": {F},
    "desk.returned": {B, S, F},
    "desk.discharged": {B, S, F},
    "desk.charges": {C},
    "facilities.show": ALL - {A},
    "facilities.keep": {C, B, S, F},
    "registration.begin": {F},
    "registration.register": {F},
    "found_payers.begin": {B, S, F},
    "found_payers.bill": {B, S, F},
    "payer_refunds.listed": {B, S, AU},
    "payer_refunds.send": {S},
    "remittances.listed": {B, S, AU},
    "remittances.show": {B, S, AU},
    "remittances.undo": {B, S},
    "remittances.key_again": {B, S},
    "remittances.place_again": {B, S},
    "keyed_eobs.listed": {B, S},
    "keyed_eobs.begin": {B, S},
    "keyed_eobs.begin_with": {B, S},
    "keyed_eobs.show": {B, S},
    "keyed_eobs.act": {B, S},
    "stuck.show": {S, AU},
    "stuck.rehearse": {S},
    "stuck.act": {S},
    "reports.show": {B, S, A, AU},
    "users.listed": {A, AU},
    "users.create": {A},
    "users.change_access": {A},
    "users.change_password": {A},
    "payers.listed": {A, AU},
    "payers.show": {A, AU},
    "payers.change": {A},
    "payers.choose_channel": {A},
    "practice.show": {A, AU},
    "practice.pay_to": {A},
    "practice.laboratory": {A},
    "locations.begin": {A},
    "locations.add": {A},
    "locations.show": {A, AU},
    "locations.change": {A},
    "locations.begin_biller": {A},
    "locations.add_biller": {A},
    "locations.show_biller": {A, AU},
    "locations.change_biller": {A},
    "enrolments.keep": {A},
    "enrolments.choose_routes": {A},
    "routes.listed": {A, S, AU},
    "routes.create": {A},
    "routes.show": {A, S, AU},
    "routes.change": {A},
    "routes.keep_secret": {A},
    "routes.confirm_key": {A},
    "routes.pause": {A},
    "routes.resume": {A},
    "routes.send_again": {A, S},
    "fees.listed": {A, AU},
    "fees.change": {A},
    "printers.listed": {B, S, A},
    "printers.add": {B, S, A},
    "printers.correct": {B, S, A},
    "printers.test_page": {B, S, A},
    "claim_forms.choose": {B, S},
    "claim_forms.pdf": {B, S},
    "mail.listed": {B, S, AU},
    "mail.waiting_pdf": {B, S, AU},
    "mail.mailing_pdf": {B, S, AU},
    "mail.forms_pdf": {B, S},
    "mail.mark": {B, S},
    "mail.print_again": {B, S},
    "mail.print_paper_again": {B, S},
    "preferences.show": ALL,
    "preferences.keep": ALL - {AU},
    "saved_views.save": ALL - {AU},
    "saved_views.remove": ALL - {AU},
}
SETTINGS = WebSettings(database_url="unused://", secret_key="another key")
OPEN = {"login.show", "login.enter", "healthz", "static"}
NUMBERS = {
    "hold_id": 1,
    "receipt_id": 1,
    "attachment_id": 1,
    "entity_id": 999_999,
    "location_id": 999_999,
    "ordinal": 1,
    "submission_id": 1,
    "raw_file_id": 1,
    "user_id": 999_999,
    "outbox_id": 999_999,
    "printer_id": 999_999,
}


def _routes(site: Site) -> list[tuple[str, str, str]]:
    """(endpoint, method, address) of every route, with ids that name nothing."""
    adapter = site.app.url_map.bind("localhost")
    found = []
    for rule in site.app.url_map.iter_rules():
        known: dict[str, object] = NUMBERS | {"uuid": uuid4()}
        values = {name: known.get(name, "X") for name in rule.arguments}
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        if rule.endpoint not in OPEN:
            found.append((rule.endpoint, method, adapter.build(rule.endpoint, values)))
    return found


def _ask(browser: Browser, method: str, path: str) -> int:
    answer = browser.post(path) if method == "POST" else browser.get(path)
    return answer.status_code


@pytest.mark.parametrize("role", list(Role))
def test_each_role_passes_exactly_the_gates_of_its_table(site: Site, role: Role) -> None:
    browser = site.as_(BY_ROLE[role])
    wrong = []

    for endpoint, method, path in _routes(site):
        if endpoint == "login.leave":
            continue
        is_refused = _ask(browser, method, path) == 403
        if is_refused is (role in TABLE[endpoint]):
            wrong.append((endpoint, path))

    assert wrong == []


def test_the_table_names_every_route_and_no_other(site: Site) -> None:
    endpoints = {endpoint for endpoint, _, _ in _routes(site)}

    assert endpoints == set(TABLE)


def test_without_a_session_every_page_leads_to_the_door_and_every_form_is_refused(
    site: Site,
) -> None:
    browser = Browser(site.app.test_client())

    for _, method, path in _routes(site):
        assert _ask(browser, method, path) == (303 if method == "GET" else 401), path


def test_every_post_of_the_auditor_is_refused_and_audited(site: Site) -> None:
    browser = site.as_("otto")
    posts = [r for r in _routes(site) if r[1] == "POST" and r[0] != "login.leave"]

    for _, _, path in posts:
        assert browser.post(path).status_code == 403, path

    audited = site.session.scalars(
        select(AuditEvent.object_key)
        .where(AuditEvent.user_id == site.users["otto"].id, AuditEvent.outcome == "refused")
        .order_by(AuditEvent.id)
    ).all()
    assert list(audited) == [path for _, _, path in posts]


def test_a_view_that_names_no_action_is_refused_to_everybody(site: Site) -> None:
    site.app = create_app(SETTINGS, site.app.extensions["sessions"])
    site.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    answer = site.as_("lee").get("/forgotten")

    assert answer.status_code == 403


def test_every_action_is_somebodys_and_every_route_has_one(site: Site) -> None:
    with site.app.app_context():
        named = {action_of(endpoint) for endpoint, _, _ in _routes(site)}

    assert None not in named
    assert set(RIGHTS) == set(Action)
    assert all(RIGHTS.values())


def test_a_coder_neither_sees_nor_answers_a_denial(site: Site) -> None:
    task = site.task(TaskKind.DENIAL)
    browser = site.as_("cora")

    assert browser.get(f"/tasks/{task.uuid}").status_code == 403
    assert browser.post(f"/tasks/{task.uuid}/answer", version=1).status_code == 403
    assert browser.get("/queues/denial").status_code == 403


def test_a_biller_cannot_answer_a_coding_task(site: Site) -> None:
    task = site.task(TaskKind.CODING_REVIEW)

    answer = site.as_("ana").post(f"/tasks/{task.uuid}/answer", version=1)

    assert answer.status_code == 403
    site.session.refresh(task)
    assert task.status == "open"


def test_a_provider_sees_only_the_own_questions_and_encounters(site: Site) -> None:
    other = site.users["voss"].provider_id
    assert other is not None
    mine = site.task(TaskKind.PROVIDER_QUERY, cause="mine", provider_id=other)
    theirs = site.task(TaskKind.PROVIDER_QUERY, cause="theirs", provider_id=other + 1)
    site.encounter.provider_id = other + 1
    site.session.commit()
    browser = site.as_("voss")

    assert browser.get(f"/tasks/{mine.uuid}").status_code == 200
    assert browser.get(f"/tasks/{theirs.uuid}").status_code == 403
    assert browser.get(f"/encounters/{site.encounter.uuid}").status_code == 403
