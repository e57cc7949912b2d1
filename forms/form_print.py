"""Characters put on paper by a table of positions, moved by what a printer needs."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from forms.form_grid import INCH, PAGE_HEIGHT, PITCH, Key, Position

_LETTER = (8.5 * INCH, PAGE_HEIGHT)
_SIZE, _ADVANCE = 10.0, 0.6  # Courier's characters are six tenths of its size wide.
_SMALL_SIZE, _SMALL_PITCH = 8.0, 4.8  # Fifteen characters an inch.

Draw = Callable[[Canvas], None]


@dataclass(frozen=True, kw_only=True)
class PrinterOffset:
    """How far a printer must be corrected, in hundredths of an inch; each printer has its own."""

    right: int = 0
    down: int = 0


NO_OFFSET = PrinterOffset()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One page: what stands where, and which positions are set small where a text is long."""

    filled: Mapping[Key, str]
    positions: Mapping[Key, Position]
    small: frozenset[Key] = frozenset()


def document(
    title: str,
    sheets: Sequence[Sheet],
    *,
    offset: PrinterOffset = NO_OFFSET,
    background: Draw | None = None,
) -> bytes:
    """A page for each sheet; the background, if any, is not moved."""
    target = io.BytesIO()
    # invariant: no clock and no random id, so the same claim is the same bytes.
    canvas = Canvas(target, pagesize=_LETTER, invariant=1, pageCompression=1)
    canvas.setTitle(title)
    for sheet in sheets:
        if background:
            background(canvas)
        canvas.saveState()
        move(canvas, offset)
        _print_sheet(canvas, sheet)
        canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def move(canvas: Canvas, offset: PrinterOffset) -> None:
    canvas.translate(offset.right * INCH / 100, -offset.down * INCH / 100)


def _print_sheet(canvas: Canvas, sheet: Sheet) -> None:
    for key, text in sheet.filled.items():
        position = sheet.positions[key]
        if key in sheet.small and len(text) > position.length:
            _print(canvas, position.x, position.baseline, text, _SMALL_SIZE, _SMALL_PITCH)
            continue
        blank = position.length - len(text) if position.is_right_justified else 0
        _print(canvas, position.x + blank * PITCH, position.baseline, text, _SIZE, PITCH)


def _print(canvas: Canvas, x: float, y: float, text: str, size: float, pitch: float) -> None:
    line = canvas.beginText(x, y)
    line.setFont("Courier", size)
    line.setCharSpace(pitch - _ADVANCE * size)
    line.textOut(text)
    canvas.drawText(line)
