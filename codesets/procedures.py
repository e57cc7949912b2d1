"""Procedure codes: their shape, the words of the practice's own services, and the demo's limits of
units and pairs. No licensed text is kept: a code without words of ours is shown as a code."""

import datetime as dt
import re
from functools import cache
from pathlib import Path

from codesets.phrases import read_table, service_words
from domain.findings import PairLimit, UnitLimit

_DATA = Path(__file__).resolve().parent / "data"
_CPT = re.compile(r"\d{4}[0-9AFMTU]")
_LABORATORY = re.compile(r"8[0-9]{4}|[0-9]{4}U")
_SKIN_TESTS = frozenset({"86485", "86486", "86490", "86510", "86580"})
_HCPCS = re.compile(r"[A-CE-HJ-MP-V]\d{4}")


def is_laboratory(code: str) -> bool:
    """Whether the laboratory that does it needs a number of its own (CLIA): all of that section but
    the skin tests, which no laboratory does."""
    return bool(_LABORATORY.fullmatch(code)) and code not in _SKIN_TESTS


def has_shape(code: str) -> bool:
    return bool(_CPT.fullmatch(code) or _HCPCS.fullmatch(code))


def describe(code: str) -> str | None:
    return service_words().get(code)


def unit_limit(code: str) -> UnitLimit | None:
    return _unit_limits().get(code)


def pair_limit(column_1: str, column_2: str, on: dt.date) -> PairLimit | None:
    for limit, effective_on, ended_on in _pair_limits().get((column_1, column_2), ()):
        if effective_on <= on and (ended_on is None or on <= ended_on):
            return limit
    return None


@cache
def _unit_limits() -> dict[str, UnitLimit]:
    return {
        row["code"]: UnitLimit(max_units=int(row["max_units"]), is_by_line=row["mai"] == "1")
        for row in read_table(_DATA / "mue.tsv")
    }


@cache
def _pair_limits() -> dict[tuple[str, str], list[tuple[PairLimit, dt.date, dt.date | None]]]:
    limits: dict[tuple[str, str], list[tuple[PairLimit, dt.date, dt.date | None]]] = {}
    for row in read_table(_DATA / "ptp.tsv"):
        ended_on = dt.date.fromisoformat(row["ended_on"]) if row["ended_on"] else None
        limits.setdefault((row["column_1"], row["column_2"]), []).append(
            (
                PairLimit(may_be_parted=row["modifier_indicator"] == "1"),
                dt.date.fromisoformat(row["effective_on"]),
                ended_on,
            )
        )
    return limits
