"""The practice's own words for codes: what its charts call findings and services, and what common
abbreviations stand for. Small tables, read on the first question."""

import csv
from functools import cache
from pathlib import Path

from codesets.terms import normalize

_HERE = Path(__file__).resolve().parent
_SEED = _HERE.parent / "db" / "seed"


@cache
def finding_codes() -> dict[str, str]:
    """Normalized words of a finding to its diagnosis code."""
    return {normalize(words): code for code, words in finding_words().items()}


@cache
def finding_words() -> dict[str, str]:
    return {row["code"]: row["words"] for row in read_table(_SEED / "findings.tsv")}


@cache
def service_codes() -> dict[str, str]:
    """Normalized words of a service to its procedure code."""
    return {normalize(words): code for code, words in service_words().items()}


@cache
def service_words() -> dict[str, str]:
    return {row["code"]: row["words"] for row in read_table(_SEED / "procedures.tsv")}


@cache
def phrase_codes() -> dict[str, str]:
    rows = read_table(_HERE / "data" / "phrases.tsv")
    return {normalize(row["phrase"]): row["code"] for row in rows}


def read_table(path: Path) -> list[dict[str, str]]:
    """A table kept beside the code: tab-separated, with a line of column names."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
