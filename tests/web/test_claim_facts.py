"""The page of what a claim says beside codes and charges: filled in, saved, refused in place."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import select

from casework import encounter_facts
from db.models import Attachment, AuditEvent, ChargeLine, Document, Encounter, Provider
from domain.claim_facts import NO_FACTS, ClaimFacts
from domain.claims import AccidentCause
from tests.web.site import Browser, Site, encounter_url

PAGE = "/claim-facts"


@pytest.fixture
def line(site: Site) -> ChargeLine:
    row = site.encounter
    made = ChargeLine(
        encounter_id=row.id, ordinal=1, code="87880", modifiers=[], units=1, pointers=[1],
        service_on=row.service_on, charge_cents=4_000,
    )  # fmt: skip
    site.session.add(made)
    site.session.commit()
    site.session.expire(row)
    return made


def post(browser: Browser, site: Site, **fields: str) -> tuple[int, str]:
    said: dict[str, Any] = {"version": "0", **fields}
    answer = browser.post(encounter_url(site, PAGE), **said)
    return answer.status_code, answer.get_data(as_text=True)


def kept(site: Site) -> ClaimFacts:
    site.session.expire_all()
    return encounter_facts.of(site.session, site.session.get_one(Encounter, site.encounter.id))


def test_what_is_typed_is_kept_and_shown_again(site: Site, line: ChargeLine) -> None:
    browser, on = site.as_("ana"), str(site.encounter.service_on)
    known = site.session.scalars(select(Provider).order_by(Provider.id).limit(1)).one()

    status, _ = post(
        browser, site, accident_cause="AA", accident_on=on, accident_state="tx",
        referring_npi=known.npi, onset_on=on, patient_paid="25.00",
        **{f"ndc-{line.id}": "2-751-1", f"quantity-{line.id}": "1.5", f"unit-{line.id}": "ML",
           f"epsdt-{line.id}": "yes"},
    )  # fmt: skip
    page = browser.get(encounter_url(site, PAGE)).get_data(as_text=True)

    facts = kept(site)
    assert status == 303
    assert facts.accident is not None
    assert (facts.accident.cause, facts.accident.state) == (AccidentCause.AUTO, "TX")
    assert facts.referring is not None
    assert facts.referring.last == known.last_name
    assert facts.patient_paid_cents == 2_500
    assert 'value="00002075101"' in page
    assert f'value="{known.npi}"' in page
    said = encounter_facts.of_lines(site.session, [line.id])[line.id]
    assert said.is_epsdt


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("referring_npi", "1992000005", "is no NPI"),
        ("onset_on", "yesterday", "Give a date, as 2026-03-31."),
        ("onset_on", "2999-01-01", "began on the day of the visit"),
        ("patient_paid", "much", "Give an amount"),
        ("special_program", "99", "Choose one of the list."),
        ("facility_name", "Lake Hospital", "all nine digits"),
    ],
)
def test_what_is_wrong_is_refused_beside_its_field_and_stays_typed(
    site: Site, field: str, typed: str, words: str
) -> None:
    status, page = post(site.as_("ana"), site, **{field: typed})

    assert status == 422
    assert words in page
    assert typed in page or field == "special_program"
    assert kept(site) == NO_FACTS


def test_what_few_claims_need_is_folded_until_it_is_told(site: Site, line: ChargeLine) -> None:
    browser = site.as_("ana")
    before = browser.get(encounter_url(site, PAGE)).get_data(as_text=True)

    status, _ = post(
        browser, site, homebound="yes", state_weight="154.5", screening_referral="NU",
        **{f"hospice-{line.id}": "no"},
    )  # fmt: skip
    after = browser.get(encounter_url(site, PAGE)).get_data(as_text=True)

    assert status == 303
    assert "<details><summary>Ambulance" in before
    assert "<details><summary>The patient’s body" in before
    assert "<details><summary>Ambulance" in after
    assert "<details open><summary>The patient’s body" in after
    assert "<details open><summary>Hospice" in after
    assert 'name="homebound" value="yes" checked' in after
    assert 'value="154.5"' in after


def test_a_line_s_terms_and_certificate_open_at_the_line_and_not_at_the_claim(
    site: Site, line: ChargeLine
) -> None:
    browser = site.as_("ana")

    status, _ = post(
        browser, site,
        **{f"line_contract_kind-{line.id}": "01", f"line_contract_code-{line.id}": "L9",
           f"line_mammography_number-{line.id}": "AB12"},
    )  # fmt: skip
    page = browser.get(encounter_url(site, PAGE)).get_data(as_text=True)

    assert status == 303
    assert "<details open><summary>A contract’s terms for this line" in page
    assert "<details open><summary>Certificate of a mammography" in page
    assert "<details><summary>A contract’s terms</summary>" in page
    assert "<details><summary>Numbers of programs" in page
    assert 'value="L9"' in page
    assert 'value="AB12"' in page


def test_what_is_refused_in_a_folded_part_opens_it(site: Site) -> None:
    status, page = post(site.as_("ana"), site, ambulance_reason="A", ambulance_miles="far")

    assert status == 422
    assert "<details open><summary>Ambulance" in page
    assert "Give the miles, as 12.5." in page
    assert 'value="far"' in page
    assert kept(site) == NO_FACTS


def test_an_automobile_accident_without_its_state_is_refused(site: Site) -> None:
    on = str(site.encounter.service_on)

    status, page = post(site.as_("finn"), site, accident_cause="AA", accident_on=on)

    assert status == 422
    assert 'href="#accident_state"' in page


def test_the_desk_reads_what_it_may_not_change(site: Site, line: ChargeLine) -> None:
    browser = site.as_("finn")
    post(browser, site, claim_note="From the desk", accident_cause="OA",
         accident_on=str(site.encounter.service_on), **{f"line_note-{line.id}": "no"})  # fmt: skip

    page = browser.get(encounter_url(site, PAGE)).get_data(as_text=True)

    facts = kept(site)
    assert facts.note is None
    assert facts.accident is not None
    assert encounter_facts.of_lines(site.session, [line.id]) == {}
    assert page.count("<fieldset disabled>") == 6


def test_the_second_to_save_is_told(site: Site) -> None:
    browser = site.as_("ana")
    post(browser, site, claim_note="First")

    status, page = post(browser, site, claim_note="Second")

    assert status == 422
    assert "Somebody changed this meanwhile" in page
    assert kept(site).note == "First"


def test_saving_is_written_into_the_audit_without_what_was_typed(site: Site) -> None:
    post(site.as_("ana"), site, claim_note="Very private")

    row = site.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "changed what a claim says")
    ).one()

    assert row.words == "the note"
    assert row.patient_id == site.encounter.patient_id


def test_a_document_goes_with_the_claim_once_and_is_taken_off_again(site: Site) -> None:
    document = Document(
        encounter_id=site.encounter.id, kind="attachment", title="Operative note",
        mime="text/plain", sha256=hashlib.sha256(b"x").hexdigest(), content=b"x",
        received_at=site.now.at,
    )  # fmt: skip
    site.session.add(document)
    site.session.commit()
    browser, url = site.as_("ana"), encounter_url(site, "/attachments")

    for _ in range(2):
        answer = browser.post(url, document=str(document.uuid), report_type="OB")
    page = browser.get(encounter_url(site, PAGE)).get_data(as_text=True)
    (row,) = site.session.scalars(select(Attachment)).all()
    taken = browser.post(encounter_url(site, f"/attachments/{row.id}/removal"))
    again = browser.post(encounter_url(site, f"/attachments/{row.id}/removal"))

    site.session.expire_all()
    assert answer.status_code == 303
    assert f"A{row.id:08d}" in page
    assert (taken.status_code, again.status_code) == (303, 404)
    assert row.removed_at is not None


def test_a_document_of_nobody_is_refused(site: Site) -> None:
    answer = site.as_("ana").post(
        encounter_url(site, "/attachments"), document="none", report_type="OB"
    )

    assert answer.status_code == 422
    assert "Choose a document of this encounter." in answer.get_data(as_text=True)
