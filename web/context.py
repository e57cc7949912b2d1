"""What a view may ask of the request it serves: the database, the person, and the business
moment."""

from typing import cast

from flask import abort, current_app, g
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from casework.moment import Moment, moment
from db.models import Practice, User


def sessions() -> sessionmaker[Session]:
    return cast("sessionmaker[Session]", current_app.extensions["sessions"])


def db() -> Session:
    """The one database session of this request; committed once, after the view (see `app`)."""
    if "db" not in g:
        g.db = sessions()()
    return cast("Session", g.db)


def user() -> User | None:
    """Who asks, or None before the login."""
    return cast("User | None", g.get("user"))


def me() -> User:
    someone = user()
    if someone is None:
        abort(401)
    return someone


def now() -> Moment:
    """The business moment, one and the same for the whole request."""
    if "now" not in g:
        g.now = moment(db())
    return cast("Moment", g.now)


def practice_name() -> str:
    """It does not change while a process runs, so it is read once."""
    known = current_app.extensions.get("practice_name")
    if known is None:
        known = db().scalar(select(Practice.name).order_by(Practice.id).limit(1)) or "claimflow"
        current_app.extensions["practice_name"] = known
    return cast("str", known)
