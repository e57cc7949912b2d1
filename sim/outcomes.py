"""What a payer can do with a claim, and the one thing that cures it."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The words are also the member-id prefixes that pin an outcome."""

    PAID = "PAID"
    REJECT = "REJECT"
    SILENT = "SILENT"
    PENDED = "PENDED"
    DEAF = "DEAF"
    UNDERPAID = "UNDERPAID"
    REVERSED = "REVERSED"
    TAKEBACK = "TAKEBACK"
    INTEREST = "INTEREST"
    INACTIVE = "INACTIVE"
    NOTFOUND = "NOTFOUND"
    UNANSWERED = "UNANSWERED"
    DENY16 = "DENY16"
    DENYMA130 = "DENYMA130"
    DENY31 = "DENY31"
    DENY4 = "DENY4"
    DENY11 = "DENY11"
    DENY252 = "DENY252"
    DENY50 = "DENY50"
    DENY50L2 = "DENY50L2"
    DENY50NO = "DENY50NO"
    DENY197 = "DENY197"
    DENY197NO = "DENY197NO"
    DENY29 = "DENY29"
    DENY29NO = "DENY29NO"
    DENY22 = "DENY22"
    DENY27 = "DENY27"
    DENY97 = "DENY97"
    DENY204 = "DENY204"


class Cure(StrEnum):
    FIX = "fix"
    NEW_CLAIM = "new claim"
    RECORDS = "records"
    APPEAL = "appeal"
    NEXT_PAYER = "next payer"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Denial:
    group: str
    carc: str
    rarcs: tuple[str, ...]
    cure: Cure
    level: int = 1
    whole_claim: bool = False
    wants: str = ""
    """The part of the line that must differ in the corrected claim, if one must."""


DENIALS = {
    Outcome.DENY16: Denial(group="CO", carc="16", rarcs=("N290",), cure=Cure.FIX, whole_claim=True),
    Outcome.DENYMA130: Denial(
        group="CO", carc="16", rarcs=("MA130", "N382"), cure=Cure.NEW_CLAIM, whole_claim=True
    ),
    Outcome.DENY31: Denial(group="CO", carc="31", rarcs=("N382",), cure=Cure.FIX, whole_claim=True),
    Outcome.DENY4: Denial(group="CO", carc="4", rarcs=("N519",), cure=Cure.FIX, wants="modifiers"),
    Outcome.DENY11: Denial(
        group="CO", carc="11", rarcs=("N657",), cure=Cure.FIX, wants="diagnoses"
    ),
    Outcome.DENY252: Denial(group="CO", carc="252", rarcs=("N706",), cure=Cure.RECORDS),
    Outcome.DENY50: Denial(group="CO", carc="50", rarcs=("N115",), cure=Cure.APPEAL),
    Outcome.DENY50L2: Denial(group="CO", carc="50", rarcs=("N115",), cure=Cure.APPEAL, level=2),
    Outcome.DENY50NO: Denial(group="CO", carc="50", rarcs=("N115",), cure=Cure.NONE),
    Outcome.DENY197: Denial(group="CO", carc="197", rarcs=("M62",), cure=Cure.APPEAL),
    Outcome.DENY197NO: Denial(group="CO", carc="197", rarcs=("M62",), cure=Cure.NONE),
    Outcome.DENY29: Denial(
        group="CO", carc="29", rarcs=("N211",), cure=Cure.APPEAL, whole_claim=True
    ),
    Outcome.DENY29NO: Denial(
        group="CO", carc="29", rarcs=("N211",), cure=Cure.NONE, whole_claim=True
    ),
    Outcome.DENY22: Denial(
        group="CO", carc="22", rarcs=("MA04",), cure=Cure.NEXT_PAYER, whole_claim=True
    ),
    Outcome.DENY27: Denial(
        group="CO", carc="27", rarcs=("N30",), cure=Cure.NEXT_PAYER, whole_claim=True
    ),
    Outcome.INACTIVE: Denial(
        group="CO", carc="27", rarcs=("N30",), cure=Cure.NEXT_PAYER, whole_claim=True
    ),
    Outcome.DENY97: Denial(group="CO", carc="97", rarcs=("M15",), cure=Cure.NONE),
    Outcome.DENY204: Denial(group="PR", carc="204", rarcs=("N130",), cure=Cure.NEXT_PAYER),
}

NEXT_PAYER_CARCS = frozenset({"22", "26", "27", "109", "204"})
"""Denials by which the payer leaves the whole line to the next one."""

ANOTHER_FIRST = "22"
"""The denial that holds only until the payer that comes first has answered."""

MISSING_PRIOR = Denial(
    group="CO", carc="22", rarcs=("MA04",), cure=Cure.NEW_CLAIM, whole_claim=True
)
DUPLICATE = Denial(group="OA", carc="18", rarcs=("N522",), cure=Cure.NONE)


def pinned(member_id: str) -> Outcome | None:
    """The outcome that a member id asks for by its longest matching prefix."""
    matching = [one for one in Outcome if member_id.upper().startswith(one.value)]
    return max(matching, key=lambda one: len(one.value), default=None)
