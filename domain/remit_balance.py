"""Whether the sums of an 835 agree, at line, claim and payment level. What does not is told with
its arithmetic; only a remittance that agrees everywhere may be posted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.money import dollars
from domain.remittance import Adjustment, RemitClaim, RemitLine, Remittance

# So many are kept of a file in which nothing agrees: who looks at it reads the first few.
_IMBALANCES_MAX = 1_000


class BalanceLevel(StrEnum):
    LINE = "line"
    CLAIM = "claim"
    PAYMENT = "payment"


@dataclass(frozen=True, kw_only=True)
class Imbalance:
    """A sum that does not agree: where, by how much, and the arithmetic in words."""

    level: BalanceLevel
    segment: int
    claim_ordinal: int | None
    line_ordinal: int | None
    expected_cents: int
    stated_cents: int
    words: str


class Balance:
    """Adds a remittance up claim by claim, so that a large one need never be held whole."""

    def __init__(self) -> None:
        self.claims = 0
        self.paid_cents = 0
        self._below: list[Imbalance] = []

    def take(self, claim: RemitClaim) -> None:
        self.claims += 1
        self.paid_cents += claim.paid_cents
        if not _agrees(claim) and len(self._below) < _IMBALANCES_MAX:
            self._below += _claim_imbalances(claim)

    def imbalances(self, remittance: Remittance) -> tuple[Imbalance, ...]:
        """Every level that does not balance; empty means that the remittance may be posted."""
        return (*self._below, *_payment_imbalances(remittance, self.paid_cents))


def imbalances(remittance: Remittance) -> tuple[Imbalance, ...]:
    """Those of a remittance that is held whole."""
    balance = Balance()
    for claim in remittance.claims:
        balance.take(claim)
    return balance.imbalances(remittance)


def _agrees(claim: RemitClaim) -> bool:
    """In one go, because nearly every claim of a large file does."""
    left = claim.charge_cents - claim.paid_cents
    for adjustment in claim.adjustments:
        left -= adjustment.cents
    lines_agree = True
    for line in claim.lines:
        of_line = 0
        for adjustment in line.adjustments:
            of_line += adjustment.cents
        left -= of_line
        if line.charge_cents - of_line != line.paid_cents:
            lines_agree = False
    return lines_agree and left == 0


def _claim_imbalances(claim: RemitClaim) -> Iterator[Imbalance]:
    adjusted = _sum(claim.adjustments)
    for line in claim.lines:
        of_line = _sum(line.adjustments)
        adjusted += of_line
        if line.charge_cents - of_line != line.paid_cents:
            yield _line_imbalance(claim, line, of_line)
    expected = claim.charge_cents - adjusted
    if expected != claim.paid_cents:
        yield Imbalance(
            level=BalanceLevel.CLAIM,
            segment=claim.segment,
            claim_ordinal=claim.ordinal,
            line_ordinal=None,
            expected_cents=expected,
            stated_cents=claim.paid_cents,
            words=(
                f"Claim {claim.ordinal} (CLP, segment {claim.segment}): charge "
                f"{dollars(claim.charge_cents)} less adjustments {dollars(adjusted)} makes "
                f"{dollars(expected)}, but CLP04 says {dollars(claim.paid_cents)} was paid."
            ),
        )


def _line_imbalance(claim: RemitClaim, line: RemitLine, adjusted: int) -> Imbalance:
    expected = line.charge_cents - adjusted
    return Imbalance(
        level=BalanceLevel.LINE,
        segment=line.segment,
        claim_ordinal=claim.ordinal,
        line_ordinal=line.ordinal,
        expected_cents=expected,
        stated_cents=line.paid_cents,
        words=(
            f"Claim {claim.ordinal}, line {line.ordinal} (SVC, segment {line.segment}): charge "
            f"{dollars(line.charge_cents)} less adjustments {dollars(adjusted)} makes "
            f"{dollars(expected)}, but SVC03 says {dollars(line.paid_cents)} was paid."
        ),
    )


def _payment_imbalances(remittance: Remittance, claims: int) -> Iterator[Imbalance]:
    kept = sum(plb.cents for plb in remittance.provider_adjustments)
    stated = -remittance.paid_cents if remittance.is_debit else remittance.paid_cents
    if claims - kept != stated:
        yield Imbalance(
            level=BalanceLevel.PAYMENT,
            segment=2,
            claim_ordinal=None,
            line_ordinal=None,
            expected_cents=claims - kept,
            stated_cents=stated,
            words=(
                f"Payment (BPR, segment 2): claims pay {dollars(claims)}, less provider "
                f"adjustments {dollars(kept)} makes {dollars(claims - kept)}, but BPR02 says "
                f"{dollars(stated)}."
            ),
        )


def _sum(adjustments: Iterable[Adjustment]) -> int:
    return sum([adjustment.cents for adjustment in adjustments])
