"""Printers for preprinted forms: named, set by a test page, and used where a form is printed."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from casework import audit
from casework.refusals import Refused
from db.models import Printer
from db.models.paper import OFFSET_MAX
from forms.form_print import PrinterOffset
from forms.form_test_page import FORMS, printer_page_pdf
from web.access import Action, needs
from web.answer_form import Typed
from web.context import db, me
from web.forms import Reader

printers = Blueprint("printers", __name__, url_prefix="/settings/printers")

PRINTERS_MAX = 100
NAME_MAX = 60


@printers.get("")
@needs(Action.KEEP_PRINTERS)
def listed() -> ResponseReturnValue:
    return _page(Typed())


@printers.post("")
@needs(Action.KEEP_PRINTERS)
def add() -> ResponseReturnValue:
    try:
        row = _read_new()
    except Refused as refusal:
        return _page(Typed(values=dict(request.form.lists()), problems=refusal.problems)), 422
    db().add(row)
    db().flush()
    audit.record(db(), me(), "made", "printer", str(row.id), words=row.name)
    flash(f"{row.name} is added. Print its test page on plain paper.")
    return redirect(url_for("printers.listed"), 303)


@printers.post("/corrections")
@needs(Action.KEEP_PRINTERS)
def correct() -> ResponseReturnValue:
    """All that stand on the page at once: a refusal of one loses nothing typed for another."""
    reader = Reader(request.form)
    typed = [
        (row, _typed_offset(reader, row)) for row in _all() if f"right-{row.id}" in request.form
    ]
    if reader.problems:
        return _page(Typed(values=dict(request.form.lists()), problems=reader.problems)), 422
    changed = [(row, offset) for row, offset in typed if offset != offset_of(row)]
    for row, offset in changed:
        row.right_hundredths, row.down_hundredths = offset.right, offset.down
        words = f"{offset.right} hundredths of an inch right, {offset.down} down"
        audit.record(db(), me(), "changed", "printer", str(row.id), words=words)
        flash(f"{row.name}: {words}. Print the test page again to see it.")
    if not changed:
        flash("Nothing was different.")
    return redirect(url_for("printers.listed"), 303)


@printers.get("/<int:printer_id>/test-<form>.pdf")
@needs(Action.KEEP_PRINTERS)
def test_page(printer_id: int, form: str) -> ResponseReturnValue:
    if form not in FORMS:
        abort(404)
    row = _printer(printer_id)
    return Response(
        printer_page_pdf(form, row.name, offset_of(row)),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="test-{form}.pdf"'},
    )


def choices() -> list[tuple[int, str]]:
    return [(row.id, row.name) for row in _all()]


def offset_of(row: Printer) -> PrinterOffset:
    return PrinterOffset(right=row.right_hundredths, down=row.down_hundredths)


def chosen_offset(printer_id: str) -> PrinterOffset:
    """Of the printer that was chosen; none for none."""
    if not printer_id:
        return PrinterOffset()
    if not printer_id.isascii() or not printer_id.isdigit():
        abort(404)
    return offset_of(_printer(int(printer_id)))


def _read_new() -> Printer:
    reader = Reader(request.form)
    name = reader.text("name", "Give the printer a name that people know.", most=NAME_MAX)
    if name and db().scalar(select(Printer.id).where(Printer.name == name)):
        reader.refuse("name", "There is a printer of this name already.")
    reader.done()
    return Printer(name=name)


def _typed_offset(reader: Reader, row: Printer) -> PrinterOffset:
    right, down = _offset(reader, f"right-{row.id}"), _offset(reader, f"down-{row.id}")
    return PrinterOffset(right=right, down=down)


def _offset(reader: Reader, name: str) -> int:
    text = reader.text(name).replace("\N{MINUS SIGN}", "-").removeprefix("+")
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or int(digits) > OFFSET_MAX:
        reader.refuse(name, f"Give a whole number from -{OFFSET_MAX} to {OFFSET_MAX}.")
        return 0
    return int(text)


def _all() -> list[Printer]:
    return list(db().scalars(select(Printer).order_by(Printer.name).limit(PRINTERS_MAX)))


def _printer(printer_id: int) -> Printer:
    return db().get(Printer, printer_id) or abort(404)


def _page(form: Typed) -> str:
    return render_template("printers/list.html", printers=_all(), forms=FORMS, form=form)
