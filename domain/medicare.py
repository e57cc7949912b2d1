"""Why another payer comes before Medicare: a claim to Medicare as a later payer must tell it
(SBR05, and the value codes of a facility's claim, which are the same numbers)."""

from collections.abc import Iterable
from enum import StrEnum


class SecondBecause(StrEnum):
    WORKING_AGED = "12"
    KIDNEYS = "13"
    NO_FAULT = "14"
    WORKERS_COMPENSATION = "15"
    FEDERAL_AGENCY = "16"
    BLACK_LUNG = "41"
    VETERANS = "42"
    DISABLED = "43"
    LIABILITY = "47"


# Our words, as the front desk asks it.
WORDS = {
    SecondBecause.WORKING_AGED: "65 or over, covered by their own or a spouse's work",
    SecondBecause.KIDNEYS: "Kidney failure, in the months when the group plan pays first",
    SecondBecause.DISABLED: "Disabled and under 65, covered by a large employer's plan",
    SecondBecause.NO_FAULT: "An accident that no-fault or automobile insurance pays",
    SecondBecause.WORKERS_COMPENSATION: "Hurt or ill through work: workers' compensation",
    SecondBecause.LIABILITY: "Somebody else is liable for it",
    SecondBecause.VETERANS: "Veterans Affairs pays",
    SecondBecause.BLACK_LUNG: "Black lung program",
    SecondBecause.FEDERAL_AGENCY: "Another federal agency pays",
}
SENIOR_AGE = 65
_MEDICARE = frozenset({"MA", "MB"})
# What the payer before is says why, where it pays for nothing else (SBR09).
_BY_PAYER = {
    "AM": SecondBecause.NO_FAULT,
    "LM": SecondBecause.LIABILITY,
    "VA": SecondBecause.VETERANS,
    "WC": SecondBecause.WORKERS_COMPENSATION,
}


def is_medicare(filing_code: str) -> bool:
    return filing_code in _MEDICARE


def told_by(payers_before: Iterable[str]) -> SecondBecause | None:
    """What the kinds of the payers before Medicare tell; nothing is guessed of a group's plan."""
    return next((_BY_PAYER[kind] for kind in payers_before if kind in _BY_PAYER), None)


def age_fits(because: SecondBecause, age: int) -> bool:
    match because:
        case SecondBecause.WORKING_AGED:
            return age >= SENIOR_AGE
        case SecondBecause.DISABLED:
            return age < SENIOR_AGE
        case _:
            return True
