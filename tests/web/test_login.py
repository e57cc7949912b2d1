"""The door: who gets in, who does not, and for how long."""

import datetime as dt

from sqlalchemy import select, update

from db.models import UserSession


def test_a_right_password_opens_my_work(site):
    browser = site.as_("ana")

    page = browser.get("/work")

    assert page.status_code == 200
    assert "Ana Ruiz" in page.get_data(as_text=True)
