"""How the pages look and answer to keys, for one person; nothing here concerns anybody else."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework.refusals import Refused
from db.models import User
from web.access import Action, needs
from web.context import db, me
from web.forms import Reader

preferences = Blueprint("preferences", __name__, url_prefix="/settings")

CHOICES: dict[str, dict[str, str]] = {
    "theme": {
        "": "As the system has it",
        "light": "Light",
        "dark": "Dark",
        "contrast": "High contrast",
    },
    "density": {"compact": "Compact, 18 rows", "roomy": "Roomy, 14 rows"},
    "keys": {"on": "Single keys work", "off": "Single keys are off"},
}
DEFAULTS = {"theme": "", "density": "compact", "keys": "on"}


@preferences.get("")
@needs(Action.SEE_WORK)
def show() -> ResponseReturnValue:
    return render_template(
        "session/settings.html", choices=CHOICES, chosen=DEFAULTS | me().preferences
    )


@preferences.post("")
@needs(Action.KEEP_PREFERENCES)
def keep() -> ResponseReturnValue:
    reader = Reader(request.form)
    chosen = {name: reader.one_of(name, allowed) for name, allowed in CHOICES.items()}
    if reader.problems:
        raise Refused(reader.problems)
    person = db().get_one(User, me().id, with_for_update=True)
    person.preferences = {**person.preferences, **chosen}
    g.user.preferences = person.preferences
    flash("Kept.")
    return redirect(url_for("preferences.show"), 303)
