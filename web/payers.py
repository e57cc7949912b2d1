"""Payers and the rules we keep for each; a change is checked against the claims that are open."""

import datetime as dt

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from casework import audit, enrolments, payer_channels, routes
from casework.refusals import Refused
from db.models import Claim, Encounter, Payer, PayerAlias, PayerRoute
from domain.corrections import Instead
from domain.encounter import ClaimStage
from web.access import Action, needs
from web.answer_form import Typed, typed
from web.context import db, me, now
from web.forms import DAYS_MAX, Reader

payers = Blueprint("payers", __name__, url_prefix="/payers")

PAYERS_MAX = 500
NUMBERS = {
    "timely_days": "Filing limit, days",
    "appeal_days": "Appeal window, days",
    "decision_days": "Decides an appeal within, days",
    "usual_days": "Usually pays within, days",
}
FLAGS = {
    "takes_frequency_7": "Takes a replacement or void (frequency 7, 8) of a professional claim",
    "takes_institutional_7": "Takes a replacement or void of a facility's claim",
    "takes_late_charges": "Takes late charges of a facility on a bill of their own (frequency 5)",
    "hears_timely_filing": "Hears appeals of late filing",
    "takes_stays_whole": "Wants the visits of one hospital stay on one claim",
}
INSTEAD = {
    "professional_instead": "Where it takes none of a professional claim, it gets",
    "institutional_instead": "Where it takes none of a facility's claim, it gets",
}
INSTEAD_WORDS = {each.value: each.words for each in Instead}
LEVELS_MAX = 5


@payers.get("")
@needs(Action.READ_MASTER_DATA)
def listed() -> ResponseReturnValue:
    found = db().scalars(select(Payer).order_by(Payer.name, Payer.id).limit(PAYERS_MAX)).all()
    return render_template("payers/list.html", payers=found)


@payers.get("/<payer_no>")
@needs(Action.READ_MASTER_DATA)
def show(payer_no: str) -> ResponseReturnValue:
    return _page(_payer(payer_no), Typed())


@payers.post("/<payer_no>")
@needs(Action.KEEP_MASTER_DATA)
def change(payer_no: str) -> ResponseReturnValue:
    row = _payer(payer_no)
    try:
        changes = _read(row)
    except Refused as refusal:
        values = dict(request.form.lists())
        return _page(row, Typed(values=values, problems=refusal.problems)), 422
    told = [f"{name} {getattr(row, name)} → {value}" for name, value in changes.items()
            if getattr(row, name) != value]  # fmt: skip
    for name, value in changes.items():
        setattr(row, name, value)
    if told:
        audit.record(db(), me(), "changed", "payer", row.payer_no, words="; ".join(told))
    flash("Saved. It holds for what is decided from now on." if told else "Nothing was different.")
    return redirect(url_for("payers.show", payer_no=payer_no), 303)


@payers.post("/<payer_no>/channel")
@needs(Action.KEEP_MASTER_DATA)
def choose_channel(payer_no: str) -> ResponseReturnValue:
    row = _payer(payer_no)
    try:
        reader = Reader(request.form)
        channel = reader.one_of("channel", payer_channels.CHANNELS)
        reader.done()
    except Refused as refusal:
        return _page(row, typed(request.form, refusal)), 422
    is_new = payer_channels.choose(db(), row, channel, me())
    flash(f"{payer_channels.CHANNELS[channel]}, from now on." if is_new else "As before.")
    return redirect(url_for("payers.show", payer_no=payer_no), 303)


def _read(row: Payer) -> dict[str, str | int | bool]:
    reader = Reader(request.form)
    changes: dict[str, str | int | bool] = {
        "name": reader.text("name", "Give the payer's name.", most=120)
    }
    for name in NUMBERS:
        changes[name] = reader.number(name, least=1, most=DAYS_MAX)
    changes["appeal_levels"] = reader.number("appeal_levels", least=0, most=LEVELS_MAX)
    for name in INSTEAD:
        changes[name] = reader.one_of(name, INSTEAD_WORDS)
    for name in FLAGS:
        changes[name] = request.form.get(name) == "yes"
    limit = int(changes["timely_days"])
    if limit < row.timely_days and (older := _open_older_than(row, limit)):
        words = f"{older} open claims are older than {limit} days: keep {row.timely_days} or more."
        reader.refuse("timely_days", words, str(row.timely_days))
    reader.done()
    return changes


def _open_older_than(row: Payer, days: int) -> int:
    return (
        db().scalar(
            select(func.count())
            .select_from(Claim)
            .join(Encounter, Encounter.id == Claim.encounter_id)
            .where(Claim.payer_id == row.id, Claim.stage != ClaimStage.SETTLED)
            .where(Encounter.service_on < now().today - dt.timedelta(days=days))
        )
        or 0
    )


def _page(row: Payer, form: Typed) -> str:
    leads = select(PayerRoute).where(PayerRoute.payer_id == row.id)
    aliases = select(PayerAlias.alias).where(PayerAlias.payer_id == row.id)
    channel = payer_channels.of(db(), row)
    return render_template(
        "payers/show.html",
        payer=row,
        form=form,
        numbers=NUMBERS,
        flags=FLAGS,
        channel=channel,
        channels=payer_channels.CHANNELS.items(),
        channel_words=payer_channels.CHANNELS.get(channel),
        instead=INSTEAD,
        instead_words=INSTEAD_WORDS,
        routes=db().scalars(leads.order_by(PayerRoute.transaction_kind).limit(50)).all(),
        sets=enrolments.SETS,
        enrolled=enrolments.of_payer(db(), row),
        statuses=list(enrolments.WORDS.items()),
        route_names=[route.name for route in routes.every(db())],
        aliases=db().scalars(aliases.order_by(PayerAlias.alias).limit(50)).all(),
    )


def _payer(payer_no: str) -> Payer:
    row = db().scalars(select(Payer).where(Payer.payer_no == payer_no)).one_or_none()
    if row is None:
        abort(404)
    return row
