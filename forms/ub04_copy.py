"""The rules and short labels of a copy of a UB-04: drawn by us in grey, so that the data stays the
darkest, and marked as a copy, for payers send black-and-white forms back unread.
"""

from reportlab.pdfgen.canvas import Canvas

from forms import ub04_grid as grid
from forms.cms1500_copy import COPY_MARK
from forms.form_grid import INCH, PAGE_HEIGHT
from forms.ub04_grid import FRAME, Rule

_RULE_GREY, _LABEL_GREY = 0.55, 0.3
_SHADES = {"light": 0.955, "dark": 0.9}
_LABEL_SIZE = 4.4


def draw_form(canvas: Canvas) -> None:
    canvas.saveState()
    for rule in grid.rules():
        if rule.kind in _SHADES:
            _shade(canvas, rule)
    canvas.setStrokeGray(_RULE_GREY)
    canvas.setLineWidth(0.5)
    for rule in grid.rules():
        if rule.kind not in _SHADES:
            canvas.line(rule.left, rule.top, rule.right, rule.bottom)
    _draw_labels(canvas)
    _draw_mark(canvas)
    canvas.restoreState()


def _shade(canvas: Canvas, rule: Rule) -> None:
    canvas.setFillGray(_SHADES[rule.kind])
    height = rule.top - rule.bottom
    canvas.rect(rule.left, rule.bottom, rule.right - rule.left, height, stroke=0, fill=1)


def _draw_labels(canvas: Canvas) -> None:
    canvas.setFillGray(_LABEL_GREY)
    canvas.setFont("Helvetica", _LABEL_SIZE)
    for label in grid.labels():
        canvas.drawString(label.x, label.baseline, label.words)


def _draw_mark(canvas: Canvas) -> None:
    """In the strips above and below the form, which have no box."""
    canvas.setFillGray(0)
    canvas.setFont("Helvetica-Bold", 8)
    canvas.drawRightString(FRAME.x(83), 0.1 * INCH, COPY_MARK)
    canvas.drawRightString(FRAME.x(83), PAGE_HEIGHT - 0.12 * INCH, COPY_MARK)
    canvas.setFont("Helvetica", 6)
    canvas.drawString(FRAME.x(1), 0.1 * INCH, "Data of a UB-04")
