"""Claims of an 835 that are written as its guide orders them, each read by two patterns at once.

Nearly every claim of a large file is like that. Of any other, and wherever a value is not as it
should be, nothing is said here: `edi/x835_claims.py` reads it with care and finds the words.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import count
from typing import TypeVar

from domain.money import cents_of, repeated_cents_of
from domain.parties import PersonName
from domain.remittance import Adjustment, AdjustmentGroup, RemitClaim, RemitLine
from edi.reading import day_of, number_of
from edi.segments import Separators
from edi.x835_rows import (
    GROUPS,
    ONE,
    STATUSES,
    TRIPLETS,
    Row,
    at,
    claim_remarks,
    code_of,
    name_of,
    npi_of,
)
from edi.x835_shapes import shapes

_Read = TypeVar("_Read")
# Days, reasons, remarks and the like come again and again in a payer's file.
_KEPT_MAX = 4096
_DRG = 2
_TRIPLET = 3
_VALUE = 2
# Received, coverage expired, service from and to.
_CLAIM_DAYS = ("050", "036", "232", "233")
_NOBODY = (None, None)
_NOTHING = dict[str, str]().get


# As the tuple does it that an adjustment is, in half the time of its own constructor.
_made = tuple.__new__
# Its ordinal, place of its segment in the run from 1, group, reason, cents, quantity.
_Reason = tuple[int, int, AdjustmentGroup, str, int, Decimal | None]


class UsualClaims:
    """Of one interchange, whose separators stand in the patterns."""

    def __init__(self, separators: Separators) -> None:
        self._element, self._end = separators.element, separators.terminator
        self._line_start = f"{self._end}SVC{self._element}"
        self._component = separators.component
        claim, line = shapes(self._element, self._end)
        self._match_claim, self._find_lines = claim.match, line.findall
        self._code = _kept(lambda text: code_of(text, self._component))
        self._reasons = _kept(lambda run: tuple(self._each_reason(run)))
        self._claim_days = _kept(self._read_claim_days)
        self._line_days = _kept(self._read_line_days)
        self._remarks = _kept(lambda run: self._values(run, "HE"))
        self._rendering = _kept(lambda text: npi_of(self._row(text)))

    def read(self, ordinal: int, number: int, text: str) -> RemitClaim | None:
        """`text` is what stands from behind `CLP*` to the next CLP, without the last terminator.
        None where it needs a closer look."""
        found = self._match_claim(text)
        if found is None:
            return None
        try:
            lines = self._lines(number, text, found.end())
            return self._claim(ordinal, number, found, lines)
        except (KeyError, ValueError):
            # A code that is not known or a value that cannot be read.
            return None

    def _claim(
        self, ordinal: int, number: int, found: re.Match[str], lines: tuple[RemitLine, ...]
    ) -> RemitClaim:
        (
            pcn, status, charge, paid, owed, filing_code, payer_claim_number, facility, frequency,
            rest, reasons, patient, subscriber, corrected, rendering, crossover, priority,
            inpatient, outpatient, references, days, amounts,
        ) = found.groups()  # fmt: skip
        who = patient.split(self._element) if patient else None
        reference = self._firsts(references).get if references else _NOTHING
        received_on, expired_on, from_on, to_on = self._claim_days(days)
        amount = self._firsts(amounts).get if amounts else _NOTHING
        # By their places: a tuple of so many is made in a third of the time that names take.
        return RemitClaim(
            ordinal,
            number,
            pcn,
            STATUSES[status],
            cents_of(charge),
            cents_of(paid),
            cents_of(owed) if owed else 0,
            payer_claim_number or "",
            filing_code or "",
            *(self._named(crossover) if crossover else _NOBODY),
            *(self._named(priority) if priority else _NOBODY),
            name_of(who),
            at(who, 9) or (self._named(subscriber)[1] if subscriber else None),
            *(self._person(corrected) if corrected else _NOBODY),
            self._rendering(rendering) if rendering else None,
            self._moa(outpatient, inpatient) if outpatient or inpatient else (),
            self._adjustments(number, reasons) if reasons else (),
            lines,
            reference("F8") or None,
            reference("G1") or None,
            reference("EA") or None,
            received_on,
            expired_on,
            from_on,
            to_on,
            _cents_if_any(amount("I")),
            _cents_if_any(amount("AU")),
            at(rest.split(self._element), _DRG) if rest else None,
            facility or None,
            frequency or None,
        )

    def _lines(self, number: int, text: str, start: int) -> tuple[RemitLine, ...]:
        """`number`: of the CLP."""
        found = self._find_lines(text, start)
        if len(found) != text.count(self._line_start, start):
            raise ValueError
        number += text.count(self._end, 0, start) + 1
        read = []
        for ordinal, groups in enumerate(found, 1):
            read.append(self._line(ordinal, number, groups))
            number += groups[0].count(self._end)
        return tuple(read)

    def _line(self, ordinal: int, number: int, groups: tuple[str, ...]) -> RemitLine:
        (
            _, composite, charge, paid, _, units, submitted, submitted_units,
            days, reasons, control, references, allowed, amounts, remarks,
        ) = groups  # fmt: skip
        code, modifiers = self._code(composite)
        adjustments: tuple[Adjustment, ...] = ()
        if reasons:
            adjustments = self._adjustments(number + days.count(self._end), reasons)
        if references and not control:
            control = self._firsts(references).get("6R", "")
        if amounts and not allowed:
            allowed = self._firsts(amounts).get("B6", "")
        return RemitLine(
            ordinal,
            number,
            code,
            repeated_cents_of(charge),
            repeated_cents_of(paid) if paid else 0,
            number_of(units) if units else ONE,
            modifiers,
            control or None,
            *self._line_days(days),
            adjustments,
            self._remarks(remarks) if remarks else (),
            repeated_cents_of(allowed) if allowed else None,
            (self._code(submitted)[0] or None) if submitted else None,
            number_of(submitted_units) if submitted_units else None,
            self._values(references, "0K") if references else (),
        )

    def _adjustments(self, number: int, run: str) -> tuple[Adjustment, ...]:
        """`number`: of the segment before the first of them."""
        return tuple(
            [
                _made(Adjustment, (ordinal, number + place, group, carc, cents, quantity))
                for ordinal, place, group, carc, cents, quantity in self._reasons(run)
            ]
        )

    def _each_reason(self, run: str) -> Iterator[_Reason]:
        ordinals = count(1)
        for place, row in enumerate(self._rows(run), 1):
            group = GROUPS[row[1]]
            for first in TRIPLETS[: len(row) // _TRIPLET]:
                carc, cents, *others = row[first : first + _TRIPLET]
                quantity = others[0] if others else ""
                if carc:
                    number = number_of(quantity) if quantity else None
                    yield next(ordinals), place, group, carc, repeated_cents_of(cents), number
                elif cents or quantity:
                    raise ValueError

    def _read_claim_days(self, run: str) -> tuple[dt.date | None, ...]:
        first = self._firsts(run).get
        return tuple([_day(first(qualifier)) for qualifier in _CLAIM_DAYS])

    def _read_line_days(self, run: str) -> tuple[dt.date | None, dt.date | None]:
        first = self._firsts(run).get
        return _day(first("472", first("150"))), _day(first("151"))

    def _firsts(self, run: str) -> dict[str, str]:
        """What the first segment of each qualifier holds."""
        if run.count(self._end) == 1 and run.count(self._element) == _VALUE:
            _, qualifier, value = run.split(self._element)
            return {qualifier: value}
        found: dict[str, str] = {}
        for row in self._rows(run):
            found.setdefault(row[1], row[_VALUE] if len(row) > _VALUE else "")
        return found

    def _values(self, run: str, qualifier: str) -> tuple[str, ...]:
        return tuple([at(row, 2) or "" for row in self._rows(run) if row[1] == qualifier])

    def _rows(self, run: str) -> list[list[str]]:
        """Of segments that stand one behind the other, each with the terminator before it."""
        if not run:
            return []
        return [text.split(self._element) for text in run[1:].split(self._end)]

    def _person(self, text: str) -> tuple[PersonName | None, str | None]:
        row = text.split(self._element)
        return name_of(row), at(row, 9)

    def _named(self, text: str) -> tuple[str | None, str | None]:
        row = text.split(self._element)
        return at(row, 3), at(row, 9)

    def _moa(self, outpatient: str | None, inpatient: str | None) -> tuple[str, ...]:
        return claim_remarks(self._row(outpatient), self._row(inpatient))

    def _row(self, text: str | None) -> Row | None:
        return text.split(self._element) if text else None


def _day(text: str | None) -> dt.date | None:
    return day_of(text) if text else None


def _cents_if_any(text: str | None) -> int | None:
    return cents_of(text) if text else None


def _kept(read: Callable[[str], _Read]) -> Callable[[str], _Read]:
    return lru_cache(maxsize=_KEPT_MAX)(read)
