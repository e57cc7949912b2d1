"""A claim on paper, whichever form it takes: the one thing that prints, copies and counts it."""

from collections.abc import Sequence
from typing import TypeAlias, assert_never

from forms import cms1500, form_print, ub04
from forms.cms1500_claim import Cms1500
from forms.form_print import NO_OFFSET, PrinterOffset, Sheet
from forms.ub04_claim import Ub04

PaperClaim: TypeAlias = Cms1500 | Ub04


def form_name(claim: PaperClaim) -> str:
    match claim:
        case Cms1500():
            return "CMS-1500"
        case Ub04():
            return "UB-04"
        case _:
            assert_never(claim)


def page_count(claim: PaperClaim) -> int:
    return len(claim.pages)


def claim_pdf(claim: PaperClaim, *, offset: PrinterOffset = NO_OFFSET) -> bytes:
    """Data alone, for preprinted stock."""
    match claim:
        case Cms1500():
            return cms1500.claim_pdf(claim, offset=offset)
        case Ub04():
            return ub04.claim_pdf(claim, offset=offset)
        case _:
            assert_never(claim)


def run_pdf(claims: Sequence[PaperClaim], *, offset: PrinterOffset) -> bytes:
    """Data alone of many claims, in their order, for one run through the printer."""
    every = [sheet for claim in claims for sheet in _sheets(claim)]
    return form_print.document("Claim forms", every, offset=offset)


def _sheets(claim: PaperClaim) -> list[Sheet]:
    match claim:
        case Cms1500():
            return cms1500.sheets(claim)
        case Ub04():
            return ub04.sheets(claim)
        case _:
            assert_never(claim)


def copy_pdf(claim: PaperClaim) -> bytes:
    """Data in boxes of our own, marked as a copy."""
    match claim:
        case Cms1500():
            return cms1500.copy_pdf(claim)
        case Ub04():
            return ub04.copy_pdf(claim)
        case _:
            assert_never(claim)
