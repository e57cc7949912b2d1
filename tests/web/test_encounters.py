"""The page of an encounter: where it stands, its story, and what is attached to it."""

import functools
import hashlib
import io

import pytest
from sqlalchemy import select

from casework import ledger
from db.models import (
    AuditEvent,
    ChargeLine,
    Document,
    Incident,
)
from domain.ledger import Account, LedgerEntry, Leg
from domain.tasks import TaskKind
from tests.web.site import Site, encounter_url

PDF = b"%PDF-1.4 an attachment"


def _post_charge(site: Site) -> None:
    line = ChargeLine(
        encounter_id=site.encounter.id, ordinal=1, code="99214", modifiers=[], units=1,
        pointers=[1], service_on=site.encounter.service_on, charge_cents=23_600,
    )  # fmt: skip
    site.session.add(line)
    site.session.flush()
    where = functools.partial(Leg, encounter_id=site.encounter.id, charge_line_id=line.id)
    entry = LedgerEntry(
        effect_key="charge",
        source="note",
        words="Charges for 1 service",
        service_on=site.encounter.service_on,
        deposit_on=None,
        posted_on=site.now.today,
        legs=(
            where(account=Account.AR_INSURANCE, cents=23_600, payer_id=site.payer.id),
            where(account=Account.CHARGES, cents=-23_600),
        ),
    )
    ledger.post(site.session, entry)
    site.session.commit()


def test_it_says_what_is_awaited_and_what_happens_then(site: Site) -> None:
    site.task(TaskKind.DENIAL)
    _post_charge(site)

    answer = site.as_("ana").get(encounter_url(site))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Waiting for the biller: Acme says the knee MRI had no approval" in page
    assert "a supervisor is told; nothing is decided by itself" in page
    assert "−236.00" in page
    assert "Charges for 1 service" in page


def test_a_task_of_others_is_named_and_not_offered(site: Site) -> None:
    task = site.task(TaskKind.DENIAL)
    path = encounter_url(site)

    theirs = site.as_("finn").get(path).get_data(as_text=True)
    own = site.as_("ana").get(path).get_data(as_text=True)

    assert task.title in theirs
    assert f"/tasks/{task.uuid}" not in theirs
    assert "Open the task" in own


def test_its_title_and_address_name_nobody(site: Site) -> None:
    page = site.as_("ana").get(encounter_url(site)).get_data(as_text=True)

    assert f"<title>Encounter {site.encounter.encounter_no} · claimflow</title>" in page
    assert "Marlow" not in page
    assert "R.M., " in page


def test_it_costs_a_bounded_number_of_queries(site: Site) -> None:
    site.task()
    _post_charge(site)
    browser = site.as_("ana")
    browser.get(encounter_url(site))

    with site.counting() as sent:
        browser.get(encounter_url(site))

    assert len(sent) <= 26, sent


def test_who_looked_is_on_the_page_itself(site: Site) -> None:
    site.as_("otto").get(encounter_url(site))

    page = site.as_("ana").get(encounter_url(site)).get_data(as_text=True)

    assert "Otto Klein opened the encounter" in page


def test_a_failing_step_is_the_first_thing_said(site: Site) -> None:
    key = f"encounter:{site.encounter.encounter_no}"
    site.session.add(Incident(subject=key, step="send", words="The folder is full.", failures=3))
    site.session.commit()

    page = site.as_("lee").get(encounter_url(site)).get_data(as_text=True)

    assert "The folder is full." in page
    assert "3 failures since" in page


def test_check_now_is_in_the_story(site: Site) -> None:
    lee = site.as_("lee")

    lee.post(encounter_url(site, "/retry"))

    assert "Lee Park asked to look again" in lee.get(encounter_url(site)).get_data(as_text=True)


def test_a_pdf_is_attached_and_opened_under_a_name_without_a_person(site: Site) -> None:
    browser = site.as_("finn")
    upload = (io.BytesIO(PDF), "rosa-marlow.pdf")

    answer = browser.post(encounter_url(site, "/documents"), {"file": upload}, title="Referral")

    assert answer.status_code == 303
    digest = hashlib.sha256(PDF).hexdigest()
    kept = site.session.scalars(select(Document).where(Document.sha256 == digest)).one()
    opened = browser.get(f"/documents/{kept.uuid}")
    assert opened.data == PDF
    assert opened.mimetype == "application/pdf"
    assert "rosa" not in opened.headers["Content-Disposition"]
    audited = select(AuditEvent).where(AuditEvent.object_key == str(kept.uuid))
    assert site.session.scalars(audited).one().patient_id == site.encounter.patient_id


@pytest.mark.parametrize("content", [b"", b"<script>alert(1)</script>"])
def test_what_is_not_a_pdf_is_not_attached(site: Site, content: bytes) -> None:
    upload = (io.BytesIO(content), "x.pdf")

    answer = site.as_("finn").post(encounter_url(site, "/documents"), {"file": upload}, title="x")

    assert answer.status_code == 422
    assert len(site.session.scalars(select(Document)).all()) == 1


def test_an_encounter_is_found_by_its_number(site: Site) -> None:
    browser = site.as_("ana")

    found = browser.get(f"/find?q={site.encounter.encounter_no.lower()}")
    nothing = browser.get("/find?q=E99999999")

    assert found.headers["Location"] == encounter_url(site)
    assert "No encounter, claim, check or trace has this number" in nothing.get_data(as_text=True)


def test_a_copay_shows_as_paid_by_the_patient_and_as_their_credit(site: Site) -> None:
    finn = site.as_("finn")
    finn.post(encounter_url(site, "/copay"), amount="25.00", kind="copay", once="a1b2")

    page = finn.get(encounter_url(site)).get_data(as_text=True)

    assert '<td class="num" data-of="Credit">−25.00</td>' in page
    assert '<td class="num" data-of="Patient paid">25.00</td>' in page
    assert "<dt>Patient’s credit</dt><dd>25.00</dd>" in page


def test_what_the_patient_paid_stands_at_the_line_and_in_the_ledger(site: Site) -> None:
    _post_charge(site)
    line = site.session.scalars(select(ChargeLine)).one()
    paid = LedgerEntry(
        effect_key="receipt", source="account", words="Received by check",
        service_on=None, deposit_on=site.now.today, posted_on=site.now.today,
        legs=(
            Leg(account=Account.CASH_PATIENT, cents=9_000,
                guarantor_id=site.encounter.guarantor_id),
            Leg(account=Account.AR_PATIENT, cents=-9_000, encounter_id=site.encounter.id,
                charge_line_id=line.id),
        ),
    )  # fmt: skip
    ledger.post(site.session, paid)
    site.session.commit()

    page = site.as_("ana").get(encounter_url(site)).get_data(as_text=True)

    assert page.count('data-of="Patient paid">90.00</td>') == 3  # line, entry, balance
    assert "<dt>Patient paid</dt><dd>90.00</dd>" in page
