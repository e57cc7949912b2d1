"""Users, payers, fees, settings, reports and remittances."""

import datetime as dt

import pytest
from sqlalchemy import select

from db.models import AuditEvent, FeeSchedule, FeeScheduleItem, RawFile, Remittance, User
from domain.claim_form import ClaimForm
from domain.tasks import Role
from tests.web.site import Browser, Site

NEW = {
    "username": "Mona", "full_name": "Mona Frey", "role": "biller",
    "password": "another long sentence",
}  # fmt: skip


def test_a_person_is_added_and_may_sign_in(site: Site) -> None:
    ada = site.as_("ada")

    answer = ada.post("/users", NEW)

    assert answer.status_code == 303
    browser = Browser(site.app.test_client())
    assert browser.sign_in("mona", NEW["password"]).status_code == 303
    audited = site.session.scalars(select(AuditEvent).where(AuditEvent.object_kind == "user")).one()
    assert (audited.object_key, audited.words) == ("mona", "as biller")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": "ana"}, "Somebody has this name already."),
        ({"password": "short"}, "Use at least 12 characters"),
        ({"role": "owner"}, "Choose one of the list."),
        ({"role": "provider"}, "Choose which provider this is."),
    ],
)
def test_a_person_that_cannot_be_added_is_said_so(
    site: Site, change: dict[str, str], words: str
) -> None:
    answer = site.as_("ada").post("/users", NEW | change)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    assert NEW["password"] not in page
    assert len(site.session.scalars(select(User)).all()) == len(site.users)


def test_who_is_shut_out_is_out_at_once(site: Site) -> None:
    ada, ana = site.as_("ada"), site.as_("ana")

    ada.post(f"/users/{site.users['ana'].id}/access", is_active="no")

    assert ana.get("/work").status_code == 303


def test_nobody_shuts_out_themselves(site: Site) -> None:
    ada = site.as_("ada")

    answer = ada.post(f"/users/{site.users['ada'].id}/access", is_active="no")

    assert answer.status_code == 422
    assert ada.get("/work").status_code == 200


def test_a_new_password_ends_the_old_logins(site: Site) -> None:
    ada, ana = site.as_("ada"), site.as_("ana")

    ada.post(f"/users/{site.users['ana'].id}/password", password="a wholly new sentence")

    assert ana.get("/work").status_code == 303
    browser = Browser(site.app.test_client())
    assert browser.sign_in("ana", "a wholly new sentence").status_code == 303


def test_a_payers_rules_are_changed_and_audited(site: Site) -> None:
    ada = site.as_("ada")
    form = _payer_form(site) | {"appeal_days": str(site.payer.appeal_days + 5)}
    before = site.payer.appeal_days

    answer = ada.post(f"/payers/{site.payer.payer_no}", form)

    assert answer.status_code == 303
    site.session.refresh(site.payer)
    assert site.payer.appeal_days == before + 5
    audited = select(AuditEvent.words).where(AuditEvent.object_kind == "payer")
    assert f"appeal_days {before} → {before + 5}" in site.session.scalars(audited).one()


def test_a_number_that_is_none_is_refused_and_stays_as_typed(site: Site) -> None:
    form = _payer_form(site) | {"timely_days": "soon"}

    answer = site.as_("ada").post(f"/payers/{site.payer.payer_no}", form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Give a whole number from 1 to" in page
    assert 'value="soon"' in page


def test_a_new_price_is_a_new_version_and_the_old_one_keeps_its_end(site: Site) -> None:
    tomorrow = site.now.today + dt.timedelta(days=1)
    form = {"code": "99214", "words": "Visit, level 4", "price": "250.00", "from": str(tomorrow)}

    answer = site.as_("ada").post("/fees", form)

    assert answer.status_code == 303
    ours = select(FeeSchedule).where(FeeSchedule.form == ClaimForm.PROFESSIONAL)
    old, new = site.session.scalars(ours.order_by(FeeSchedule.version)).all()
    assert old.valid_to == site.now.today
    assert new.valid_from == tomorrow
    items = select(FeeScheduleItem).where(FeeScheduleItem.fee_schedule_id == new.id)
    prices = {item.code: item.price_cents for item in site.session.scalars(items)}
    assert prices["99214"] == 25_000
    assert len(prices) > 10


def test_a_facilitys_price_has_a_revenue_code_and_a_schedule_of_its_own(site: Site) -> None:
    tomorrow = site.now.today + dt.timedelta(days=1)
    price = {"form": "I", "code": "99213", "words": "Room", "price": "120", "from": str(tomorrow)}
    browser = site.as_("ada")

    refused = browser.post("/fees", price | {"revenue_code": "51"})
    answer = browser.post("/fees", price | {"revenue_code": "0511"})

    assert refused.status_code == 422
    assert "four digits" in refused.get_data(as_text=True)
    assert answer.status_code == 303
    page = browser.get("/fees?form=I").get_data(as_text=True)
    assert "Facility, version 2" in page
    assert '<span class="code">0511</span>' in page
    assert '<span class="code">0610</span>' in page
    assert "Standard, version 1" in browser.get("/fees").get_data(as_text=True)


def test_a_price_never_begins_in_the_past(site: Site) -> None:
    form = {"code": "99214", "words": "x", "price": "1", "from": str(site.now.today)}

    answer = site.as_("ada").post("/fees", form)

    assert answer.status_code == 422
    assert "A new price begins after today" in answer.get_data(as_text=True)


def test_settings_turn_the_single_keys_off(site: Site) -> None:
    ana = site.as_("ana")

    ana.post("/settings", theme="dark", density="roomy", keys="off")

    page = ana.get("/work").get_data(as_text=True)
    assert 'data-theme="dark"' in page
    assert 'data-density="roomy"' in page
    assert 'data-keys="off"' in page


def test_an_unknown_setting_is_refused(site: Site) -> None:
    answer = site.as_("ana").post("/settings", theme='"><script>', density="compact", keys="on")

    assert answer.status_code == 422


def test_reports_say_of_an_empty_practice_that_nothing_is_owed(site: Site) -> None:
    page = site.as_("ana").get("/reports").get_data(as_text=True)

    assert "Nothing is owed" in page


@pytest.mark.parametrize("name", ["ana", "lee", "ada", "otto"])
def test_reports_name_no_patient(site: Site, name: str) -> None:
    answer = site.as_(name).get("/reports")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Days in A/R" in page
    assert "R.M." not in page


def test_a_remittance_is_listed_and_opened(site: Site) -> None:
    file = RawFile(
        sha256="0" * 64, route="clearinghouse", name="a.835", content=b"ISA", kinds="835",
        judgement="taken", words="taken", received_at=site.now.at,
    )  # fmt: skip
    site.session.add(file)
    site.session.flush()
    row = Remittance(
        raw_file_id=file.id, payer_id=site.payer.id, originator="1", trace_number="88201773",
        paid_on=site.now.today, paid_cents=0, method="ACH", received_at=site.now.at,
    )  # fmt: skip
    site.session.add(row)
    site.session.commit()
    ana = site.as_("ana")

    listed = ana.get("/remittances").get_data(as_text=True)
    opened = ana.get(f"/remittances/{row.uuid}")
    found = ana.get("/find?q=88201773")

    assert "88201773" in listed
    assert opened.status_code == 200
    assert "trace 88201773" in opened.get_data(as_text=True)
    assert found.headers["Location"] == f"/remittances/{row.uuid}"


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_master_data_is_read_by_administrator_and_auditor(site: Site, role: Role) -> None:
    name = {Role.ADMINISTRATOR: "ada", Role.AUDITOR: "otto"}[role]
    browser = site.as_(name)

    pages = [browser.get(path) for path in ("/users", "/payers", "/fees")]

    assert [page.status_code for page in pages] == [200, 200, 200]
    has_form = "Add a person" in pages[0].get_data(as_text=True)
    assert has_form is (role is Role.ADMINISTRATOR)


def _payer_form(site: Site) -> dict[str, str]:
    row = site.payer
    names = (
        "name", "timely_days", "appeal_days", "decision_days", "usual_days", "appeal_levels",
        "professional_instead", "institutional_instead",
    )  # fmt: skip
    flags = (
        "takes_frequency_7",
        "takes_institutional_7",
        "takes_late_charges",
        "hears_timely_filing",
    )
    return {name: str(getattr(row, name)) for name in names} | {
        name: "yes" for name in flags if getattr(row, name)
    }
