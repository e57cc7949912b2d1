"""A paper EOB on its pages: begun from a claim, saved, refused with nothing lost, posted once."""

import io
import re

from sqlalchemy import select

from db.models import Document, KeyedEob, RawFile, Remittance, Submission
from domain.keyed_eob import KEYED
from tests.web.site import Browser, Site, encounter_url
from tests.web.test_proof import sent_claim

PATH = "/remittances/keyed"


def _begun(site: Site, browser: Browser) -> str:
    """The address of a draft that begins with the one claim."""
    claim = sent_claim(site, charge_cents=15_000)
    answer = browser.post(f"{PATH}/claims/{claim.uuid}")
    assert answer.status_code == 303
    address = str(answer.headers["Location"])
    browser.get(address)
    return address


def _form(site: Site, address: str, **changes: str) -> dict[str, str]:
    uuid = address.rsplit("/", 1)[1].split("?", maxsplit=1)[0]
    row = site.session.scalars(select(KeyedEob).where(KeyedEob.uuid == uuid)).one()
    site.session.refresh(row)
    return {
        "version": str(row.version), "opened": "0", "payer": site.payer.payer_no, "method": "CHK",
        "trace": "88123", "paid_on": "2026-02-03", "amount": "90.00",
        "c0.pcn": _pcn(site), "c0.payer_claim_number": "PAPER-1", "c0.status": "1", "c0.paid": "",
        "c0.l0.code": "99214", "c0.l0.service_on": "2026-01-06", "c0.l0.charge": "150.00",
        "c0.l0.allowed": "", "c0.l0.paid": "90.00", "c0.l0.remarks": "",
        "c0.l0.r0.group": "CO", "c0.l0.r0.carc": "45", "c0.l0.r0.amount": "60.00",
        "do": "post",
    } | {name.replace("__", "."): value for name, value in changes.items()}  # fmt: skip


def _pcn(site: Site) -> str:
    return site.session.scalars(select(Submission.pcn)).one()


def test_it_is_keyed_from_the_claim_and_becomes_a_remittance_of_whoever_keyed_it(
    site: Site,
) -> None:
    ana = site.as_("ana")
    address = _begun(site, ana)

    answer = ana.post(address, _form(site, address))

    assert answer.status_code == 303, answer.get_data(as_text=True)
    row = site.session.scalars(select(Remittance)).one()
    assert (row.originator, row.trace_number, row.paid_cents) == (
        f"{KEYED}{site.payer.payer_no}", "88123", 9_000,
    )  # fmt: skip
    page = ana.get(answer.headers["Location"]).get_data(as_text=True)
    assert "keyed by Ana Ruiz" in page
    assert site.session.scalars(select(RawFile.route)).all() == ["keyed"]


def test_what_does_not_balance_is_refused_with_its_place_and_nothing_is_lost(site: Site) -> None:
    ana = site.as_("ana")
    address = _begun(site, ana)

    answer = ana.post(address, _form(site, address, c0__l0__r0__amount="50.00", trace="T-LOST"))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert (
        f"Claim 1 ({_pcn(site)}), line 1 (99214): charge less adjustments makes $100.00, but "
        "$90.00 is keyed as paid. $10.00 has no reason." in page
    )
    assert 'value="T-LOST"' in page
    assert site.session.scalars(select(Remittance)).all() == []
    assert 'value="T-LOST"' in site.as_("bo").get(address).get_data(as_text=True)


def test_the_running_sum_is_written_by_the_server_too(site: Site) -> None:
    ana = site.as_("ana")
    address = _begun(site, ana)

    ana.post(address, _form(site, address, amount="100.00", do="save"))

    page = ana.get(address).get_data(as_text=True)
    left = re.search(r"left to key</small><b>.*?<output>(.*?)</output>", page, re.DOTALL)
    assert left is not None
    assert left[1] == "10.00"


def test_a_check_that_pays_less_is_refused_at_its_amount(site: Site) -> None:
    ana = site.as_("ana")
    address = _begun(site, ana)

    answer = ana.post(address, _form(site, address, amount="80.00"))

    assert answer.status_code == 422
    assert "claims less provider level make $90.00, but the check is $80.00" in answer.get_data(
        as_text=True
    )


def test_of_two_who_save_the_second_is_told_and_keeps_what_was_typed(site: Site) -> None:
    ana, bo = site.as_("ana"), site.as_("bo")
    address = _begun(site, ana)
    bo.get(address)
    old = _form(site, address, trace="BO-1", do="save")
    ana.post(address, _form(site, address, do="save"))

    answer = bo.post(address, old)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Ana Ruiz saved this EOB after you opened it." in page
    assert 'value="BO-1"' in page


def test_a_claim_is_found_by_name_without_the_name_in_an_address(site: Site) -> None:
    ana = site.as_("ana")
    sent_claim(site, charge_cents=15_000)
    address = str(ana.post(PATH).headers["Location"])
    ana.get(address)

    page = ana.post(
        address, {"version": "1", "opened": "0", "find": "marlow", "do": "find"}
    ).get_data(as_text=True)

    found = re.search(r'value="(add:[^"]+)"', page)
    assert found is not None
    assert site.encounter.encounter_no in page
    added = ana.post(address, {"version": "2", "opened": "0", "find": "marlow", "do": found[1]})
    assert "marlow" not in str(added.headers["Location"]).lower()
    assert "150.00" in ana.get(added.headers["Location"]).get_data(as_text=True)


def test_nothing_found_is_added_as_it_stands_on_the_paper(site: Site) -> None:
    ana = site.as_("ana")
    address = str(ana.post(PATH).headers["Location"])
    ana.get(address)

    answer = ana.post(address, {"version": "1", "opened": "0", "find": "ELSE1", "do": "find"})
    ana.post(address, {"version": "2", "opened": "0", "find": "ELSE1", "do": "unknown"})

    assert answer.status_code == 422
    assert 'value="ELSE1"' in ana.get(address).get_data(as_text=True)


def test_a_scan_is_kept_and_only_a_pdf_is(site: Site) -> None:
    ana = site.as_("ana")
    address = _begun(site, ana)
    form: dict[str, object] = {**_form(site, address, do="save"), "csrf_token": ana.token}
    refused = ana.client.post(address, data={**form, "scan": _upload(b"GIF89a")})
    form["version"] = str(int(str(form["version"])) + 1)

    kept = ana.client.post(address, data={**form, "scan": _upload(b"%PDF-1.7 scan")})

    assert (refused.status_code, kept.status_code) == (422, 303)
    (document,) = site.session.scalars(select(Document).where(Document.kind == "eob")).all()
    assert document.encounter_id is None


def test_a_draft_that_is_thrown_away_posts_nothing(site: Site) -> None:
    ana = site.as_("ana")
    address = _begun(site, ana)

    ana.post(address, _form(site, address, do="discard"))

    assert ana.get(address).status_code == 303
    assert "No EOB is being keyed" in ana.get(PATH).get_data(as_text=True)
    assert site.session.scalars(select(Remittance)).all() == []


def test_the_encounter_offers_it_to_those_who_may(site: Site) -> None:
    sent_claim(site, charge_cents=15_000)

    assert f"{PATH}/claims/" in site.as_("ana").get(encounter_url(site)).get_data(as_text=True)
    assert f"{PATH}/claims/" not in site.as_("cora").get(encounter_url(site)).get_data(as_text=True)


def _upload(content: bytes) -> tuple[object, str]:
    return io.BytesIO(content), "scan.pdf"


def _posted(site: Site, browser: Browser) -> Remittance:
    """As its workflow leaves it, which pages may not step themselves."""
    address = _begun(site, browser)
    assert browser.post(address, _form(site, address)).status_code == 303
    row = site.session.scalars(select(Remittance)).one()
    row.posted_at = site.now.at
    for answer in row.claims:
        answer.posting, answer.posted_at = "posted", site.now.at
    site.session.commit()
    return row


def test_a_wrong_one_is_undone_for_a_reason_and_keyed_again(site: Site) -> None:
    ana = site.as_("ana")
    row = _posted(site, ana)
    path = f"/remittances/{row.uuid}"
    assert "Undo this posting" in ana.get(path).get_data(as_text=True)

    without = ana.post(f"{path}/undoing", {"because": " "})
    undone = ana.post(f"{path}/undoing", {"because": "keyed on the wrong line"})
    second = site.as_("lee").post(f"{path}/undoing", {"because": "me too"})

    assert (without.status_code, undone.status_code, second.status_code) == (422, 303, 409)
    assert "Say why it is undone." in without.get_data(as_text=True)
    assert "Ana Ruiz undid this posting first." in second.get_data(as_text=True)
    page = ana.get(path).get_data(as_text=True)
    assert "Ana Ruiz undid this posting" in page
    assert "keyed on the wrong line" in page
    back = site.session.scalars(select(Remittance).where(Remittance.undoes_id == row.id)).one()
    shown = ana.get(f"/remittances/{back.uuid}").get_data(as_text=True)
    assert "Undone: $90.00" in shown
    assert "keyed on the wrong line" in shown

    again = ana.post(f"{path}/keying")

    assert again.status_code == 303
    assert 'value="88123"' in ana.get(again.headers["Location"]).get_data(as_text=True)


def test_an_auditor_reads_why_and_undoes_nothing(site: Site) -> None:
    ana = site.as_("ana")
    row = _posted(site, ana)

    page = site.as_("otto").get(f"/remittances/{row.uuid}").get_data(as_text=True)

    assert "Undo this posting" not in page


def test_throwing_a_draft_away_is_asked_about_on_the_page_itself(site: Site) -> None:
    ana = site.as_("ana")
    address = _begun(site, ana)

    page = ana.get(address).get_data(as_text=True)

    assert 'popovertarget="discard">Throw it away…' in page
    assert "What was keyed is gone for good, with its 1 claim." in page
    assert page.index('id="discard"') < page.index('value="discard"')
