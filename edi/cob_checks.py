"""What other payers did must add up to the charge, or the next payer refuses the claim."""

from collections import Counter
from collections.abc import Iterator, Sequence

from domain.claims import HealthClaim, OtherPayer, PriorAdjustment
from domain.money import dollars

OTHER_PAYERS_MAX, TRIPLETS_MAX, _CAS_MAX = 10, 6, 5

Said = Iterator[tuple[str, str]]


def shared(claim: HealthClaim, charges: dict[str, int]) -> Said:
    """`charges`: the cents of each line, by its control number."""
    yield from _order_of_payers(claim)
    for other in claim.other_payers:
        yield from _other_payer(other, charges)


def _order_of_payers(claim: HealthClaim) -> Said:
    places = Counter([claim.responsibility, *(o.responsibility for o in claim.other_payers)])
    if any(count > 1 for count in places.values()):
        yield "SBR01", "Two payers of this claim stand at the same place of the order."
    if len(claim.other_payers) > OTHER_PAYERS_MAX:
        yield "2320", f"A claim names at most {OTHER_PAYERS_MAX} other payers."
    ids = Counter(other.payer.payer_id for other in claim.other_payers)
    if any(count > 1 for count in ids.values()):
        yield "2330B NM109", "Two other payers carry the same id, so SVD01 would not tell which."


def _other_payer(other: OtherPayer, charges: dict[str, int]) -> Said:
    """CLM02 = AMT*D + all CAS of that payer, and the same for each line it adjudicated."""
    yield from _reasons(f"2320 {other.responsibility} CAS", other.adjustments)
    for line in other.lines:
        place = f"2320 {other.responsibility} 2430 {line.line_control} CAS"
        yield from _reasons(place, line.adjustments)
    if other.paid_cents is None:
        return
    where = f"2320 {other.responsibility}"
    if other.adjudicated_on is None and not other.lines:
        yield f"{where} DTP*573", "An other payer that adjudicated needs the day it did."
    left_on_lines = any(line.remaining_patient_liability_cents is not None for line in other.lines)
    if left_on_lines and other.remaining_patient_liability_cents is not None:
        yield (
            f"{where} AMT*EAF",
            "What is left to the patient is told of the claim or of its lines.",
        )
    line_sums = sum(a.cents for line in other.lines for a in line.adjustments)
    adjusted = sum(a.cents for a in other.adjustments) + line_sums
    charge = sum(charges.values())
    if charge != other.paid_cents + adjusted:
        yield where, _unequal(charge, other.paid_cents, adjusted)
    for control in dict.fromkeys(line.line_control for line in other.lines):
        yield from _other_payer_line(where, other, control, charges)


def _reasons(where: str, adjustments: Sequence[PriorAdjustment]) -> Said:
    """Six reasons fit in a segment, and a loop takes five segments; one group has its own."""
    counts = Counter(each.group for each in adjustments)
    segments = sum(-(-count // TRIPLETS_MAX) for count in counts.values())
    if segments > _CAS_MAX:
        yield where, f"More than {_CAS_MAX} segments of reasons do not fit."


def _other_payer_line(where: str, other: OtherPayer, control: str, charges: dict[str, int]) -> Said:
    if control not in charges:
        yield f"{where} 2430", f"Line {control} was adjudicated but is not on this claim."
        return
    lines = [line for line in other.lines if line.line_control == control]
    paid = sum(line.paid_cents for line in lines)
    adjusted = sum(a.cents for line in lines for a in line.adjustments)
    if charges[control] != paid + adjusted:
        yield f"{where} 2430 {control}", _unequal(charges[control], paid, adjusted)


def _unequal(charge: int, paid: int, adjusted: int) -> str:
    return (
        f"The charge {dollars(charge)} is not what the other payer paid, {dollars(paid)}, plus "
        f"what it took off, {dollars(adjusted)}."
    )
