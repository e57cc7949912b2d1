"""The door: a name and a password, five wrong ones per name and address in fifteen minutes."""

import datetime as dt

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask import session as kept
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from db.models import LoginAttempt, User
from web import passwords
from web.access import Action, needs
from web.context import db, sessions, user
from web.forms import own_path
from web.sessions import KeptSession, sweep

login = Blueprint("login", __name__)

WRONG_MAX = 5
WRONG_WITHIN = dt.timedelta(minutes=15)
NAME_MAX = 100


@login.get("/login")
@needs(Action.ENTER)
def show() -> ResponseReturnValue:
    if user() is not None:
        return redirect(url_for("work.mine"), 303)
    return render_template("session/login.html", next=own_path(request.args.get("next")))


@login.post("/login")
@needs(Action.ENTER)
def enter() -> ResponseReturnValue:
    name = request.form.get("username", "").strip().lower()[:NAME_MAX]
    if _wrong_ones(name) >= WRONG_MAX:
        return _refuse(name, "Too many wrong passwords. Wait 15 minutes, then try again.", 429)
    person = db().scalars(select(User).where(User.username == name)).one_or_none()
    password = request.form.get("password", "")[: passwords.LENGTH_MAX]
    is_right = passwords.is_right(person.password_hash if person else None, password)
    is_in = is_right and person is not None and person.is_active
    _record(name, succeeded=is_in)
    if not is_in or person is None:
        return _refuse(name, "This name and password do not belong together.", 401)
    sweep(db())
    _kept().renew(person.id)
    return redirect(own_path(request.form.get("next")) or url_for("work.mine"), 303)


@login.post("/logout")
@needs(Action.LEAVE)
def leave() -> ResponseReturnValue:
    _kept().renew(None)
    g.pop("user", None)
    return redirect(url_for("login.show"), 303)


@login.get("/session")
@needs(Action.LEAVE)
def stay() -> ResponseReturnValue:
    """Asked by the page when somebody presses "Stay signed in": being asked renews the session."""
    return "", 204


def _kept() -> KeptSession:
    real = kept._get_current_object()  # type: ignore[attr-defined]
    assert isinstance(real, KeptSession)
    return real


def _refuse(name: str, words: str, status: int) -> ResponseReturnValue:
    page = render_template(
        "session/login.html", next=own_path(request.form.get("next")), name=name, words=words
    )
    return page, status


def _wrong_ones(name: str) -> int:
    """Wrong passwords since the last right one, for this name from this address."""
    since = func.clock_timestamp() - WRONG_WITHIN
    mine = (LoginAttempt.username == name, LoginAttempt.address == _address())
    last_right = (
        select(func.max(LoginAttempt.id)).where(*mine, LoginAttempt.succeeded).scalar_subquery()
    )
    return (
        db().scalar(
            select(func.count())
            .where(*mine, LoginAttempt.at > since, ~LoginAttempt.succeeded)
            .where(LoginAttempt.id > func.coalesce(last_right, 0))
        )
        or 0
    )


def _record(name: str, *, succeeded: bool) -> None:
    """Committed at once: a storm of parallel attempts must not slip through one open
    transaction."""
    with sessions().begin() as session:
        session.add(LoginAttempt(username=name, address=_address(), succeeded=succeeded))


def _address() -> str:
    return (request.remote_addr or "unknown")[:64]
