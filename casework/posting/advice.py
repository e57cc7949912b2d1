"""An 835 of any size, read through without being kept: once to be judged, once to be stored.

What the first pass adds up is enough to judge the file whole, so that a file which is cut short or
does not balance stores nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.money import dollars
from domain.remit_balance import Balance, Imbalance
from domain.remittance import (
    RemitClaim,
    RemitLine,
    RemitStatus,
    Remittance,
)
from edi.read import File
from edi.walking import Walk

# A person looks at the first of the lines; a payer is told by any few of the claims.
LINES_SHOWN_MAX = 500
NUMBERS_KEPT_MAX = 1_000


@dataclass(kw_only=True)
class Advice:
    """What is known of one remittance after its claims have gone by."""

    balance: Balance = field(default_factory=Balance)
    pcns: list[str] = field(default_factory=list)
    """Of claims that it answers as the first payer."""
    lines: list[list[str]] = field(default_factory=list)
    """The arithmetic: place, charge, adjustments, paid, what is missing."""

    def take(self, claim: RemitClaim) -> None:
        self.balance.take(claim)
        if claim.status is RemitStatus.PRIMARY and len(self.pcns) < NUMBERS_KEPT_MAX:
            self.pcns.append(claim.pcn)
        if len(self.lines) < LINES_SHOWN_MAX:
            self.lines += [_line(claim, line) for line in claim.lines]

    def imbalances(self, item: Remittance) -> tuple[Imbalance, ...]:
        return self.balance.imbalances(item)

    def arithmetic(self, item: Remittance) -> list[list[str]]:
        """Line by line, and last the payment."""
        kept = sum(plb.cents for plb in item.provider_adjustments)
        payment = _row("payment (segment 2)", self.balance.paid_cents, kept, item.paid_cents)
        return [*self.lines[:LINES_SHOWN_MAX], payment]


class Reading:
    """A file read through once. Its remittances have no claims; `advice` says what they came to."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        walk = Walk(content)
        self._advices: dict[int, Advice] = {}
        for place, claim in walk.claims():
            if place not in self._advices:
                self._advices[place] = Advice()
            self._advices[place].take(claim)
        self.file: File = walk.file
        self._place = walk.place

    def advice(self, item: Remittance) -> Advice:
        return self._advices.get(self._place(item)) or Advice()

    def place(self, item: Remittance) -> int:
        return self._place(item)

    def again(self) -> Iterator[tuple[int, RemitClaim]]:
        """Every claim once more, each with the place of its remittance."""
        return Walk(self._content).claims()


class Held:
    """A remittance that is there as a whole, such as one that a person keyed."""

    def __init__(self, item: Remittance) -> None:
        self._item = item
        self._advice = Advice()
        for claim in item.claims:
            self._advice.take(claim)

    def advice(self, _: Remittance) -> Advice:
        return self._advice

    def place(self, _: Remittance) -> int:
        return 0

    def again(self) -> Iterator[tuple[int, RemitClaim]]:
        return ((0, claim) for claim in self._item.claims)


def _line(claim: RemitClaim, line: RemitLine) -> list[str]:
    adjusted = sum(adjustment.cents for adjustment in line.adjustments)
    place = f"claim {claim.ordinal}, line {line.ordinal} (segment {line.segment})"
    return _row(place, line.charge_cents, adjusted, line.paid_cents)


def _row(place: str, whole: int, less: int, stated: int) -> list[str]:
    return [place, *(dollars(cents) for cents in (whole, less, stated, whole - less - stated))]
