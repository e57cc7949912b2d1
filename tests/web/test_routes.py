"""Routes and enrolments on their pages: what an administrator may do, what no page ever tells."""

from pathlib import Path

import pytest
from sqlalchemy import select

from casework import route_outages, routes
from db.models import AuditEvent, Batch, Enrolment, Outbox, PayerRoute, Resend, Route
from tests.web.site import Site
from web.presenters import day

NAME = "clearinghouse"
FIELDS = {
    "transport": "sftp", "usage": "P", "host": "sftp.partner.example", "username": "cedar",
    "upload_folder": "in", "download_folder": "out", "taken_folder": "", "sender_id": "CEDAR",
    "receiver_id": "HOUSE", "signs_in_by": "password", "port": "2222", "look_minutes": "5",
    "batch_claims_max": "100", "batch_hours": "2", "sends_from_hour": "6",
    "sends_until_hour": "20", "keep_days": "90", "sends_on": ["1", "2"],
}  # fmt: skip


def row_of(site: Site) -> Route:
    site.session.expire_all()
    found = routes.find(site.session, NAME)
    assert found is not None
    return found


def test_an_administrator_says_where_a_route_leads(site: Site) -> None:
    answer = site.as_("ada").post(f"/routes/{NAME}", FIELDS)

    row = row_of(site)
    assert answer.status_code == 303
    assert (row.transport, row.host, row.port, row.usage) == (
        "sftp", "sftp.partner.example", 2222, "P",
    )  # fmt: skip
    assert (row.sends_on, row.batch_claims_max, row.keep_days) == ("12", 100, 90)
    told = site.session.scalars(
        select(AuditEvent.words).where(AuditEvent.object_kind == "route")
    ).one()
    assert "usage T → P" in told


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"host": ""}, "An SFTP server needs this."),
        ({"sender_id": "far too long for it"}, "Give 1 to 15 letters or digits"),
        ({"sends_until_hour": "6"}, "comes after the first"),
        ({"sends_on": []}, "Choose at least one day"),
        ({"port": "70000"}, "Give a whole number from 1 to 65535."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    site: Site, change: dict[str, object], words: str
) -> None:
    answer = site.as_("ada").post(f"/routes/{NAME}", {**FIELDS, **change})

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert row_of(site).transport == "folder"


def prepared_on(site: Site) -> None:
    """A file lies at the partner's, not renamed yet; the route stands as FIELDS say."""
    site.as_("ada").post(f"/routes/{NAME}", FIELDS)
    file = Outbox(
        route=NAME, name="837p-000000007.x12", sha256="0", content=b"ISA", state="prepared",
        part=".837p-000000007.x12.0a1b2c3d.part", asked_at=site.now.at,
    )  # fmt: skip
    site.session.add(file)
    site.session.commit()


@pytest.mark.parametrize(
    ("field", "typed", "before"),
    [
        ("transport", "folder", "sftp"),
        ("host", "new.partner.example", "sftp.partner.example"),
        ("port", "2022", 2222),
        ("username", "maple", "cedar"),
        ("upload_folder", "elsewhere", "in"),
    ],
)
def test_a_route_does_not_move_away_from_a_file_that_lies_there_unfinished(
    site: Site, field: str, typed: str, before: str | int
) -> None:
    prepared_on(site)

    answer = site.as_("ada").post(f"/routes/{NAME}", {**FIELDS, field: typed})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#{field}"' in page
    assert "837p-000000007.x12 was brought to the present place" in page
    assert "Wait until it is sent" in page
    assert f'value="{typed}"' in page
    assert getattr(row_of(site), field) == before


def test_a_route_moves_once_its_unfinished_file_is_sent_and_changes_otherwise_before(
    site: Site,
) -> None:
    prepared_on(site)
    ada = site.as_("ada")

    other = ada.post(f"/routes/{NAME}", {**FIELDS, "keep_days": "91"})
    file = site.session.scalars(select(Outbox).where(Outbox.state == "prepared")).one()
    file.state, file.sent_at = "done", site.now.at
    site.session.commit()
    moved = ada.post(f"/routes/{NAME}", {**FIELDS, "host": "new.partner.example"})

    assert (other.status_code, moved.status_code) == (303, 303)
    assert row_of(site).host == "new.partner.example"


@pytest.mark.parametrize(
    "name",
    ["bank", "ehr", "keyed", "lockbox", "mail", "portal", "printed-here", "statements"],
)
def test_no_partners_route_has_a_name_of_our_own(site: Site, name: str) -> None:
    answer = site.as_("ada").post("/routes", name=name.upper())

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "own: give another." in page
    assert f'value="{name}"' in page
    assert routes.find(site.session, name) is None


def test_another_place_must_show_its_key_anew(site: Site) -> None:
    row_of(site).host_key = "ssh-ed25519 AAAA"
    site.session.commit()

    site.as_("ada").post(f"/routes/{NAME}", FIELDS)

    assert not row_of(site).host_key


def test_a_secret_goes_in_and_never_comes_out(site: Site, tmp_path: Path) -> None:
    site.app.extensions["home"] = tmp_path
    ada = site.as_("ada")
    ada.post(f"/routes/{NAME}", FIELDS)

    answer = ada.post(f"/routes/{NAME}/secret", secret="canary-7f3a")
    page = ada.get(f"/routes/{NAME}").get_data(as_text=True)

    file = tmp_path / "routes" / f"{NAME}.password"
    assert answer.status_code == 303
    assert file.read_text() == "canary-7f3a"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "canary-7f3a" not in page
    assert "there is one already" in page
    words = site.session.scalars(select(AuditEvent.words)).all()
    assert not [told for told in words if "canary" in told]
    site.app.extensions["home"] = None


def test_a_pause_is_in_the_banner_of_everybody_until_it_ends(site: Site) -> None:
    ada, ana = site.as_("ada"), site.as_("ana")

    ada.post(f"/routes/{NAME}/pause", because="the partner moves")
    during = ana.get("/work").get_data(as_text=True)
    ada.post(f"/routes/{NAME}/resume")

    assert "The route clearinghouse is paused since" in during
    assert "the partner moves" in during
    assert "is paused since" not in ana.get("/work").get_data(as_text=True)


def test_a_pause_needs_a_reason(site: Site) -> None:
    answer = site.as_("ada").post(f"/routes/{NAME}/pause", because=" ")

    assert answer.status_code == 422
    assert "Say why the route is paused." in answer.get_data(as_text=True)


def test_an_outage_is_in_the_banner_too(site: Site) -> None:
    route_outages.fail(site.session, NAME, "connection refused", site.now)
    site.session.commit()

    page = site.as_("finn").get("/work").get_data(as_text=True)

    assert "The route clearinghouse is down since" in page


def test_a_new_route_goes_nowhere_before_it_is_said_where(site: Site) -> None:
    ada = site.as_("ada")

    answer = ada.post("/routes", name="direct")
    again = ada.post("/routes", name="direct")

    made = routes.find(site.session, "direct")
    assert (answer.status_code, again.status_code) == (303, 422)
    assert made is not None
    assert made.paused_at is not None


def test_a_supervisor_sends_a_lost_file_again_and_changes_no_route(site: Site) -> None:
    file = Outbox(
        route=NAME, name="837p-000000001.x12", sha256="0", content=b"ISA", state="done",
        asked_at=site.now.at, sent_at=site.now.at,
    )  # fmt: skip
    site.session.add(file)
    site.session.commit()
    lee = site.as_("lee")

    refused = lee.post(f"/routes/{NAME}/files/{file.id}", because="")
    answer = lee.post(f"/routes/{NAME}/files/{file.id}", because="the partner has lost it")

    site.session.expire_all()
    assert (refused.status_code, answer.status_code) == (422, 303)
    assert file.state == "waiting"
    assert site.session.scalars(select(Resend.because)).all() == ["the partner has lost it"]
    assert lee.post(f"/routes/{NAME}", FIELDS).status_code == 403


def test_an_enrolment_is_kept_on_the_payers_page(site: Site) -> None:
    ada, address = site.as_("ada"), f"/payers/{site.payer.payer_no}"

    ada.post(f"{address}/enrolments", {"status-837P": "pending", "note-837P": "asked by letter"})

    row = site.session.scalars(select(Enrolment)).one()
    page = ada.get(address).get_data(as_text=True)
    assert (row.transaction_set, row.status, row.note) == ("837P", "pending", "asked by letter")
    assert "asked by letter" in page


def test_a_payers_files_go_through_the_route_that_is_chosen(site: Site) -> None:
    site.session.add(Route(name="direct"))
    site.session.commit()
    ada, address = site.as_("ada"), f"/payers/{site.payer.payer_no}/routes"

    ada.post(address, {"route-837": "direct"})
    refused = ada.post(address, {"route-837": "nowhere"})

    led = select(PayerRoute.route).where(
        PayerRoute.payer_id == site.payer.id, PayerRoute.transaction_kind == "837"
    )
    assert refused.status_code == 422
    assert site.session.scalars(led).one() == "direct"


def test_what_was_typed_stays_beside_the_file_that_may_not_go_again(site: Site) -> None:
    file = Outbox(
        route=NAME, name="837p-000000001.x12", sha256="0", content=b"ISA", state="done",
        asked_at=site.now.at, sent_at=site.now.at,
    )  # fmt: skip
    site.session.add(file)
    site.session.flush()
    batch = Batch(
        route=NAME, kind="837P", outbox_id=file.id, opened_at=site.now.at,
        acknowledged_at=site.now.at,
    )  # fmt: skip
    site.session.add(batch)
    site.session.commit()

    answer = site.as_("lee").post(f"/routes/{NAME}/files/{file.id}", because="It is lost")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="It is lost"' in page
    assert f'href="#insists-{file.id}"' in page
    assert f'id="insists-{file.id}-r"' in page
    assert 'id="because-r"' not in page
    assert 'id="sender_id" name="sender_id" type="text" value=""' not in page


def test_the_name_of_a_route_that_was_refused_stays(site: Site) -> None:
    answer = site.as_("ada").post("/routes", name="Acme direct")

    assert answer.status_code == 422
    assert 'value="acme direct"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("given", ["no key at all", "ssh-ed25519 AAAA cedar@practice"])
def test_what_is_no_private_key_is_not_kept_as_one(site: Site, tmp_path: Path, given: str) -> None:
    site.app.extensions["home"] = tmp_path
    ada = site.as_("ada")
    ada.post(f"/routes/{NAME}", {**FIELDS, "signs_in_by": "key"})

    answer = ada.post(f"/routes/{NAME}/secret", secret=given)

    page = answer.get_data(as_text=True)
    site.app.extensions["home"] = None
    assert answer.status_code == 422
    assert "This is no private key." in page
    assert given not in page
    assert not (tmp_path / "routes" / f"{NAME}.key").exists()


def test_nobody_is_told_of_a_new_route_before_a_payers_files_go_through_it(site: Site) -> None:
    ada, finn = site.as_("ada"), site.as_("finn")
    ada.post("/routes", name="direct")
    before = finn.get("/work").get_data(as_text=True)
    stuck = site.as_("lee").get("/stuck").get_data(as_text=True)

    ada.post(f"/payers/{site.payer.payer_no}/routes", {"route-837": "direct"})

    assert "route direct" not in before
    assert "route direct" not in stuck
    assert "The route direct is paused since" in finn.get("/work").get_data(as_text=True)


def test_the_banner_writes_its_day_as_every_page_does(site: Site) -> None:
    site.as_("ada").post(f"/routes/{NAME}/pause", because="the partner moves")

    page = site.as_("finn").get("/work").get_data(as_text=True)

    assert f"is paused since {day(site.now.today, site.now.today)} " in page
    assert f"since {site.now.today}" not in page


def test_a_paused_route_is_no_error_of_ours_and_is_not_tried_by_itself(site: Site) -> None:
    site.as_("ada").post(f"/routes/{NAME}/pause", because="the partner moves")

    page = site.as_("lee").get("/stuck").get_data(as_text=True)

    assert "A route to a partner stands still" in page
    assert "Nothing goes on it until an administrator resumes it." in page
    assert "Our error" not in page
    assert "tried again by itself" not in page
