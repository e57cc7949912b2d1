"""Codes of a stored answer that nobody knows (CLP02, CAS01), and what a person reads them as.

What was read takes the code's place, so that posting, reversals and the next payer's claim agree on
it; the code as sent stands beside it.
"""

from collections.abc import Iterator, Mapping

from db.models import RemitAdjustment, RemitClaim
from domain.remittance import AdjustmentGroup, RemitStatus
from domain.unknown_code import told

_STATUSES, _GROUPS = frozenset(RemitStatus), frozenset(AdjustmentGroup)


def has_unknown_status(answer: RemitClaim) -> bool:
    return answer.status not in _STATUSES


def unknown_groups(answer: RemitClaim) -> list[str]:
    """Each once, in order."""
    return list(dict.fromkeys(each.group_code for each in _unknown(answer)))


def unread(answer: RemitClaim) -> list[str]:
    """Where each stands, in words; nothing where every code is known."""
    status = [told("CLP02", answer.status, answer.segment)] if has_unknown_status(answer) else []
    places = {(each.segment, each.group_code): None for each in _unknown(answer)}
    return [*status, *(told("CAS01", code, segment) for segment, code in places)]


def read_as(
    answer: RemitClaim, status: RemitStatus | None, groups: Mapping[str, AdjustmentGroup]
) -> None:
    """What a person says that they mean."""
    if status is not None:
        answer.status_sent, answer.status = answer.status, status.value
    for each in list(_unknown(answer)):
        each.group_sent, each.group_code = each.group_code, groups[each.group_code].value


def _unknown(answer: RemitClaim) -> Iterator[RemitAdjustment]:
    every = (each for line in answer.lines for each in line.adjustments)
    return (each for each in every if each.group_code not in _GROUPS)
