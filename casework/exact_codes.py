"""A charted diagnosis that only heads more exact ones: the one that a coder is offered first.

It is a proposal and no more: a coder confirms it, and sees which others there are.
"""

from casework import coding_checks
from casework.claim_edits import BOOK
from codesets import terms
from db.models import Encounter

# Of codes that fit equally the one that claims least is offered.
CLAIMS_LEAST = ("without", "unspecified")


def proposed(encounter: Encounter, code: str) -> str:
    """The code itself where it may be billed, or heads nothing."""
    choices = below(encounter, code)
    fitting = [choice for choice in choices if coding_checks.fits_age(encounter, choice)]
    return min(fitting or choices, key=_claims, default=code)


def below(encounter: Encounter, code: str) -> tuple[str, ...]:
    """The billable codes under a header; none under a code that may be billed itself."""
    if BOOK.is_diagnosis_billable(code, encounter.service_on):
        return ()
    return BOOK.diagnosis_children(code, encounter.service_on)


def _claims(code: str) -> bool:
    words = (terms.describe(code) or "").lower()
    return not any(word in words for word in CLAIMS_LEAST)
