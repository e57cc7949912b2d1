"""The two forms of a claim: what a person did, and what a facility lent for it."""

from enum import StrEnum
from typing import assert_never


class ClaimForm(StrEnum):
    """On which form a charge line is billed. A claim's lines are all of its form."""

    PROFESSIONAL = "P"
    """837P, or a CMS-1500 on paper."""
    INSTITUTIONAL = "I"
    """837I, or a UB-04 on paper."""

    @property
    def lines_max(self) -> int:
        """What loop 2400 takes; what is more goes on a claim of its own."""
        match self:
            case ClaimForm.PROFESSIONAL:
                return 50
            case ClaimForm.INSTITUTIONAL:
                return 999
            case _:
                assert_never(self)

    @property
    def words(self) -> str:
        match self:
            case ClaimForm.PROFESSIONAL:
                return "professional"
            case ClaimForm.INSTITUTIONAL:
                return "facility"
            case _:
                assert_never(self)
