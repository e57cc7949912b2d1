"""The test page of a printer: every box and a cross at the corners, printed with its present
offset, to be laid on a preprinted form against the light.
"""

import io
from collections.abc import Mapping

from reportlab.pdfgen.canvas import Canvas

from forms import cms1500_grid, ub04_grid
from forms.form_grid import INCH, PAGE_HEIGHT, PITCH, Key, Position
from forms.form_print import PrinterOffset, move

FORMS: Mapping[str, str] = {"cms1500": "CMS-1500", "ub04": "UB-04"}
RULER_INCHES = 4

_TABLES = {"cms1500": cms1500_grid.positions, "ub04": ub04_grid.positions}
_WIDTH, _ARM = 8.5 * INCH, 10.0
_BELOW, _HEIGHT = 1.6, 9.0
_PANEL = (1.6 * INCH, 4.6 * INCH, 5.3 * INCH, 1.75 * INCH)


def printer_page_pdf(form: str, printer: str, offset: PrinterOffset) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(_WIDTH, PAGE_HEIGHT), invariant=1)
    canvas.setTitle(f"Printer test page {FORMS[form]}")
    positions = _TABLES[form]()
    canvas.saveState()
    move(canvas, offset)
    _draw_boxes(canvas, positions)
    _draw_crosses(canvas, positions)
    canvas.restoreState()
    _draw_panel(canvas, form, printer, offset)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _draw_boxes(canvas: Canvas, positions: Mapping[Key, Position]) -> None:
    canvas.setLineWidth(0.4)
    canvas.setStrokeGray(0.35)
    for position in positions.values():
        canvas.rect(position.x, position.baseline - _BELOW, position.length * PITCH, _HEIGHT)


def _draw_crosses(canvas: Canvas, positions: Mapping[Key, Position]) -> None:
    """At the first character's foot in the outermost boxes of the form."""
    canvas.setLineWidth(0.8)
    canvas.setStrokeGray(0)
    lefts = [position.x for position in positions.values()]
    feet = [position.baseline for position in positions.values()]
    for x in (min(lefts), max(lefts)):
        for y in (min(feet), max(feet)):
            canvas.line(x - _ARM, y, x + _ARM, y)
            canvas.line(x, y - _ARM, x, y + _ARM)


def _draw_panel(canvas: Canvas, form: str, printer: str, offset: PrinterOffset) -> None:
    """Not moved by the offset: the ruler and the words stand where the printer puts them."""
    left, bottom, width, height = _PANEL
    canvas.setFillGray(1)
    canvas.rect(left, bottom, width, height, stroke=1, fill=1)
    canvas.setFillGray(0)
    canvas.setFont("Helvetica-Bold", 11)
    canvas.drawString(left + 10, bottom + height - 18, f"{FORMS[form]}: test page of {printer}")
    canvas.setFont("Helvetica", 8.5)
    for number, words in enumerate(_words(offset)):
        canvas.drawString(left + 10, bottom + height - 34 - 12 * number, words)
    _draw_ruler(canvas, left + 0.6 * INCH, bottom + 22)


def _words(offset: PrinterOffset) -> tuple[str, ...]:
    return (
        f"Printed {offset.right} hundredths of an inch to the right and {offset.down} down.",
        "Print at 100 % (actual size). Lay the page on an empty form, against the light.",
        "Measure how far the boxes stand from the form's: to the left needs more right,",
        f"too high needs more down. If the ruler is not {RULER_INCHES} inches, the page is scaled.",
    )


def _draw_ruler(canvas: Canvas, x: float, y: float) -> None:
    canvas.line(x, y, x + RULER_INCHES * INCH, y)
    for tick in range(RULER_INCHES * 10 + 1):
        height = 8 if tick % 10 == 0 else 4
        canvas.line(x + tick * INCH / 10, y, x + tick * INCH / 10, y + height)
