"""The billing plan: which claims an encounter needs now. Pure: receivables in, claim groups out."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

RESPONSIBILITIES = ("P", "S", "T")


@dataclass(frozen=True, kw_only=True)
class OpenLine:
    """A charge line on which a payer owes, and whether that payer has been asked for it."""

    charge_line_id: int
    payer_id: int
    has_claim: bool


@dataclass(frozen=True, kw_only=True)
class PlannedCoverage:
    """One coverage in the order of payment; `has_paid_its_part` when its claim was adjudicated."""

    coverage_id: int
    payer_id: int
    claim_id: int | None
    has_answered: bool


@dataclass(frozen=True, kw_only=True)
class ClaimGroup:
    """One claim to make: to whom, in which place of the order, after which claim."""

    payer_id: int
    coverage_id: int
    responsibility: str
    follows_claim_id: int | None
    charge_line_ids: tuple[int, ...]


def claim_groups(
    lines: Sequence[OpenLine], coverages: Sequence[PlannedCoverage]
) -> tuple[ClaimGroup, ...]:
    """A claim per payer that owes on lines it has not been asked for, in the order of payment."""
    unasked = sorted(
        (line for line in lines if not line.has_claim),
        key=lambda line: (line.payer_id, line.charge_line_id),
    )
    groups = [
        _group(payer_id, tuple(line.charge_line_id for line in of_payer), coverages)
        for payer_id, of_payer in groupby(unasked, key=lambda line: line.payer_id)
    ]
    return tuple(sorted(groups, key=lambda group: group.responsibility))


def _group(
    payer_id: int, line_ids: tuple[int, ...], coverages: Sequence[PlannedCoverage]
) -> ClaimGroup:
    coverage = next(c for c in coverages if c.payer_id == payer_id)
    before = [
        c
        for c in coverages[: coverages.index(coverage)]
        if c.has_answered and c.claim_id is not None
    ]
    return ClaimGroup(
        payer_id=payer_id,
        coverage_id=coverage.coverage_id,
        # Only payers that have answered count: after a denial for lack of coverage the next is
        # first.
        responsibility=RESPONSIBILITIES[min(len(before), 2)],
        follows_claim_id=before[-1].claim_id if before else None,
        charge_line_ids=line_ids,
    )
