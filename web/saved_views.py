"""A person's own names for filters of a queue page: kept with their settings, seen in the rail by
them alone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from flask import Blueprint, abort, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from casework.refusals import Refused
from db.models import User
from web.access import Action, needs
from web.context import db, me, user

saved_views = Blueprint("saved_views", __name__, url_prefix="/views")

NAME_MAX = 40
VIEWS_MAX = 12
# What narrows a queue page, in the order in which its address has it.
FILTERS = ("due", "state", "payer", "least", "words")
VALUE_MAX = 60
_PAGES = ("work.mine", "work.queue")


@dataclass(frozen=True, kw_only=True)
class SavedView:
    name: str
    href: str


@saved_views.post("")
@needs(Action.KEEP_PREFERENCES)
def save() -> ResponseReturnValue:
    name = " ".join(request.form.get("name", "").split())[:NAME_MAX]
    if not name:
        raise Refused.of("name", "Give the view a name.")
    view = SavedView(name=name, href=_address())
    person = _me_locked()
    others = [one for one in _of(person) if one.name != name]
    if len(others) >= VIEWS_MAX:
        raise Refused.of("name", f"{VIEWS_MAX} views are kept; remove one first.")
    _keep(person, [*others, view])
    flash(f"View “{name}” saved. It is in the menu of queues.")
    return redirect(view.href, 303)


@saved_views.post("/removed")
@needs(Action.KEEP_PREFERENCES)
def remove() -> ResponseReturnValue:
    name = request.form.get("name", "")
    person = _me_locked()
    kept = {one.name: one for one in _of(person)}
    if name not in kept:
        abort(404, description="This view is not kept any more.")
    gone = kept.pop(name)
    _keep(person, list(kept.values()))
    flash(f"View “{name}” removed. Its tasks stay where they are.")
    return redirect(gone.href, 303)


def of_me() -> list[SavedView]:
    someone = user()
    return _of(someone) if someone else []


def address(path: str, given: Mapping[str, str]) -> str:
    """A queue page with its filter, written one way: two equal filters have one address."""
    kept = {name: given[name][:VALUE_MAX] for name in FILTERS if given.get(name)}
    return f"{path}?{urlencode(kept)}" if kept else path


def _address() -> str:
    """Of a queue page, and of nothing else that a form might name."""
    path = request.form.get("path", "")
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None, "a request has an address"
    try:
        endpoint, values = adapter.match(path, method="GET")
    except HTTPException:
        endpoint, values = "", {}
    if endpoint not in _PAGES:
        raise Refused.of("path", "Only the filter of a queue can be saved.")
    return address(url_for(endpoint, **values), request.form)


def _of(person: User) -> list[SavedView]:
    kept: list[dict[str, str]] = person.preferences.get("views", [])
    return [SavedView(name=view["name"], href=view["href"]) for view in kept]


def _me_locked() -> User:
    """Two windows of one person that save at once both keep theirs."""
    return db().get_one(User, me().id, with_for_update=True)


def _keep(person: User, views: Sequence[SavedView]) -> None:
    person.preferences = {**person.preferences, "views": [asdict(view) for view in views]}
    g.user.preferences = person.preferences
