"""The CMS-1500 (02/12) on paper: `claim_pdf` prints only the data, on the preprinted red form that
scanners read; `copy_pdf` draws our own boxes too and says that it is a copy.
"""

from forms import form_print
from forms.cms1500_claim import Cms1500
from forms.cms1500_copy import draw_form
from forms.cms1500_fields import page_fields
from forms.cms1500_grid import positions
from forms.cms1500_text import SMALL
from forms.form_print import NO_OFFSET, PrinterOffset, Sheet


def claim_pdf(claim: Cms1500, *, offset: PrinterOffset = NO_OFFSET) -> bytes:
    """Data alone, for preprinted stock; six service lines a page."""
    return form_print.document(_title(claim), sheets(claim), offset=offset)


def copy_pdf(claim: Cms1500) -> bytes:
    """Data in boxes of our own, for the file, the screen or plain paper."""
    return form_print.document(_title(claim), sheets(claim), background=draw_form)


def _title(claim: Cms1500) -> str:
    return f"CMS-1500 {claim.pcn}"


def sheets(claim: Cms1500) -> list[Sheet]:
    return [
        Sheet(filled=page_fields(claim, page), positions=positions(), small=frozenset(SMALL))
        for page in range(len(claim.pages))
    ]
