"""A payer found late is billed from the encounter's page, for what the patient was asked for."""

import pytest
from sqlalchemy import select

from casework import ledger
from db.models import AuditEvent, ChargeLine, Coverage
from domain.encounter import ClaimStage, Stage
from domain.ledger import Account, LedgerEntry, Leg
from tests.web.site import Site, a_claim

CENTS = 20_000


def _with_patient(site: Site) -> str:
    """The visit is charged and the patient owes it; its page of payers."""
    row = site.encounter
    line = ChargeLine(
        encounter_id=row.id, ordinal=1, code="99213", modifiers=[], units=1, pointers=[1],
        service_on=row.service_on, charge_cents=CENTS,
    )  # fmt: skip
    row.stage = Stage.PATIENT
    site.session.add(line)
    site.session.flush()
    owed = Leg(
        account=Account.AR_PATIENT, cents=CENTS, patient_id=row.patient_id,
        guarantor_id=row.guarantor_id, encounter_id=row.id, charge_line_id=line.id,
    )  # fmt: skip
    charged = Leg(
        account=Account.CHARGES, cents=-CENTS, encounter_id=row.id, charge_line_id=line.id
    )
    entry = LedgerEntry(
        effect_key="charges", source="test", words="Charged to the patient",
        service_on=row.service_on, deposit_on=None, posted_on=site.now.today,
        legs=(owed, charged),
    )  # fmt: skip
    ledger.post(site.session, entry)
    site.session.commit()
    return f"/encounters/{row.uuid}/payer"


def _payer_owes(site: Site) -> int:
    return ledger.balance(site.session, Account.AR_INSURANCE, encounter_id=site.encounter.id)


@pytest.mark.parametrize("name", ["finn", "ana", "lee"])
def test_a_known_coverage_is_billed(site: Site, name: str) -> None:
    path = _with_patient(site)
    browser = site.as_(name)
    coverage = site.session.scalars(select(Coverage)).one()
    offered = browser.get(f"/encounters/{site.encounter.uuid}").get_data(as_text=True)
    page = browser.get(path).get_data(as_text=True)

    answer = browser.post(path, coverage=str(coverage.id))

    assert "Another payer…" in offered
    assert coverage.member_id not in page
    assert answer.status_code == 303
    assert _payer_owes(site) == CENTS
    site.session.refresh(site.encounter)
    assert site.encounter.stage is Stage.CLAIMS
    billed = select(AuditEvent).where(AuditEvent.action == "billed another payer")
    assert site.session.scalars(billed).one().patient_id == site.encounter.patient_id


def test_a_card_that_we_did_not_know_is_entered_and_billed(site: Site) -> None:
    path = _with_patient(site)
    known = site.session.scalars(select(Coverage)).one()

    answer = site.as_("finn").post(
        path, coverage="new", payer=known.plan.payer.payer_no, member="ZZ9001", relation="spouse",
        holder_last="Marlow", holder_first="Ilya", holder_birth="1970-01-02",
    )  # fmt: skip

    assert answer.status_code == 303
    made = site.session.scalars(select(Coverage).where(Coverage.id != known.id)).one()
    assert (made.member_id, made.rank) == ("ZZ9001", known.rank + 1)
    assert made.subscriber is not None
    assert made.subscriber.first_name == "Ilya"
    assert _payer_owes(site) == CENTS


def test_where_no_coverage_is_known_the_card_is_all_that_is_asked(site: Site) -> None:
    path = _with_patient(site)
    site.session.scalars(select(Coverage)).one().ended_because = "not this patient's"
    site.session.commit()
    finn = site.as_("finn")

    page = finn.get(path).get_data(as_text=True)
    answer = finn.post(
        path, coverage="new", payer=site.payer.payer_no, member="ZZ9001", relation="self"
    )

    assert 'type="radio"' not in page
    assert '<input type="hidden" name="coverage" value="new">' in page
    assert "if it is new" not in page
    assert answer.status_code == 303
    told = finn.get(answer.headers["Location"]).get_data(as_text=True)
    assert f"{site.payer.name} is billed for $200.00" in told


def test_the_next_page_names_who_is_billed(site: Site) -> None:
    path = _with_patient(site)
    coverage = site.session.scalars(select(Coverage)).one()
    ana = site.as_("ana")

    answer = ana.post(path, coverage=str(coverage.id))

    told = ana.get(answer.headers["Location"]).get_data(as_text=True)
    assert f"{coverage.plan.payer.name} is billed for $200.00" in told


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Choose one of the list."),
        ({"coverage": "999999"}, "Choose one of the list."),
        ({"coverage": "new"}, "Choose the payer that the card names."),
        ({"coverage": "new", "payer": "nobody", "relation": "self"}, "Choose one of the list."),
    ],
)
def test_an_incomplete_form_says_so_and_changes_nothing(
    site: Site, form: dict[str, str], words: str
) -> None:
    path = _with_patient(site)

    answer = site.as_("finn").post(path, form)

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert _payer_owes(site) == 0
    assert len(site.session.scalars(select(Coverage)).all()) == 1


def test_no_other_payer_is_offered_while_one_has_yet_to_answer(site: Site) -> None:
    path = _with_patient(site)
    a_claim(site, ClaimStage.ACCEPTED)
    browser = site.as_("finn")

    offered = browser.get(f"/encounters/{site.encounter.uuid}").get_data(as_text=True)
    answer = browser.post(
        path, coverage="new", payer=site.payer.payer_no, member="ZZ9001", relation="self"
    )

    assert "Another payer…" not in offered
    assert "The bill is not the patient’s yet" in browser.get(path).get_data(as_text=True)
    assert answer.status_code == 422
    assert "A claim of it is not settled yet." in answer.get_data(as_text=True)
    assert len(site.session.scalars(select(Coverage)).all()) == 1


def test_the_form_sent_twice_bills_once(site: Site) -> None:
    path = _with_patient(site)
    browser = site.as_("finn")
    coverage = site.session.scalars(select(Coverage)).one()

    first = browser.post(path, coverage=str(coverage.id))
    second = browser.post(path, coverage=str(coverage.id))

    assert (first.status_code, second.status_code) == (303, 422)
    assert _payer_owes(site) == CENTS
