"""The UB-04 on paper: `claim_pdf` prints only the data, on the preprinted red form that scanners
read; `copy_pdf` draws our own rules and labels too and says that it is a copy.
"""

from forms import form_print
from forms.form_print import NO_OFFSET, PrinterOffset, Sheet
from forms.ub04_claim import Ub04
from forms.ub04_copy import draw_form
from forms.ub04_fields import page_fields
from forms.ub04_grid import positions


def claim_pdf(claim: Ub04, *, offset: PrinterOffset = NO_OFFSET) -> bytes:
    """Data alone, for preprinted stock; 22 revenue lines a page."""
    return form_print.document(_title(claim), sheets(claim), offset=offset)


def copy_pdf(claim: Ub04) -> bytes:
    """Data in boxes of our own, for the file, the screen or plain paper."""
    return form_print.document(_title(claim), sheets(claim), background=draw_form)


def _title(claim: Ub04) -> str:
    return f"UB-04 {claim.pcn}"


def sheets(claim: Ub04) -> list[Sheet]:
    return [
        Sheet(filled=page_fields(claim, page), positions=positions())
        for page in range(len(claim.pages))
    ]
