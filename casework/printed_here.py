"""Payers whose claims on paper are printed here and posted by a person; so is all other mail to
them, for no print service takes any of it."""

from sqlalchemy.orm import Session

from casework import coverages
from db.models import Claim, PayerRoute

# Where claims on paper go that no print service takes.
PRINTED_HERE = "printed-here"


def are_printed_here(route: PayerRoute) -> bool:
    return route.channel == "paper" and route.route == PRINTED_HERE


def is_mail_of(session: Session, claim: Claim) -> bool:
    """Whether a person posts what this claim's payer gets by mail. A payer that claims are only
    forwarded to has no route."""
    route = coverages.route(session, claim.payer, "837")
    return route is not None and are_printed_here(route)
