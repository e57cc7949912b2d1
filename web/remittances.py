"""Remittances: what came, what of it posted by itself, and what a person must still place."""

import datetime as dt
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from casework import eob_undoing
from casework.posting import suspended
from casework.refusals import Refused
from db.models import Payer, RemitClaim, Remittance
from db.queries import web_remittances
from web import fetch
from web.access import Action, needs
from web.answer_form import Typed, typed
from web.context import db, me, now

remittances = Blueprint("remittances", __name__, url_prefix="/remittances")


@remittances.get("")
@needs(Action.READ_REMITTANCES)
def listed() -> ResponseReturnValue:
    rows = web_remittances.page(db(), before=_cursor())
    more = rows[web_remittances.PAGE - 1].remittance if len(rows) > web_remittances.PAGE else None
    return render_template("remittances/list.html", rows=rows[: web_remittances.PAGE], more=more)


@remittances.get("/<uuid:uuid>")
@needs(Action.READ_REMITTANCES)
def show(uuid: UUID) -> ResponseReturnValue:
    return _page(fetch.remittance(uuid), Typed())


@remittances.post("/<uuid:uuid>/undoing")
@needs(Action.UNDO_EOBS)
def undo(uuid: UUID) -> ResponseReturnValue:
    row = fetch.remittance(uuid)
    try:
        eob_undoing.undo(db(), row, request.form.get("because", ""), me(), now())
    except Refused as refusal:
        db().rollback()
        return _page(fetch.remittance(uuid), typed(request.form, refusal)), 422
    flash("Undone: it is taken back line by line, as a payer's reversal is. Its claims wait again.")
    return redirect(url_for("remittances.show", uuid=uuid), 303)


@remittances.post("/<uuid:uuid>/keying")
@needs(Action.KEY_EOBS)
def key_again(uuid: UUID) -> ResponseReturnValue:
    try:
        draft = eob_undoing.key_again(db(), fetch.remittance(uuid), me(), now())
    except Refused as refusal:
        db().rollback()
        return _page(fetch.remittance(uuid), typed(request.form, refusal)), 422
    flash("Here is what was keyed. Correct it, then post it.")
    return redirect(url_for("keyed_eobs.show", uuid=draft.uuid), 303)


def _page(row: Remittance, form: Typed) -> str:
    claims = web_remittances.claims(db(), row.id)
    adjusted = web_remittances.provider_adjustments(db(), row.id)
    # A PLB amount is signed as what the payer keeps, so it is taken off the sum of the claims.
    expected = sum(c.paid_cents for c, _ in claims) - sum(a.cents for a in adjusted)
    return render_template(
        "remittances/show.html",
        remittance=row,
        keyed_by=web_remittances.keyed_by(db(), row),
        scan=web_remittances.scan(db(), row),
        payer=db().get_one(Payer, row.payer_id),
        claims=claims,
        adjusted=adjusted,
        posted_cents=sum(c.paid_cents for c, _ in claims if c.posting == "posted"),
        off_cents=row.paid_cents - expected,
        bank_line=web_remittances.bank_line(db(), row.id),
        tasks=web_remittances.exception_tasks(db(), row.id),
        form=form,
        undoing=web_remittances.undoing(db(), row),
        obstacle=eob_undoing.obstacle(db(), row) if row.is_keyed else "",
        in_suspense={c.id for c, _ in claims if suspended.standing(db(), c)},
    )


@remittances.post("/<uuid:uuid>/answers/<int:ordinal>/placing")
@needs(Action.PLACE_ANSWERS)
def place_again(uuid: UUID, ordinal: int) -> ResponseReturnValue:
    row = fetch.remittance(uuid)
    words = suspended.place_again(db(), _answer(row, ordinal), by=me(), now=now())
    flash(words)
    return redirect(url_for("remittances.show", uuid=uuid), 303)


def _answer(row: Remittance, ordinal: int) -> RemitClaim:
    found = select(RemitClaim).where(
        RemitClaim.remittance_id == row.id, RemitClaim.ordinal == ordinal
    )
    answer = db().scalars(found).one_or_none()
    if answer is None:
        abort(404, description="This remittance has no such answer.")
    return answer


def _cursor() -> tuple[dt.datetime, int] | None:
    text = request.args.get("before")
    if not text:
        return None
    try:
        at, row_id = text.rsplit("_", 1)
        return dt.datetime.fromisoformat(at), int(row_id)
    except ValueError:
        abort(404, description="This page of the list does not exist. Begin again at its top.")
