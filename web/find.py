"""Find by number: encounter, claim, payer's claim number, check or trace. Never by name, which
would stand in the address."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import audit as record
from db.models import Encounter
from db.queries import web_encounters, web_remittances
from domain.tasks import Role
from web.access import Action, may, needs
from web.context import db, me

find = Blueprint("find", __name__)

NUMBER_MAX = 60


@find.get("/find")
@needs(Action.READ_RECORDS)
def show() -> ResponseReturnValue:
    number = request.args.get("q", "").strip().upper()[:NUMBER_MAX]
    encounters = _encounters(number)
    can_remit = may(me().role, Action.READ_REMITTANCES)
    remittances = web_remittances.find(db(), number) if number and can_remit else ()
    if len(encounters) == 1 and not remittances:
        return redirect(url_for("encounters.show", uuid=encounters[0].uuid), 303)
    if len(remittances) == 1 and not encounters:
        return redirect(url_for("remittances.show", uuid=remittances[0].uuid), 303)
    for row in encounters:
        record.record(
            db(), me(), "listed", "encounter", str(row.uuid),
            patient_id=row.patient_id, words="found by number", outcome="allowed",
        )  # fmt: skip
    return render_template(
        "encounters/found.html", number=number, encounters=encounters, remittances=remittances
    )


def _encounters(number: str) -> Sequence[Encounter]:
    """A provider finds the own patients' alone."""
    person = me()
    if not number or (person.role is Role.PROVIDER and person.provider_id is None):
        return ()
    whose = person.provider_id if person.role is Role.PROVIDER else None
    return web_encounters.find(db(), number, provider_id=whose)
