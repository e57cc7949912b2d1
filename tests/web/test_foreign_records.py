"""A provider meets only the own patients' records, and every patient on a paper is written down."""

import datetime as dt
import hashlib

import pytest
from sqlalchemy import select

from db.models import AuditEvent, Document, Provider, Statement, StatementLine
from tests.web.site import Site


@pytest.fixture
def foreign(site: Site) -> Site:
    """The one encounter belongs to another provider than the one who signs in."""
    own = site.users["voss"].provider_id
    other = select(Provider.id).where(Provider.id != own).order_by(Provider.id).limit(1)
    site.encounter.provider_id = site.session.scalars(other).one()
    site.session.flush()
    return site


def paper(site: Site, kind: str) -> Document:
    made = Document(
        kind=kind, title=kind, mime="text/plain", sha256=hashlib.sha256(b"x").hexdigest(),
        content=b"x", received_at=site.now.at,
    )  # fmt: skip
    site.session.add(made)
    site.session.flush()
    return made


def statement(site: Site) -> Document:
    made = paper(site, "statement")
    row = Statement(
        statement_no="S7", guarantor_id=site.encounter.guarantor_id, run=1, cycle=1, kind="first",
        amount_cents=100, issued_on=site.now.today, due_on=site.now.today + dt.timedelta(days=21),
        document_id=made.id,
    )  # fmt: skip
    site.session.add(row)
    site.session.flush()
    line = StatementLine(statement_id=row.id, encounter_id=site.encounter.id, cents=100)
    site.session.add(line)
    site.session.flush()
    return made


def test_a_provider_does_not_find_the_patient_of_another_provider(foreign: Site) -> None:
    found = foreign.as_("voss").get(f"/find?q={foreign.encounter.encounter_no}")

    assert found.status_code == 200
    assert "No encounter, claim, check or trace has this number" in found.get_data(as_text=True)


def test_a_provider_does_not_open_a_statement_of_another_providers_patient(foreign: Site) -> None:
    made = statement(foreign)

    assert foreign.as_("voss").get(f"/documents/{made.uuid}").status_code == 403
    assert foreign.as_("ana").get(f"/documents/{made.uuid}").status_code == 200


def test_a_letter_that_nobody_has_placed_is_read_by_who_places_it(site: Site) -> None:
    made = paper(site, "letter")

    assert site.as_("cora").get(f"/documents/{made.uuid}").status_code == 403
    assert site.as_("ana").get(f"/documents/{made.uuid}").status_code == 200


def test_every_patient_on_a_statement_is_in_the_audit(site: Site) -> None:
    made = statement(site)

    site.as_("ana").get(f"/documents/{made.uuid}")

    read = site.session.scalars(
        select(AuditEvent.patient_id).where(AuditEvent.object_key == str(made.uuid))
    ).all()
    assert read == [site.encounter.patient_id]
