"""The claims of an 835, each with its lines, reasons and remarks where they were said.

A large file has millions of these segments. So they are rows here, bare lists of elements, sorted
in one pass by what they are; one becomes a `Segment` only to be told of in a finding.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from domain.money import repeated_cents_of
from domain.remittance import Adjustment, AdjustmentGroup, RemitClaim, RemitLine, RemitStatus
from domain.unknown_code import UnknownCode
from edi.reading import Gather, day_of, number_of
from edi.segments import Segment, Separators
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

_QUALIFIED = frozenset({"NM1", "REF", "DTM", "AMT", "LQ"})
_UNITS, _SUBMITTED, _DATE = 5, 6, 2


class _Loop:
    """A claim before its lines, or a line: what opens it, and the others by their qualifiers."""

    __slots__ = ("firsts", "number", "opening", "reasons", "repeats")

    def __init__(self, number: int, opening: Row) -> None:
        self.number, self.opening = number, opening
        self.firsts: dict[tuple[str, str], Row] = {}
        """By `("NM1", "QC")`: the first of them counts."""
        self.repeats: list[Row] = []
        self.reasons: list[tuple[int, Row]] = []

    def values(self, segment_id: str, qualifier: str) -> tuple[str, ...]:
        """What all of these segments hold, `LQ*HE` or `REF*0K`."""
        key = (segment_id, qualifier)
        others = [row for row in self.repeats if _key(row) == key]
        return tuple([at(row, 2) or "" for row in (self.firsts[key], *others)])


class ClaimReader:
    """Reads the claims of one remittance, in their order."""

    def __init__(self, separators: Separators, gather: Gather) -> None:
        self._separators, self._gather = separators, gather
        self.count = 0
        """How many of the remittance were read."""
        self._number = 0
        self._rows: Sequence[Row] = ()
        self._numbers: dict[int, int] = {}
        """Of this claim's rows by identity, once one of them is to be found fault with."""
        component = separators.component
        self._code = lru_cache(maxsize=1024)(lambda text: code_of(text, component))

    def read(self, number: int, rows: Sequence[Row]) -> RemitClaim:
        """A CLP, whose number in its set is given, and all that follows it up to the next."""
        self.count += 1
        self._number, self._rows, self._numbers = number, rows, {}
        head, *lines = _loops(number, rows)
        payment, first = head.opening, head.firsts.get
        patient, subscriber = first(("NM1", "QC")), first(("NM1", "IL"))
        corrected, rendering = first(("NM1", "74")), first(("NM1", "82"))
        crossover, priority = first(("NM1", "TT")), first(("NM1", "PR"))
        return RemitClaim(
            ordinal=self.count,
            segment=number,
            pcn=self._text(payment, 1),
            status=self._status(payment),
            charge_cents=self._cents(payment, 3),
            paid_cents=self._cents(payment, 4),
            patient_responsibility_cents=self._cents_if_any(payment, 5) or 0,
            filing_code=at(payment, 6) or "",
            payer_claim_number=at(payment, 7) or "",
            facility_type=at(payment, 8),
            frequency=at(payment, 9),
            drg=at(payment, 11),
            crossover_name=at(crossover, 3),
            crossover_id=at(crossover, 9),
            corrected_payer_name=at(priority, 3),
            corrected_payer_id=at(priority, 9),
            patient=name_of(patient),
            member_id=at(patient, 9) or at(subscriber, 9),
            corrected_name=name_of(corrected),
            corrected_member_id=at(corrected, 9),
            rendering_npi=npi_of(rendering),
            remarks=claim_remarks(first(("MOA", "")), first(("MIA", ""))),
            adjustments=self._adjustments(head.reasons),
            lines=tuple([self._line(place, line) for place, line in enumerate(lines, 1)]),
            original_reference=at(first(("REF", "F8")), 2),
            prior_auth=at(first(("REF", "G1")), 2),
            medical_record_number=at(first(("REF", "EA")), 2),
            received_on=self._date_if_any(first(("DTM", "050"))),
            coverage_expired_on=self._date_if_any(first(("DTM", "036"))),
            service_from_on=self._date_if_any(first(("DTM", "232"))),
            service_to_on=self._date_if_any(first(("DTM", "233"))),
            interest_cents=self._cents_if_any(first(("AMT", "I")), 2),
            coverage_cents=self._cents_if_any(first(("AMT", "AU")), 2),
        )

    def _line(self, ordinal: int, line: _Loop) -> RemitLine:
        service, firsts = line.opening, line.firsts
        first = firsts.get
        size = len(service)
        units = self._number_if_any(service, 5) if size > _UNITS else None
        code, modifiers = self._code(service[1] if size > 1 else "")
        return RemitLine(
            ordinal=ordinal,
            segment=line.number,
            code=code,
            modifiers=modifiers,
            charge_cents=self._cents(service, 2),
            paid_cents=self._cents_if_any(service, 3) or 0,
            # An SVC05 left out means one unit.
            units=ONE if units is None else units,
            line_control=at(first(("REF", "6R")), 2),
            service_on=self._date_if_any(first(("DTM", "472")) or first(("DTM", "150"))),
            service_to_on=self._date_if_any(first(("DTM", "151"))),
            adjustments=self._adjustments(line.reasons) if line.reasons else (),
            remarks=line.values("LQ", "HE") if ("LQ", "HE") in firsts else (),
            allowed_cents=self._cents_if_any(first(("AMT", "B6")), 2),
            submitted_code=(self._code(service[6])[0] or None) if size > _SUBMITTED else None,
            submitted_units=self._number_if_any(service, 7) if size > _SUBMITTED else None,
            policy_ids=line.values("REF", "0K") if ("REF", "0K") in firsts else (),
        )

    def _adjustments(self, reasons: Sequence[tuple[int, Row]]) -> tuple[Adjustment, ...]:
        found: list[Adjustment] = []
        for number, row in reasons:
            size = len(row)
            for place in TRIPLETS:
                if place >= size:
                    break
                carc = row[place]
                if not carc and not any(row[place : place + 3]):
                    continue
                group = GROUPS.get(row[1]) or self._unknown_group(row)
                carc = carc or self._text(row, place)
                cents = self._cents(row, place + 1)
                quantity = self._number_if_any(row, place + 2) if place + 2 < size else None
                found.append(Adjustment(len(found) + 1, number, group, carc, cents, quantity))
        return tuple(found)

    def _unknown_group(self, row: Row) -> AdjustmentGroup | UnknownCode:
        segment = self._segment(row)
        return self._gather.open_code(segment, 1, AdjustmentGroup, AdjustmentGroup.OTHER)

    def _status(self, row: Row) -> RemitStatus | UnknownCode:
        known = STATUSES.get(at(row, 2) or "")
        otherwise = RemitStatus.PATIENT_UNKNOWN
        return known or self._gather.open_code(self._segment(row), 2, RemitStatus, otherwise)

    def _text(self, row: Row, place: int) -> str:
        return at(row, place) or self._gather.text(self._segment(row), place)

    def _cents(self, row: Row, place: int) -> int:
        try:
            return repeated_cents_of(row[place])
        except (IndexError, ValueError):
            return self._gather.cents(self._segment(row), place)

    def _cents_if_any(self, row: Row | None, place: int) -> int | None:
        if row is None or place >= len(row) or not row[place]:
            return None
        return self._cents(row, place)

    def _number_if_any(self, row: Row, place: int) -> Decimal | None:
        if place >= len(row) or not row[place]:
            return None
        try:
            return number_of(row[place])
        except ValueError:
            return self._gather.number_if_any(self._segment(row), place)

    def _date_if_any(self, row: Row | None) -> dt.date | None:
        """DTM02."""
        if row is None or len(row) == _DATE or not row[_DATE]:
            return None
        try:
            return day_of(row[_DATE])
        except ValueError:
            return self._gather.date_if_any(self._segment(row), _DATE)

    def _segment(self, row: Row) -> Segment:
        """For a finding: only now we ask for the number."""
        if not self._numbers:
            self._numbers = {id(each): n for n, each in enumerate(self._rows, self._number)}
        return Segment(self._numbers[id(row)], tuple(row), self._separators)


def _loops(number: int, rows: Sequence[Row]) -> list[_Loop]:
    """The claim itself, then its lines."""
    loop = _Loop(number, rows[0])
    found, firsts = [loop], loop.firsts
    for place, row in enumerate(rows, number):
        segment_id = row[0]
        if segment_id == "CAS":
            loop.reasons.append((place, row))
        elif segment_id == "SVC":
            loop = _Loop(place, row)
            firsts = loop.firsts
            found.append(loop)
        else:
            key = _key(row)
            if key in firsts:
                loop.repeats.append(row)
            else:
                firsts[key] = row
    return found


def _key(row: Row) -> tuple[str, str]:
    return row[0], row[1] if row[0] in _QUALIFIED and len(row) > 1 else ""
