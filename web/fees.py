"""Our prices, the practice's and a facility's: a version is never changed once it is in force; a
new price makes the next version."""

import datetime as dt
import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import insert, literal, select

from casework import audit
from casework.refusals import Refused
from db.models import FeeSchedule, FeeScheduleItem
from domain.claim_form import ClaimForm
from domain.money import dollars
from web.access import Action, needs
from web.answer_form import Typed
from web.context import db, me, now
from web.forms import Reader

fees = Blueprint("fees", __name__, url_prefix="/fees")

ITEMS_MAX = 2_000
CODE_MAX = 12
# On the page, by what a form is called in its address.
FORMS = {"P": ClaimForm.PROFESSIONAL, "I": ClaimForm.INSTITUTIONAL}
_REVENUE_CODE = re.compile(r"[0-9]{4}")


@fees.get("")
@needs(Action.READ_MASTER_DATA)
def listed() -> ResponseReturnValue:
    return _page(Typed(), _form())


@fees.post("")
@needs(Action.KEEP_MASTER_DATA)
def change() -> ResponseReturnValue:
    """One price of the newest version, from a date on."""
    try:
        words = _change(_newest(_form(), is_locked=True))
    except Refused as refusal:
        db().rollback()
        values = dict(request.form.lists())
        return _page(Typed(values=values, problems=refusal.problems), _form()), 422
    flash(words)
    return redirect(url_for("fees.listed", form=_form().value), 303)


def _form() -> ClaimForm:
    return FORMS.get(request.values.get("form", "P"), ClaimForm.PROFESSIONAL)


def _change(last: FeeSchedule) -> str:
    reader = Reader(request.form)
    code = reader.text("code", "Give a code.", most=CODE_MAX).upper()
    words = reader.text("words", "Say in your own words what it is.", most=120)
    price_cents = reader.cents("price")
    revenue_code = _revenue_code(reader, last)
    from_on = reader.date("from", "Give the first day of the price")
    if "from" not in reader.problems and from_on <= max(last.valid_from, now().today):
        first = max(last.valid_from, now().today) + dt.timedelta(days=1)
        reader.refuse(
            "from", f"A new price begins after today: {first} at the earliest.", str(first)
        )
    reader.done()
    made = FeeSchedule(name=last.name, version=last.version + 1, form=last.form, valid_from=from_on)
    last.valid_to = from_on - dt.timedelta(days=1)
    db().add(made)
    db().flush()
    _copy(last, made, but=code)
    db().add(
        FeeScheduleItem(
            fee_schedule_id=made.id,
            code=code,
            words=words,
            price_cents=price_cents,
            revenue_code=revenue_code,
        )
    )
    told = f"{code} costs {dollars(price_cents)} from {from_on} on, version {made.version}."
    audit.record(db(), me(), "changed", "fee_schedule", made.name, words=told)
    return told


def _revenue_code(reader: Reader, schedule: FeeSchedule) -> str | None:
    """A facility's price says under which revenue code it is billed."""
    if schedule.form is ClaimForm.PROFESSIONAL:
        return None
    code = reader.text("revenue_code", "Give the revenue code.", most=4)
    if code and not _REVENUE_CODE.fullmatch(code):
        reader.refuse("revenue_code", "A revenue code is four digits, such as 0510.")
    return code


def _copy(old: FeeSchedule, new: FeeSchedule, *, but: str) -> None:
    item = FeeScheduleItem
    rows = select(
        literal(new.id), item.code, item.words, item.price_cents, item.revenue_code
    ).where(item.fee_schedule_id == old.id, item.code != but)
    db().execute(
        insert(item).from_select(
            ["fee_schedule_id", "code", "words", "price_cents", "revenue_code"], rows
        )
    )


def _page(form: Typed, of: ClaimForm) -> str:
    newest = _newest(of)
    items = (
        select(FeeScheduleItem)
        .where(FeeScheduleItem.fee_schedule_id == newest.id)
        .order_by(FeeScheduleItem.code)
        .limit(ITEMS_MAX)
    )
    return render_template(
        "fees/list.html",
        schedule=newest,
        items=db().scalars(items).all(),
        form=form,
        tomorrow=now().today + dt.timedelta(days=1),
    )


def _newest(form: ClaimForm, *, is_locked: bool = False) -> FeeSchedule:
    of_form = select(FeeSchedule).where(FeeSchedule.form == form)
    statement = of_form.order_by(FeeSchedule.version.desc(), FeeSchedule.id).limit(1)
    found = db().scalars(statement.with_for_update() if is_locked else statement).one_or_none()
    if found is None:
        raise Refused.of("code", "No fee schedule is loaded yet: run “claimflow codes load”.")
    return found
