"""An administrator says how a payer takes claims; a portal's values are keyed from one page."""

import pytest
from sqlalchemy import select

from casework import sending
from casework.answers import portal_claim
from casework.answers.registry import KINDS
from db.models import AuditEvent, ClaimVersion, Diagnosis, PayerRoute, Task
from domain.encounter import ClaimStage
from domain.tasks import TaskKind
from tests.web.site import Site, a_claim


def _channel(site: Site) -> tuple[str, str]:
    row = site.session.scalars(
        select(PayerRoute).where(
            PayerRoute.payer_id == site.payer.id, PayerRoute.transaction_kind == "837"
        )
    ).one()
    site.session.refresh(row)
    return row.channel, row.route


def test_an_administrator_chooses_the_channel_and_it_is_recorded(site: Site) -> None:
    ada = site.as_("ada")
    path = f"/payers/{site.payer.payer_no}"

    answer = ada.post(f"{path}/channel", channel="portal")

    assert answer.status_code == 303
    assert _channel(site) == ("portal", "portal")
    assert "keyed by a person at its portal, from now on" in ada.get(path).get_data(as_text=True)
    words = select(AuditEvent.words).where(AuditEvent.object_kind == "payer")
    assert site.session.scalars(words).all() == ["claims by edi → portal"]
    ada.post(f"{path}/channel", channel="edi")
    assert _channel(site) == ("edi", "clearinghouse")


def test_a_channel_that_does_not_exist_is_refused(site: Site) -> None:
    answer = site.as_("ada").post(f"/payers/{site.payer.payer_no}/channel", channel="pigeon")

    assert answer.status_code == 422
    assert "Choose one of the list." in answer.get_data(as_text=True)
    assert _channel(site) == ("edi", "clearinghouse")


def _to_key(site: Site, monkeypatch: pytest.MonkeyPatch) -> Task:
    monkeypatch.setitem(KINDS, TaskKind.PORTAL_CLAIM, portal_claim)
    site.as_("ada").post(f"/payers/{site.payer.payer_no}/channel", channel="portal")
    claim = a_claim(site, ClaimStage.EDITS)
    site.session.add(Diagnosis(encounter_id=site.encounter.id, rank=1, code="E11.9"))
    site.session.add(
        ClaimVersion(
            claim_id=claim.id, version=1, frequency="1", because="first", made_at=site.now.at,
            charge_line_ids=[line.charge_line_id for line in claim.lines],
        )
    )  # fmt: skip
    site.session.flush()
    sending.send(site.session, claim, site.now)
    site.session.commit()
    return site.session.scalars(select(Task).where(Task.kind == TaskKind.PORTAL_CLAIM)).one()


def test_the_page_hides_the_person_until_it_is_asked_and_takes_the_number(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = _to_key(site, monkeypatch)
    ana = site.as_("ana")

    hidden = ana.get(f"/tasks/{task.uuid}").get_data(as_text=True)
    shown = ana.get(f"/tasks/{task.uuid}/identifiers").get_data(as_text=True)

    assert "24D Procedure" in hidden
    assert "Marlow, Rosa" not in hidden
    assert "Marlow, Rosa" in shown
    assert "03/04/1972" in shown
    form = {"version": str(task.version), "action": "keyed", "confirmation_no": "N-1",
            "keyed_on": site.now.today.isoformat()}  # fmt: skip
    assert ana.post(f"/tasks/{task.uuid}/answer", form).status_code == 303
    page = ana.get(f"/encounters/{site.encounter.uuid}").get_data(as_text=True)
    assert "N-1" in page.split('id="filing"', 1)[1]
