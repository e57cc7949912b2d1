"""The billing plan: which claims an encounter, or the visits of a stay, need now. Pure: receivables
in, claim groups out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.claim_form import ClaimForm

RESPONSIBILITIES = ("P", "S", "T")


@dataclass(frozen=True, kw_only=True)
class OpenLine:
    """A charge line on which a payer owes, and whether that payer has been asked for it."""

    charge_line_id: int
    encounter_id: int
    payer_id: int
    has_claim: bool
    form: ClaimForm = ClaimForm.PROFESSIONAL
    takes_stays_whole: bool = False


@dataclass(frozen=True, kw_only=True)
class PlannedClaim:
    """A claim that was made before: `has_answered` when its payer adjudicated it as covered."""

    claim_id: int
    has_answered: bool
    charge_line_ids: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class PlannedCoverage:
    """One coverage in the order of payment, with the claims made under it."""

    coverage_id: int
    payer_id: int
    claims: tuple[PlannedClaim, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ClaimGroup:
    """One claim to make: to whom, on which form, in which place of the order, after which claim."""

    payer_id: int
    form: ClaimForm
    coverage_id: int
    responsibility: str
    follows_claim_id: int | None
    charge_line_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, order=True)
class _Place:
    """After which answered claims, and under which coverage, a line is asked for."""

    before: tuple[int, ...]
    index: int
    is_facility: bool
    # The visit that must have a claim of its own; 0 where all the visits given go on one.
    encounter_id: int

    @property
    def form(self) -> ClaimForm:
        return ClaimForm.INSTITUTIONAL if self.is_facility else ClaimForm.PROFESSIONAL

    @property
    def responsibility(self) -> str:
        # Only payers that have answered count: after a denial for lack of coverage the next is
        # first.
        return RESPONSIBILITIES[min(len(self.before), 2)]


def claim_groups(
    lines: Sequence[OpenLine], coverages: Sequence[PlannedCoverage]
) -> tuple[ClaimGroup, ...]:
    """A claim per form and coverage whose payer owes on lines it has not been asked for, in the
    order of payment; lines that were answered on different claims stay on different claims.

    `lines` may be of several visits of one stay, whose `coverages` are the same: a payer that takes
    stays whole gets them on one claim, and any other payer one claim a visit.
    """
    placed = [(_place(line, coverages), line.charge_line_id) for line in lines]
    wanted = sorted((place, line_id) for place, line_id in placed if place is not None)
    groups = [
        _group(place, coverages[place.index], line_ids)
        for place, of_place in groupby(wanted, key=lambda each: each[0])
        for line_ids in _parts(place.form, tuple(line_id for _, line_id in of_place))
    ]
    return tuple(sorted(groups, key=lambda group: RESPONSIBILITIES.index(group.responsibility)))


def _place(line: OpenLine, coverages: Sequence[PlannedCoverage]) -> _Place | None:
    """The first coverage of the payer under which the line was not asked for: a patient may have
    two with one payer."""
    for index, coverage in enumerate(coverages):
        if coverage.payer_id == line.payer_id and not _with(line, coverage):
            answered = [
                [claim.claim_id for claim in _with(line, earlier) if claim.has_answered]
                for earlier in coverages[:index]
            ]
            return _Place(
                before=tuple(claims[-1] for claims in answered if claims),
                index=index,
                is_facility=line.form is ClaimForm.INSTITUTIONAL,
                encounter_id=0 if line.takes_stays_whole else line.encounter_id,
            )
    if not line.has_claim:
        raise LookupError(
            f"Payer {line.payer_id} owes on charge line {line.charge_line_id}, but no coverage "
            "in force names it: end that receivable, or enter the coverage."
        )
    return None


def _with(line: OpenLine, coverage: PlannedCoverage) -> list[PlannedClaim]:
    return [claim for claim in coverage.claims if line.charge_line_id in claim.charge_line_ids]


def _parts(form: ClaimForm, line_ids: tuple[int, ...]) -> list[tuple[int, ...]]:
    """What is more than the form takes goes on a claim of its own."""
    most = form.lines_max
    return [line_ids[at : at + most] for at in range(0, len(line_ids), most)]


def _group(place: _Place, coverage: PlannedCoverage, line_ids: tuple[int, ...]) -> ClaimGroup:
    return ClaimGroup(
        payer_id=coverage.payer_id,
        form=place.form,
        coverage_id=coverage.coverage_id,
        responsibility=place.responsibility,
        follows_claim_id=place.before[-1] if place.before else None,
        charge_line_ids=line_ids,
    )
