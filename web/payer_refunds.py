"""Money sent back to payers: what each has paid and takes back itself, and the refunds we sent."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from casework.posting import payer_refunds as refunding
from casework.refusals import Refused
from db.models import Payer
from db.queries import payer_money
from domain.ledger import Account
from domain.money import dollars
from web.access import Action, needs
from web.answer_form import Typed, typed
from web.context import db, me, now
from web.forms import Reader

SOURCES = {
    Account.PAYER_OFFSET.value: "what it takes back",
    Account.SUSPENSE.value: "its money in suspense",
}

payer_refunds = Blueprint("payer_refunds", __name__, url_prefix="/remittances/refunds")


@payer_refunds.get("")
@needs(Action.READ_REMITTANCES)
def listed() -> str:
    return _page(Typed())


@payer_refunds.post("")
@needs(Action.REFUND_PAYERS)
def send() -> ResponseReturnValue:
    try:
        words = _send()
    except Refused as refusal:
        db().rollback()
        return _page(typed(request.form, refusal)), 422
    flash(words)
    return redirect(url_for("payer_refunds.listed"), 303)


def _send() -> str:
    reader = Reader(request.form)
    paying = {money.payer.payer_no: money.payer.name for money in payer_money.of_payers(db())}
    payer_no, cents = reader.one_of("payer", paying), reader.cents("amount")
    most = refunding.LENGTH_MAX
    reference = reader.text("reference", "Give the payer's own reference for it.", most=most)
    because = reader.text("because", "Say why it is sent back, in a few words.", most=most)
    taken_from = reader.one_of("taken_from", SOURCES)
    reader.done()
    payer = db().scalars(select(Payer).where(Payer.payer_no == payer_no)).one()
    refunding.send(
        db(), payer, cents, reference=reference, because=because, by=me(), now=now(),
        taken_from=Account(taken_from), is_ahead=request.form.get("ahead") == "yes",
    )  # fmt: skip
    return f"{dollars(cents)} goes back to {payer.name}."


def _page(form: Typed) -> str:
    money = payer_money.of_payers(db())
    return render_template(
        "remittances/refunds.html",
        form=form,
        money=money,
        payers=[(one.payer.payer_no, one.payer.name) for one in money if one.paid_cents > 0],
        names={one.payer.id: one.payer.name for one in money},
        sources=SOURCES.items(),
        refunds=payer_money.refunds(db()),
    )
