"""People and their roles: made, changed and shut out by an administrator; each change is audited
and ends the logins it concerns."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from casework import audit
from casework.refusals import Refused
from db.models import Provider, User
from domain.tasks import Role
from web import passwords
from web.access import Action, needs
from web.answer_form import Typed
from web.context import db, me
from web.forms import Reader
from web.presenters import role_name
from web.sessions import revoke_all

users = Blueprint("users", __name__, url_prefix="/users")

USERS_MAX = 500
PROVIDERS_MAX = 200


@users.get("")
@needs(Action.READ_MASTER_DATA)
def listed() -> ResponseReturnValue:
    return _page(Typed())


@users.post("")
@needs(Action.KEEP_MASTER_DATA)
def create() -> ResponseReturnValue:
    try:
        person = _read_new()
    except Refused as refusal:
        return _page(Typed(values=_kept(), problems=refusal.problems)), 422
    db().add(person)
    db().flush()
    audit.record(db(), me(), "made", "user", person.username, words=f"as {person.role}")
    flash(f"{person.full_name} may sign in as {person.username}.")
    return redirect(url_for("users.listed"), 303)


@users.post("/<int:user_id>/access")
@needs(Action.KEEP_MASTER_DATA)
def change_access(user_id: int) -> ResponseReturnValue:
    """Shut out or let in again. Nobody shuts out themselves: somebody must be able to undo it."""
    person = _person(user_id)
    if person.id == me().id:
        raise Refused.of("user", "You cannot shut yourself out; another administrator can.")
    person.is_active = request.form.get("is_active") == "yes"
    revoke_all(db(), person.id)
    words = "let in again" if person.is_active else "shut out, logins ended"
    audit.record(db(), me(), "changed", "user", person.username, words=words)
    flash(f"{person.full_name}: {words}.")
    return redirect(url_for("users.listed"), 303)


@users.post("/<int:user_id>/password")
@needs(Action.KEEP_MASTER_DATA)
def change_password(user_id: int) -> ResponseReturnValue:
    person, password = _person(user_id), request.form.get("password", "")
    problem = passwords.problem_with(password)
    if problem:
        return _page(Typed(problems=Refused.of(f"password-{user_id}", problem).problems)), 422
    person.password_hash = passwords.hash_password(password)
    revoke_all(db(), person.id)
    audit.record(db(), me(), "changed", "user", person.username, words="password, logins ended")
    flash(f"{person.full_name} has a new password; open logins are ended.")
    return redirect(url_for("users.listed"), 303)


def _page(form: Typed) -> str:
    people = db().scalars(
        select(User).order_by(User.role, User.full_name, User.id).limit(USERS_MAX)
    )
    return render_template(
        "users/list.html",
        people=people.all(),
        roles=[(role.value, role_name(role)) for role in Role],
        providers=[(row.id, f"{row.last_name}, {row.first_name}") for row in _providers()],
        form=form,
    )


def _read_new() -> User:
    reader = Reader(request.form)
    username = reader.text("username", "Give a name to sign in with.", most=60).lower()
    full_name = reader.text("full_name", "Give the person's name.", most=120)
    role = reader.one_of("role", {role.value: role for role in Role})
    password = request.form.get("password", "")
    problem = passwords.problem_with(password)
    if problem:
        reader.refuse("password", problem)
    if username and db().scalar(select(User.id).where(User.username == username)):
        reader.refuse("username", "Somebody has this name already.", f"{username}2")
    provider_id = request.form.get("provider_id", type=int)
    if role == Role.PROVIDER and provider_id not in {row.id for row in _providers()}:
        reader.refuse("provider_id", "Choose which provider this is.")
    reader.done()
    return User(
        username=username,
        full_name=full_name,
        role=Role(role),
        password_hash=passwords.hash_password(password),
        provider_id=provider_id if role == Role.PROVIDER else None,
    )


def _providers() -> list[Provider]:
    found = select(Provider).order_by(Provider.last_name, Provider.id).limit(PROVIDERS_MAX)
    return list(db().scalars(found))


def _kept() -> dict[str, list[str]]:
    """What was typed, but for the password, which no page repeats."""
    return {name: values for name, values in request.form.lists() if name != "password"}


def _person(user_id: int) -> User:
    person = db().get(User, user_id)
    if person is None:
        abort(404)
    return person
