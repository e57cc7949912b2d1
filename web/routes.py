"""Routes to partners: how each stands, where it leads, what was sent on it; kept, paused, resumed
and tried by an administrator. A secret goes in and never comes out."""

from pathlib import Path
from typing import cast

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import audit, file_resends, host_keys, route_outages, route_secrets
from casework import routes as kept
from casework.refusals import Refused
from db.models import Outbox, Route
from web.access import Action, needs
from web.answer_form import Typed
from web.context import db, me, now
from web.forms import Reader
from web.route_form import DAYS, NUMBERS, SIGN_INS, TEXTS, TRANSPORTS, USAGES, read

NOTHING_TYPED = Typed()

routes = Blueprint("routes", __name__, url_prefix="/routes")


@routes.get("")
@needs(Action.READ_FILES)
def listed() -> ResponseReturnValue:
    return render_template("routes/list.html", routes=kept.every(db()), stands=_stands)


@routes.post("")
@needs(Action.KEEP_MASTER_DATA)
def create() -> ResponseReturnValue:
    name = request.form.get("name", "").strip().lower()
    try:
        kept.refuse_name(db(), name)
    except Refused as refusal:
        page = render_template(
            "routes/list.html",
            routes=kept.every(db()),
            stands=_stands,
            form=Typed(values={"name": [name]}, problems=refusal.problems),
        )
        return page, 422
    row = Route(name=name)
    db().add(row)
    db().flush()
    db().refresh(row)
    # Nothing goes anywhere before somebody has said where.
    route_outages.pause(db(), row, "it is new: say where it leads, then resume it", now(), me())
    audit.record(db(), me(), "made", "route", name)
    return redirect(url_for("routes.show", name=name), 303)


@routes.get("/<name>")
@needs(Action.READ_FILES)
def show(name: str) -> ResponseReturnValue:
    return _page(_route(name), Typed())


@routes.post("/<name>")
@needs(Action.KEEP_MASTER_DATA)
def change(name: str) -> ResponseReturnValue:
    row = _locked(name)
    try:
        changes = read(Reader(request.form), request.form.getlist("sends_on"))
        kept.refuse_move(db(), row, changes)
    except Refused as refusal:
        values = dict(request.form.lists())
        return _page(row, Typed(values=values, problems=refusal.problems)), 422
    told = [f"{key} {getattr(row, key)} → {value}" for key, value in changes.items()
            if getattr(row, key) != value]  # fmt: skip
    for key, value in changes.items():
        setattr(row, key, value)
    if told:
        # Whoever answers at another place has another key: none is believed before it is confirmed.
        if any(words.startswith(("host ", "port ")) for words in told):
            row.host_key = ""
        row.next_try_at = row.next_look_at = None
        audit.record(db(), me(), "changed", "route", row.name, words="; ".join(told))
    flash("Saved. It holds for what is sent from now on." if told else "Nothing was different.")
    return redirect(url_for("routes.show", name=name), 303)


@routes.post("/<name>/secret")
@needs(Action.KEEP_MASTER_DATA)
def keep_secret(name: str) -> ResponseReturnValue:
    row, secret = _route(name), request.form.get("secret", "")
    home = cast("Path | None", current_app.extensions["home"])
    if not secret.strip():
        problem = Refused.of("secret", "Give the password, or the private key as a whole.")
        return _page(row, Typed(problems=problem.problems)), 422
    if home is None:
        raise Refused.of("secret", "These pages have no folder for secrets.")
    try:
        route_secrets.keep(home, row, secret)
    except Refused as refusal:
        return _page(row, Typed(problems=refusal.problems)), 422
    row.next_try_at = row.next_look_at = None
    audit.record(db(), me(), "gave secret", "route", row.name, words=f"a {row.signs_in_by}")
    flash("Kept. No page shows it again.")
    return redirect(url_for("routes.show", name=name), 303)


@routes.post("/<name>/host-key")
@needs(Action.KEEP_MASTER_DATA)
def confirm_key(name: str) -> ResponseReturnValue:
    row = _locked(name)
    host_keys.confirm(db(), row, request.form.get("fingerprint", ""), me(), now())
    flash("Confirmed: no other server is spoken to from now on. The route is resumed.")
    return redirect(url_for("routes.show", name=name), 303)


@routes.post("/<name>/pause")
@needs(Action.KEEP_MASTER_DATA)
def pause(name: str) -> ResponseReturnValue:
    row = _locked(name)
    try:
        route_outages.pause(db(), row, request.form.get("because", ""), now(), me())
    except Refused as refusal:
        return _page(row, Typed(problems=refusal.problems)), 422
    flash("Paused. What waits for it says so.")
    return redirect(url_for("routes.show", name=name), 303)


@routes.post("/<name>/resume")
@needs(Action.KEEP_MASTER_DATA)
def resume(name: str) -> ResponseReturnValue:
    """Also the test of the connection: the server is visited within a second or two."""
    route_outages.resume(db(), _locked(name), now(), me())
    flash("The server is visited now; look again in a moment how the route stands.")
    return redirect(url_for("routes.show", name=name), 303)


@routes.post("/<name>/files/<int:outbox_id>")
@needs(Action.SEND_FILES_AGAIN)
def send_again(name: str, outbox_id: int) -> ResponseReturnValue:
    row, file = _route(name), db().get(Outbox, outbox_id)
    if file is None or file.route != row.name:
        abort(404)
    insists = request.form.get("insists") == "yes"
    try:
        file_resends.send_again(
            db(), file, request.form.get("because", ""), me(), now(), insists=insists
        )
    except Refused as refusal:
        return _page(row, Typed(), again=_beside(file, refusal)), 422
    flash(f"{file.name} goes once more, under the same name and numbers.")
    return redirect(url_for("routes.show", name=name) + "#files", 303)


def _page(row: Route, form: Typed, again: Typed = NOTHING_TYPED) -> str:
    return render_template(
        "routes/show.html",
        route=row,
        form=form,
        again=again,
        transports=TRANSPORTS,
        usages=USAGES,
        sign_ins=SIGN_INS,
        texts=TEXTS,
        numbers=NUMBERS,
        days=DAYS,
        stands=_stands(row),
        offered=host_keys.fingerprint(row.offered_key or ""),
        pinned=host_keys.fingerprint(row.host_key),
        has_secret=_has_secret(row),
        files=file_resends.of_route(db(), row.name),
    )


def _beside(file: Outbox, refusal: Refused) -> Typed:
    """Each file of the page has fields of its own: what was typed and refused stays with it."""
    typed = {f"{name}-{file.id}": values for name, values in request.form.lists()}
    problems = {f"{name}-{file.id}": problem for name, problem in refusal.problems.items()}
    return Typed(values=typed, problems=problems)


def _stands(row: Route) -> str | None:
    return kept.stops(row, now())


def _has_secret(row: Route) -> bool:
    home = cast("Path | None", current_app.extensions["home"])
    return home is not None and route_secrets.is_there(home, row)


def _route(name: str) -> Route:
    row = kept.find(db(), name)
    if row is None:
        abort(404)
    return row


def _locked(name: str) -> Route:
    _route(name)
    return kept.lock(db(), name)
