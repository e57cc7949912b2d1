"""The CMS-1500 (02/12) on paper: `claim_pdf` prints only the data, on the preprinted red form that
scanners read; `copy_pdf` draws our own boxes too and says that it is a copy.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from forms import cms1500_grid as grid
from forms.cms1500_claim import Cms1500
from forms.cms1500_copy import draw_form
from forms.cms1500_fields import page_fields
from forms.cms1500_grid import INCH, Key, Position

_LETTER = (8.5 * INCH, 11 * INCH)
_PITCH = 7.2  # Ten characters an inch. Courier 10 pt advances 6.0, so 1.2 is added.
_PAGE_LINE, _PAGE_COLUMN = 6, 32  # At the foot of the carrier block, above item 1.


@dataclass(frozen=True, kw_only=True)
class PrinterOffset:
    """How far a printer must be corrected, in hundredths of an inch; each printer has its own."""

    right: int = 0
    down: int = 0


NO_OFFSET = PrinterOffset()


def claim_pdf(claim: Cms1500, *, offset: PrinterOffset = NO_OFFSET) -> bytes:
    """Data alone, for preprinted stock; six service lines a page."""
    pages = [page_fields(claim, page) for page in range(len(claim.pages))]
    return _document(claim.pcn, pages, offset, is_copy=False)


def copy_pdf(claim: Cms1500) -> bytes:
    """Data in boxes of our own, for the file, the screen or plain paper."""
    pages = [page_fields(claim, page) for page in range(len(claim.pages))]
    return _document(claim.pcn, pages, NO_OFFSET, is_copy=True)


def _document(
    title: str, pages: list[dict[Key, str]], offset: PrinterOffset, *, is_copy: bool
) -> bytes:
    target = io.BytesIO()
    # invariant: no clock and no random id, so the same claim is the same bytes.
    canvas = Canvas(target, pagesize=_LETTER, invariant=1, pageCompression=1)
    canvas.setTitle(f"CMS-1500 {title}")
    for number, filled in enumerate(pages, start=1):
        if is_copy:
            draw_form(canvas)
        canvas.saveState()
        canvas.translate(offset.right * INCH / 100, -offset.down * INCH / 100)
        _print_fields(canvas, filled)
        _print_page_number(canvas, number, len(pages))
        canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _print_fields(canvas: Canvas, filled: Mapping[Key, str]) -> None:
    for key, text in filled.items():
        _print(canvas, grid.positions()[key], text)


def _print(canvas: Canvas, position: Position, text: str) -> None:
    blank = position.length - len(text) if position.is_right_justified else 0
    line = canvas.beginText(position.x + blank * _PITCH, position.baseline)
    line.setFont("Courier", 10)
    line.setCharSpace(_PITCH - 6.0)
    line.textOut(text)
    canvas.drawText(line)


def _print_page_number(canvas: Canvas, number: int, total: int) -> None:
    if total > 1:
        text = f"PAGE {number:02} OF {total:02}"
        _print(
            canvas,
            Position(
                line=_PAGE_LINE, column=_PAGE_COLUMN, length=len(text), is_right_justified=False
            ),
            text,
        )
