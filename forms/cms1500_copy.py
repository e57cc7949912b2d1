"""The boxes and short labels of a copy: drawn by us in grey, so that the data stays the darkest,
and marked as a copy, for payers send black-and-white forms back unread.
"""

from collections.abc import Iterator

from reportlab.pdfgen.canvas import Canvas

from forms import cms1500_grid as grid
from forms.form_grid import INCH, PAGE_HEIGHT, Key, Position

COPY_MARK = "COPY - not for scanning"

_LINE_GREY, _LABEL_GREY, _SHADE_GREY = 0.55, 0.3, 0.93
_LABEL_SIZE = 5.0
_ROWS = range(43, 55, 2)  # The upper line of each of the six service lines.
_SERVICE_EDGES = (1, 9.8, 18.8, 21.8, 24.8, 44.8, 49.8, 58.6, 62.4, 64.8, 67.6, 80)
_SUPPLEMENT_ENDS = 62.4
_CENT_RULES = ((43, 54, 55.9), (55, 56, 57.9), (55, 56, 67.9), (35, 36, 70.9))
_CHECKS = ("1", "6", "10a", "10b", "10c", "11d", "20", "27")
_SHORT = {"Group Health Plan": "Group", "FECA Blk Lung": "FECA", "Other": "Oth"}


def draw_form(canvas: Canvas) -> None:
    canvas.saveState()
    _draw_mark(canvas)
    _draw_service_shade(canvas)
    _draw_boxes(canvas)
    _draw_service_lines(canvas)
    _draw_cent_rules(canvas)
    _draw_checks(canvas)
    _draw_diagnosis_letters(canvas)
    canvas.restoreState()


def _draw_mark(canvas: Canvas) -> None:
    canvas.setFillGray(0)
    canvas.setFont("Helvetica-Bold", 13)
    canvas.drawString(grid.edge_x(1), PAGE_HEIGHT - 0.62 * INCH, COPY_MARK)
    canvas.setFillGray(_LABEL_GREY)
    canvas.setFont("Helvetica", 8)
    canvas.drawString(grid.edge_x(1), PAGE_HEIGHT - 0.78 * INCH, "Data of a CMS-1500 (02/12)")


def _draw_service_shade(canvas: Canvas) -> None:
    canvas.setFillGray(_SHADE_GREY)
    left, width = grid.edge_x(1), grid.edge_x(80) - grid.edge_x(1)
    for line in _ROWS:
        canvas.rect(left, grid.edge_y(line), width, INCH / 6, stroke=0, fill=1)


def _draw_boxes(canvas: Canvas) -> None:
    canvas.setStrokeGray(_LINE_GREY)
    canvas.setLineWidth(0.5)
    for box in grid.boxes():
        canvas.rect(box.left, box.bottom, box.right - box.left, box.top - box.bottom)
        _label(canvas, box.left + 1.5, box.top - _LABEL_SIZE - 0.5, box.label)


def _draw_service_lines(canvas: Canvas) -> None:
    """The shaded half is one box up to 24H: a drug's number runs over the columns below it."""
    for line in _ROWS:
        for column in _SERVICE_EDGES:
            is_shaded_too = column in (1, 80) or column >= _SUPPLEMENT_ENDS
            top = grid.edge_y(line - 1 if is_shaded_too else line)
            canvas.line(grid.edge_x(column), top, grid.edge_x(column), grid.edge_y(line + 1))
        canvas.line(grid.edge_x(1), grid.edge_y(line + 1), grid.edge_x(80), grid.edge_y(line + 1))


def _draw_cent_rules(canvas: Canvas) -> None:
    """Dotted, between dollars and cents, over the lower line of each box only."""
    canvas.setDash(1, 1.5)
    for first, last, column in _CENT_RULES:
        x = grid.edge_x(column)
        for line in range(first + 1, last + 1, 2):
            canvas.line(x, grid.edge_y(line), x, grid.edge_y(line - 1))
    canvas.setDash()


def _draw_checks(canvas: Canvas) -> None:
    for key, position in _checks():
        canvas.rect(position.x - 0.8, position.baseline - 1.6, 8.2, 9)
        _label(canvas, position.x + 8.6, position.baseline + 0.8, _SHORT.get(key.part, key.part))


def _checks() -> Iterator[tuple[Key, Position]]:
    for key, position in grid.positions().items():
        is_sex = key.item in ("3", "11a") and key.part in ("M", "F")
        is_check = key.item in _CHECKS and position.length == 1
        if is_sex or is_check or key == Key("25", 0, "EIN"):
            yield key, position


def _draw_diagnosis_letters(canvas: Canvas) -> None:
    for letter in "ABCDEFGHIJKL":
        position = grid.positions()[Key("21", 0, letter)]
        _label(canvas, position.x - 9, position.baseline, letter)


def _label(canvas: Canvas, x: float, y: float, text: str) -> None:
    canvas.setFillGray(_LABEL_GREY)
    canvas.setFont("Helvetica", _LABEL_SIZE)
    canvas.drawString(x, y, text)
