"""A claim on paper, whichever form it takes: the one thing that prints, copies and counts it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias, assert_never

from forms import cms1500, cms1500_fields, form_print, ub04, ub04_fields
from forms.cms1500_claim import Cms1500
from forms.form_grid import Key
from forms.form_print import NO_OFFSET, PrinterOffset, Sheet
from forms.form_text import Fit, Misfit
from forms.ub04_claim import Ub04
from forms.ub04_people import lost_remarks

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


def misfits(claim: PaperClaim) -> tuple[Misfit, ...]:
    """What its boxes do not hold whole, each once: first what refuses the print."""
    lost = dict.fromkeys(_misfits(claim))
    return tuple(sorted(lost, key=lambda misfit: not misfit.is_refused))


def _misfits(claim: PaperClaim) -> Iterator[Misfit]:
    for page in range(len(claim.pages)):
        for key, found in _fits(claim, page):
            if found.misfit:
                yield _on_page(found.misfit, page) if key.row else found.misfit
    if isinstance(claim, Ub04) and (remarks := lost_remarks(claim)):
        yield remarks


def _fits(claim: PaperClaim, page: int) -> Iterator[tuple[Key, Fit]]:
    match claim:
        case Cms1500():
            return cms1500_fields.fits(claim, page)
        case Ub04():
            return ub04_fields.fits(claim, page)
        case _:
            assert_never(claim)


def _on_page(misfit: Misfit, page: int) -> Misfit:
    """A service line is counted from the head of its page."""
    if not page:
        return misfit
    prefix = f"page {page + 1}, "
    return replace(misfit, where=prefix + misfit.where, words=prefix + misfit.words)


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
