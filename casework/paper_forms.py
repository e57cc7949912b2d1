"""A claim's content as the paper form that its payer reads: a CMS-1500 or a UB-04."""

import datetime as dt
from collections.abc import Sequence

from casework.addresses import mailing
from db.models import Claim
from domain.claims import HealthClaim, ProfessionalClaim
from domain.institutional import InstitutionalClaim
from forms import cms1500_filling, paper, ub04_filling
from forms.cms1500_claim import PageTotals
from forms.form_text import Misfit, refusal
from forms.paper import PaperClaim


def form_of(claim: Claim, content: HealthClaim, *, made_on: dt.date) -> PaperClaim:
    """The same content on the same day is the same form, however often it is printed."""
    payer = mailing(claim.payer.name, claim.payer.address)
    match content:
        case ProfessionalClaim():
            return cms1500_filling.form_of(
                content, payer=payer, page_totals=PageTotals.LAST_PAGE, signed_on=made_on
            )
        case InstitutionalClaim():
            return ub04_filling.form_of(content, payer=payer, created_on=made_on)
        case _:
            raise TypeError(f"no paper form for {type(content).__name__}")


def misfits(claim: Claim, content: HealthClaim, *, made_on: dt.date) -> tuple[Misfit, ...]:
    """What the form does not hold whole, for who mends the claim: first what refuses the print."""
    try:
        form = form_of(claim, content, made_on=made_on)
    except ValueError as error:
        return (refusal("the form", str(error)),)
    more = ub04_filling.left_out(content) if isinstance(content, InstitutionalClaim) else ()
    return (*paper.misfits(form), *more)


def refused(found: Sequence[Misfit]) -> str:
    """Why nothing is printed; empty where it may be."""
    return " ".join(misfit.words for misfit in found if misfit.is_refused)
