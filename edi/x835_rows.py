"""What single segments of an 835 say, read from rows: bare lists of elements, the id first."""

from collections.abc import Sequence
from decimal import Decimal

from domain.parties import PersonName
from domain.remittance import AdjustmentGroup, RemitStatus

Row = Sequence[str]

GROUPS = {group.value: group for group in AdjustmentGroup}
STATUSES = {status.value: status for status in RemitStatus}
# CAS02-04, 05-07 ... 17-19: reason, amount, quantity.
TRIPLETS = (2, 5, 8, 11, 14, 17)
# An SVC05 left out means one unit.
ONE = Decimal(1)
_MOA_REMARKS, _MIA_REMARKS = (3, 4, 5, 6, 7), (5, 20, 21, 22, 23)


def code_of(composite: str, separator: str) -> tuple[str, tuple[str, ...]]:
    """The code of a procedure and its modifiers."""
    _, code, *others = (*composite.split(separator), "")
    return code, tuple(filter(None, others[:4]))


def npi_of(row: Row | None) -> str | None:
    return at(row, 9) if at(row, 8) == "XX" else None


def claim_remarks(outpatient: Row | None, inpatient: Row | None) -> tuple[str, ...]:
    if outpatient is None and inpatient is None:
        return ()
    found = [at(outpatient, place) for place in _MOA_REMARKS]
    found += [at(inpatient, place) for place in _MIA_REMARKS]
    return tuple(dict.fromkeys(filter(None, found)))


def name_of(row: Row | None) -> PersonName | None:
    last = at(row, 3)
    if last is None:
        return None
    return PersonName(last=last, first=at(row, 4), middle=at(row, 5), suffix=at(row, 7))


def at(row: Row | None, place: int) -> str | None:
    """An element that may not have been sent."""
    return (row[place] or None) if row is not None and place < len(row) else None
