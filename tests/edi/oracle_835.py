"""An 835 in sums and in levels out of balance, once by a foreign reader and once by ours.

The foreign one is asked about each interchange by itself, because it takes the separators of the
first one for all of them.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import oxedi

from domain.remit_balance import BalanceLevel, imbalances
from domain.remittance import Remittance, all_adjustments
from edi.read import SetKind, read

_HEADER = re.compile(rb"ISA[^A-Za-z0-9 ]0")
_LEVELS = {
    "service_balance": BalanceLevel.LINE,
    "claim_balance": BalanceLevel.CLAIM,
    "transaction_balance": BalanceLevel.PAYMENT,
}


class Sums(NamedTuple):
    """Count of claims; sums of BPR02, CLP03, CLP04, all CAS and all PLB, in cents."""

    claims: int
    paid_with: int
    charged: int
    paid: int
    adjusted: int
    kept: int


def is_835(data: bytes) -> bool:
    return any(one.kind is SetKind.REMITTANCE for one in read(data).sets)


def our_remittances(data: bytes) -> list[Remittance]:
    return [item for item in read(data).items if isinstance(item, Remittance)]


def our_sums(data: bytes) -> Sums:
    remittances = our_remittances(data)
    claims = [claim for one in remittances for claim in one.claims]
    return Sums(
        claims=len(claims),
        paid_with=sum(one.paid_cents for one in remittances),
        charged=sum(claim.charge_cents for claim in claims),
        paid=sum(claim.paid_cents for claim in claims),
        adjusted=sum(a.cents for claim in claims for a in all_adjustments(claim)),
        kept=sum(plb.cents for one in remittances for plb in one.provider_adjustments),
    )


def our_levels(data: bytes) -> set[BalanceLevel]:
    return {found.level for one in our_remittances(data) for found in imbalances(one)}


def foreign_sums(data: bytes) -> Sums:
    every = [_sums(part) for part in _interchanges(data)]
    return Sums(*(sum(column) for column in zip(*every, strict=True)))


def foreign_levels(data: bytes) -> set[BalanceLevel]:
    return {
        _LEVELS[found.rule.split('"')[1]]
        for part in _interchanges(data)
        for found in oxedi.parse(part).diagnostics
        if found.kind == "BalanceMismatch"
    }


def _interchanges(data: bytes) -> Iterator[bytes]:
    """Each from its ISA to the next: the foreign reader wants it to begin with its ISA."""
    starts = [found.start() for found in _HEADER.finditer(data)]
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        yield data[start:end]


def _sums(interchange: bytes) -> Sums:
    document = oxedi.parse(interchange).document
    segments = [document[place] for place in range(len(document))]
    rows = [[_text(part) for part in (one.id, *one.elements)] for one in segments]
    claims = [row for row in rows if row[0] == "CLP"]
    return Sums(
        claims=len(claims),
        paid_with=sum(_cents(row[2]) for row in rows if row[0] == "BPR"),
        charged=sum(_cents(row[3]) for row in claims),
        paid=sum(_cents(row[4]) for row in claims),
        adjusted=sum(_cents(a) for row in rows if row[0] == "CAS" for a in row[3::3] if a),
        kept=sum(_cents(a) for row in rows if row[0] == "PLB" for a in row[4::2] if a),
    )


def _text(part: bytes | list[bytes]) -> str:
    """A composite is a list; no amount is one."""
    return part.decode("latin-1").strip() if isinstance(part, bytes) else "composite"


def _cents(amount: str) -> int:
    return int(Decimal(amount) * 100)
