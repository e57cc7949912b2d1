"""The coded rows of a facility's claim as a person types them: read into what the claim says, or
refused with the row quoted.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.institutional import (
    Occurrence,
    OccurrenceSpan,
    PresentOnAdmission,
    StayDiagnosis,
    StayProcedure,
    ValueCode,
)

_CODE = re.compile(r"[0-9A-Z]{2}")
_PROCEDURE = re.compile(r"[0-9A-HJ-NP-Z]{7}")
_REVENUE = re.compile(r"[0-9]{4}")
_HCPCS = re.compile(r"[0-9A-Z]{5}")
# V to Y: what from outside brought a condition about.
_CAUSE = re.compile(r"[V-Y][0-9][0-9A-Z]{1,5}")
# A discipline of home health, and the number of what it does.
_TREATMENT = re.compile(r"[A-Z][0-9]{1,2}")
_UNITS_MAX = 9_999
_AMOUNT = re.compile(r"([0-9]{1,7})(?:\.([0-9]{1,2}))?")


class BadRow(ValueError):
    """A row that says nothing we know; its text quotes it and says how to write it."""


@dataclass(frozen=True, kw_only=True)
class StayCharge:
    """What a facility charges by itself; `code` is empty where the revenue code says it all."""

    revenue_code: str
    units: int
    on: dt.date
    code: str = ""


def charges(rows: Sequence[str]) -> tuple[StayCharge, ...]:
    """`0120 3 2026-03-01`: a revenue code, how many, the first day, and a procedure if any."""
    how = "revenue code, units, first day, for example 0120 3 2026-03-01"
    return tuple(_charge(row, how) for row in rows)


def procedures(rows: Sequence[str]) -> tuple[StayProcedure, ...]:
    """`0DTJ4ZZ 2026-03-02`: an ICD-10-PCS code and its day, the principal one first."""
    return tuple(_procedure(row) for row in rows)


def occurrences(rows: Sequence[str]) -> tuple[Occurrence, ...]:
    """`11 2026-03-01`: a code and its day."""
    how = "code day, for example 11 2026-03-01"
    return tuple(
        Occurrence(code=_code(code, row, how), on=_day(day, row, how))
        for row, (code, day) in _parts(rows, 2, how)
    )


def spans(rows: Sequence[str]) -> tuple[OccurrenceSpan, ...]:
    """`74 2026-03-01 2026-03-04`: a code, its first and its last day."""
    how = "code day day, for example 74 2026-03-01 2026-03-04"
    return tuple(
        OccurrenceSpan(
            code=_code(code, row, how), from_on=_day(first, row, how), to_on=_day(last, row, how)
        )
        for row, (code, first, last) in _parts(rows, 3, how)
    )


def values(rows: Sequence[str]) -> tuple[ValueCode, ...]:
    """`80 3` or `A1 12.50`: a code and its value."""
    how = "code value, for example 80 3"
    return tuple(
        ValueCode(code=_code(code, row, how), hundredths=_hundredths(amount, row, how))
        for row, (code, amount) in _parts(rows, 2, how)
    )


def conditions(rows: Sequence[str]) -> tuple[str, ...]:
    return tuple(_code(row.strip().upper(), row, "two letters or digits") for row in rows)


def treatments(rows: Sequence[str]) -> tuple[str, ...]:
    """`A01`: what a home health agency does by its plan of treatment."""
    for row in rows:
        if _TREATMENT.fullmatch(row.strip().upper()) is None:
            raise BadRow(_refusal(row, "a letter and a number, for example A01"))
    return tuple(row.strip().upper() for row in rows)


def causes(rows: Sequence[str]) -> tuple[StayDiagnosis, ...]:
    """`W19.XXXA` or `W19.XXXA Y`: a cause, and of an inpatient whether it was there before."""
    return tuple(_cause(row) for row in rows)


def is_cause(code: str) -> bool:
    """Of an ICD-10-CM code, with its point or without."""
    return _CAUSE.fullmatch(code.replace(".", "")) is not None


def _cause(row: str) -> StayDiagnosis:
    code, told, *more = [*row.upper().split(), *[""] * 2][:3]
    if any(more) or not is_cause(code) or told not in {"", *PresentOnAdmission}:
        how = "a code of V to Y, then Y, N, U or W for an inpatient, for example W19.XXXA Y"
        raise BadRow(_refusal(row, how))
    return StayDiagnosis(
        code=code.replace(".", ""), on_admission=PresentOnAdmission(told) if told else None
    )


def _charge(row: str, how: str) -> StayCharge:
    revenue_code, units, day, code, *more = [*row.upper().split(), *[""] * 4][:8]
    is_number = units.isascii() and units.isdigit() and 0 < int(units) <= _UNITS_MAX
    has_code = not code or _HCPCS.fullmatch(code)
    if any(more) or not (_REVENUE.fullmatch(revenue_code) and is_number and has_code):
        raise BadRow(_refusal(row, how))
    return StayCharge(
        revenue_code=revenue_code, units=int(units), on=_day(day, row, how), code=code
    )


def _procedure(row: str) -> StayProcedure:
    how = "ICD-10-PCS code and day, for example 0DTJ4ZZ 2026-03-02"
    ((_, (code, day)),) = _parts([row], 2, how)
    if _PROCEDURE.fullmatch(code) is None:
        raise BadRow(_refusal(row, how))
    return StayProcedure(code=code, on=_day(day, row, how))


def _parts(rows: Sequence[str], count: int, how: str) -> list[tuple[str, list[str]]]:
    made = [(row, row.upper().split()) for row in rows]
    for row, parts in made:
        if len(parts) != count:
            raise BadRow(_refusal(row, how))
    return made


def _code(code: str, row: str, how: str) -> str:
    if _CODE.fullmatch(code) is None:
        raise BadRow(_refusal(row, how))
    return code


def _day(text: str, row: str, how: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadRow(_refusal(row, how)) from None


def _hundredths(text: str, row: str, how: str) -> int:
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise BadRow(_refusal(row, how))
    whole, part = found.groups()
    return int(whole) * 100 + int((part or "0").ljust(2, "0"))


def _refusal(row: str, how: str) -> str:
    return f"“{row[:60]}” cannot be read: write {how}."
