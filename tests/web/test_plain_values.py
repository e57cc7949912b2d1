"""Who may change nothing of a page reads plain values there, and sees no field."""

import re

from sqlalchemy import select

from casework import encounter_facts
from db.models import Payer, Route
from domain.claim_facts import ClaimFacts
from tests.web.site import Site

_MAIN = re.compile(r'<main id="main".*?</main>', re.DOTALL)
_FIELD = re.compile(r"<(?:input|select|textarea|button)\b")


def _main(site: Site, username: str, path: str) -> str:
    found = _MAIN.search(site.as_(username).get(path).get_data(as_text=True))
    assert found is not None
    return found.group()


def test_a_route_is_read_without_a_field(site: Site) -> None:
    row = site.session.scalars(select(Route)).first()
    assert row is not None
    row.transport, row.host, row.username = "sftp", "files.acme.example", "practice"
    site.session.commit()

    page = _main(site, "otto", f"/routes/{row.name}")

    assert _FIELD.findall(page) == []
    for words in ("files.acme.example", "practice", "SFTP", "Monday", "Looks for files every"):
        assert words in page


def test_a_payer_is_read_without_a_field(site: Site) -> None:
    row = site.session.scalars(select(Payer)).first()
    assert row is not None

    page = _main(site, "otto", f"/payers/{row.payer_no}")

    assert _FIELD.findall(page) == []
    for words in (f"<dd>{row.timely_days}</dd>", "Appeal levels", "Enrolments", "Goes through"):
        assert words in page


def test_what_the_claim_says_is_read_without_a_field(site: Site) -> None:
    facts = ClaimFacts(note="Seen twice that day.", special_program="03")
    encounter_facts.write(site.session, site.encounter, facts, None, site.now)
    site.session.commit()

    page = _main(site, "otto", f"/encounters/{site.encounter.uuid}/claim-facts")

    assert _FIELD.findall(page.replace('<input type="hidden"', "")) == []
    assert "Seen twice that day." in page
    assert "Why it is late" not in page


def test_an_administrator_has_the_fields(site: Site) -> None:
    row = site.session.scalars(select(Payer)).first()
    assert row is not None

    assert 'name="timely_days"' in _main(site, "ada", f"/payers/{row.payer_no}")
