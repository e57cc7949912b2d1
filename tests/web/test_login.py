"""The door: who gets in, who does not, and for how long."""

import datetime as dt

import pytest
from sqlalchemy import func, select, update

from db.models import UserSession
from tests.web.site import PASSWORD, Browser, Site
from web.sessions import IDLE_AFTER, KeptSessions, hashed, real_now


def test_a_right_password_opens_my_work(site: Site) -> None:
    browser = site.as_("ana")

    page = browser.get("/work")

    assert page.status_code == 200
    assert "Ana Ruiz" in page.get_data(as_text=True)


def test_a_wrong_password_is_told_apart_from_no_name_by_nothing(site: Site) -> None:
    known = Browser(site.app.test_client()).sign_in("ana", "not the password")
    unknown = Browser(site.app.test_client()).sign_in("nobody", "not the password")

    assert known.status_code == unknown.status_code == 401
    assert "do not belong together" in known.get_data(as_text=True)
    assert "do not belong together" in unknown.get_data(as_text=True)


def test_the_sixth_wrong_password_is_not_even_looked_at(site: Site) -> None:
    browser = Browser(site.app.test_client())
    for _ in range(5):
        browser.sign_in("ana", "not the password")

    sixth = browser.sign_in("ana", PASSWORD)

    assert sixth.status_code == 429
    assert "Too many wrong passwords" in sixth.get_data(as_text=True)
    assert Browser(site.app.test_client()).sign_in("bo").status_code == 303


def test_somebody_who_is_shut_out_cannot_sign_in(site: Site) -> None:
    site.users["ana"].is_active = False
    site.session.commit()

    answer = Browser(site.app.test_client()).sign_in("ana")

    assert answer.status_code == 401


def test_only_the_hash_of_the_cookie_is_kept_and_it_changes_with_the_login(site: Site) -> None:
    browser = Browser(site.app.test_client())
    browser.get("/login")
    before = browser.client.get_cookie("claimflow")

    browser.sign_in("ana")

    after = browser.client.get_cookie("claimflow")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    kept = site.session.scalars(select(UserSession.token_hash)).all()
    assert hashed(after.value) in kept
    assert after.value.encode() not in kept


def test_signing_out_ends_the_session_in_the_table(site: Site) -> None:
    browser = site.as_("ana")
    cookie = browser.client.get_cookie("claimflow")
    assert cookie is not None

    browser.post("/logout")

    browser.client.set_cookie("claimflow", cookie.value)
    assert browser.get("/work").status_code == 303


@pytest.mark.parametrize("column", ["seen_at", "expires_at"])
def test_an_idle_session_and_an_old_one_are_over(site: Site, column: str) -> None:
    browser = site.as_("ana")
    long_ago = func.clock_timestamp() - IDLE_AFTER - dt.timedelta(seconds=1)
    site.session.execute(update(UserSession).values({column: long_ago}))
    site.session.commit()

    answer = browser.get("/work")

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login")


def test_a_poll_does_not_keep_anybody_signed_in(site: Site) -> None:
    browser = site.as_("ana")
    earlier = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=10)
    site.session.execute(update(UserSession).values(seen_at=earlier))
    site.session.commit()

    browser.get("/session", headers={"X-Poll": "1"})
    after_poll = site.session.scalars(select(UserSession.seen_at)).all()
    browser.get("/session")
    after_click = site.session.scalars(select(UserSession.seen_at)).all()

    assert earlier in after_poll
    assert max(after_click) > earlier


def test_the_door_leads_back_to_a_page_of_ours_only(site: Site) -> None:
    inside, outside = (Browser(site.app.test_client()) for _ in range(2))
    inside.get("/login")
    outside.get("/login")

    back = inside.post("/login", username="ana", password=PASSWORD, next="/queues/denial")
    away = outside.post("/login", username="ana", password=PASSWORD, next="//evil.example/work")

    assert back.headers["Location"] == "/queues/denial"
    assert away.headers["Location"] == "/work"


def test_a_form_without_its_token_changes_nothing(site: Site) -> None:
    task = site.task()
    browser = site.as_("ana")

    answer = browser.client.post(f"/tasks/{task.uuid}/claim")

    assert answer.status_code == 400
    assert "did not come from an open page" in answer.get_data(as_text=True)
    site.session.refresh(task)
    assert task.assignee_id is None


def test_every_page_forbids_scripts_of_others_and_is_kept_nowhere(site: Site) -> None:
    page = site.as_("ana").get("/work")

    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_the_cookie_is_locked_to_https_where_there_is_https(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    over_tls = KeptSessions(site.app.extensions["sessions"], is_tls=True, clock=real_now)
    monkeypatch.setattr(site.app, "session_interface", over_tls)

    cookie = site.app.test_client().get("/login").headers["Set-Cookie"]

    assert cookie.startswith("__Host-claimflow=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie


def test_healthz_answers_without_a_login(site: Site) -> None:
    answer = site.app.test_client().get("/healthz")

    assert answer.json == {"status": "ok"}


def test_sessions_long_over_are_forgotten_at_the_next_login(site: Site) -> None:
    site.as_("bo")
    site.session.execute(update(UserSession).values(expires_at=real_now() - dt.timedelta(days=2)))
    site.session.commit()
    over = set(site.session.scalars(select(UserSession.token_hash)))

    site.as_("ana")

    kept = set(site.session.scalars(select(UserSession.token_hash)))
    assert over
    assert kept
    assert not over & kept
