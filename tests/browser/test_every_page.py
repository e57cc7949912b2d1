"""Every page with data on it: nothing for axe to find, nothing cut off or under the foot, no breach
of the policy, in the light and in the dark, wide and narrow."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import sight
from tests.browser.office import Office
from tests.browser.person import Person

pytestmark = pytest.mark.browser

SignIn = Callable[..., Person]
OK, SEE_OTHER, FORBIDDEN = 200, 303, 403
NARROW = {"width": 390, "height": 844}
# The narrowest at which every column of every table is to be seen at once.
WIDE = {"width": 1280, "height": 768}
VIEWS = ((WIDE, "light"), (NARROW, "light"), (WIDE, "dark"), (NARROW, "dark"))

PAGES: dict[str, Sequence[str]] = {
    "ana": ("/work", "/work?state=snoozed", "/queues/denial", "/remittances",
            "/remittances/keyed", "KEYED", "/reports", "/mail", "PAPER_FORM", "CLAIM_FACTS",
            "FACILITY", "DEPARTMENT", "LATE_CHARGES", "/settings/printers",
            "ENCOUNTER", "REMITTANCE", "SENT", "ANSWERED",
            "/find?q=E99999999", "/settings", "/users"),
    "chris": ("/work", "ENCOUNTER", "FACILITY", "CLAIM_FACTS"),
    "finn": ("/work", "/registration", "ENCOUNTER", "OTHER_PAYER", "FACILITY", "CLAIM_FACTS"),
    "ruth": ("/work",),
    "sam": ("/stuck", "/queues/denial", "ENCOUNTER", "/remittances/refunds", "/mail",
            "/routes/clearinghouse"),
    "ada": ("/users", "/payers", "/payers/60101", "/fees", "/practice",
            "/queues/quarantined_file", "/routes", "/routes/clearinghouse", "/settings/printers"),
    "otto": ("/stuck", "/queues/denial", "/mail", "/payers/60101", "/routes/clearinghouse",
             "FACILITY", "CLAIM_FACTS", "ENCOUNTER"),
}  # fmt: skip
# A page that is there to say no.
REFUSALS = {("ana", "/users"): FORBIDDEN}
_DEPARTMENT = (
    "SELECT '/encounters/' || e.uuid || '{}' FROM encounter e JOIN location l"
    " ON l.id = e.location_id WHERE l.facility_id IS NOT NULL ORDER BY e.id DESC LIMIT 1"
)
# What a word in capitals stands for: the latest that has come far enough to show something.
FOUND = {
    "ENCOUNTER": "SELECT '/encounters/' || e.uuid FROM encounter e JOIN claim c"
    " ON c.encounter_id = e.id ORDER BY e.stage = 'claims' DESC, e.id LIMIT 1",
    "OTHER_PAYER": "SELECT '/encounters/' || uuid || '/payer' FROM encounter"
    " ORDER BY stage IN ('patient', 'closed') DESC, id LIMIT 1",
    "FACILITY": _DEPARTMENT.format("/facility"),
    "CLAIM_FACTS": _DEPARTMENT.format("/claim-facts"),
    "LATE_CHARGES": _DEPARTMENT.format("/late-charges"),
    "DEPARTMENT": _DEPARTMENT.format(""),
    "PAPER_FORM": "SELECT '/claims/' || c.uuid || '/form/' || m.submission_id FROM mail_piece m"
    " JOIN claim c ON c.id = m.claim_id ORDER BY m.id LIMIT 1",
    "KEYED": "SELECT '/remittances/keyed/' || uuid FROM keyed_eob WHERE ended_at IS NULL"
    " ORDER BY id DESC LIMIT 1",
    "REMITTANCE": "SELECT '/remittances/' || uuid FROM remittance ORDER BY id LIMIT 1",
    "SENT": "SELECT '/encounters/' || e.uuid || '/x12/sent/' || s.id FROM submission s"
    " JOIN claim_version v ON v.id = s.claim_version_id JOIN claim c ON c.id = v.claim_id"
    " JOIN encounter e ON e.id = c.encounter_id WHERE s.sent_at IS NOT NULL ORDER BY s.id LIMIT 1",
    "ANSWERED": "SELECT '/tasks/' || uuid FROM task WHERE status = 'answered'"
    " AND queue = 'biller' ORDER BY id LIMIT 1",
}


# As many as a test sees in its time, each four times, on a busy machine.
AT_ONCE = 5


def _visits() -> Iterator[tuple[str, Sequence[str]]]:
    for username, paths in PAGES.items():
        for start in range(0, len(paths), AT_ONCE):
            yield username, paths[start : start + AT_ONCE]


def _address(office: Office, path: str) -> str | None:
    if path not in FOUND:
        return path
    found = office.ask(FOUND[path])
    return str(found[0][0]) if found else None


def _faults(person: Person, path: str, *, runs_axe: bool = True) -> list[str]:
    response = person.go(path)
    faults = [f"{path} {words}" for words in sight.hidden(person)]
    if response.status != REFUSALS.get((person.username, path), OK):
        faults.append(f"{path} answers {response.status}")
    for found in Axe().run(person.page).response["violations"] if runs_axe else ():
        places = [node["target"] for node in found["nodes"][:3]]
        faults.append(f"{path} {found['id']} {places}")
    return faults


def _begin_an_eob(person: Person) -> None:
    """A draft with a claim on it: what is keyed stands on a page of its own."""
    claim = person.office.ask(
        "SELECT c.uuid FROM claim c WHERE c.stage NOT IN ('edits', 'ready') ORDER BY c.id LIMIT 1"
    )
    person.go("/remittances/keyed")
    assert person.post(f"/remittances/keyed/claims/{claim[0][0]}") == SEE_OTHER


def _look_at(person: Person, paths: Sequence[str]) -> list[str]:
    faults: list[str] = []
    for size, scheme in VIEWS:
        person.page.set_viewport_size(size)  # type: ignore[arg-type]
        person.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for path in paths:
            faults += [f"{size['width']} {scheme}: {words}" for words in _faults(person, path)]
    return faults


@pytest.mark.parametrize(("username", "pages"), list(_visits()))
def test_a_page_has_nothing_that_keeps_anybody_out(
    office: Office, sign_in: SignIn, username: str, pages: Sequence[str]
) -> None:
    person = sign_in(username)
    if "KEYED" in pages:
        _begin_an_eob(person)
    found = (_address(office, path) for path in pages)

    faults = _look_at(person, [path for path in found if path])

    assert faults == []
    assert [said for said in person.complaints if "status of 40" not in said] == []


def test_each_kind_of_task_has_a_page_that_keeps_nobody_out(
    office: Office, sign_in: SignIn
) -> None:
    otto = sign_in("otto")
    workers: dict[str, Person] = {}
    kinds = office.ask(
        "SELECT DISTINCT ON (kind) uuid, queue FROM task WHERE status = 'open'"
        " AND queue <> 'provider' ORDER BY kind, id"
    )
    names = {"coder": "chris", "biller": "ana", "supervisor": "sam", "front_desk": "finn",
             "administrator": "ada"}  # fmt: skip
    faults = _look_at(otto, [f"/tasks/{kinds[0][0]}"])

    for uuid, queue in kinds:
        worker = workers.setdefault(queue, sign_in(names[queue]))
        faults += _look_at(worker, [f"/tasks/{uuid}"])

    assert len(kinds) >= 4
    assert faults == []


def test_the_door_and_the_open_sheets_keep_nobody_out(office: Office, sign_in: SignIn) -> None:
    ana = sign_in("ana")
    ana.open_task("denial")
    faults = []

    for key in ("s", "e", "?"):
        ana.page.keyboard.press(key)
        faults += [found["id"] for found in Axe().run(ana.page).response["violations"]]
        ana.page.keyboard.press("Escape")
    ana.page.context.clear_cookies()
    faults += _look_at(ana, ["/login"])

    assert faults == []
