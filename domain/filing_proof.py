"""Proof that a claim reached its payer, and when: who says so, under which number, in which words.

Kinds stand in the order of their weight. A payer's own word proves filing; a clearinghouse's says
only that the claim left us, and is kept beside it.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from domain.correspondence import Letterhead, MailingAddress


class ProofKind(StrEnum):
    ACCEPTED = "accepted"
    """The payer's 277CA: accepted into adjudication (A2)."""
    PORTAL = "portal"
    """The number that the payer's portal gave for what was keyed there."""
    MAILED = "mailed"
    """Posted on paper, to a payer that acknowledges nothing else."""
    RECEIVED = "received"
    """A clearinghouse took the file or the claim."""

    @property
    def is_payers(self) -> bool:
        return self in (ProofKind.ACCEPTED, ProofKind.PORTAL)


WEIGHT = tuple(ProofKind)


@dataclass(frozen=True, kw_only=True)
class FilingProof:
    """One word about one submission. `segments` are its own alone, with their numbers."""

    kind: ProofKind
    on: dt.date
    """The day that the word itself names; where it names none, the day on which it came."""
    came_on: dt.date
    said_by: str
    words: str
    number: str
    """A confirmation number, the payer's claim number, or the carrier's number of what was
    mailed."""
    payer_claim_number: str
    pcn: str
    sent_on: dt.date | None
    control_number: str
    """ISA13 of the interchange that carried the claim."""
    file_name: str = ""
    file_id: int | None = None
    document_id: int | None = None
    segments: tuple[tuple[int, str], ...] = ()

    @property
    def place(self) -> str:
        """Where in its file it stands."""
        if not self.segments:
            return ""
        first, last = self.segments[0][0], self.segments[-1][0]
        return f"segments {first} to {last}"

    def is_in_time(self, file_by_on: dt.date) -> bool:
        return self.on <= file_by_on


@dataclass(frozen=True, kw_only=True)
class ProofSheet:
    """A proof as it is printed for a payer: about one claim, on our paper."""

    proof: FilingProof
    others: tuple[FilingProof, ...]
    """What else was said of the claim, listed in one line each."""
    practice: Letterhead
    payer: MailingAddress
    patient_name: str
    member_id: str
    service_on: dt.date
    charge_cents: int
    file_by_on: dt.date
    printed_on: dt.date
