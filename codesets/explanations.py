"""Our own words for codes of others: what a code means and what usually cures it. A code that no
table knows is shown as it came, since lists grow every four months and no answer may be lost."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from codesets.phrases import read_table

_DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, kw_only=True)
class Explanation:
    code: str
    words: str
    cure: str
    is_known: bool


def explain(table: str, code: str) -> Explanation:
    row = _rows(table).get(code)
    if row is None:
        return Explanation(
            code=code,
            words=f"Code {code}: no words of ours are kept for it.",
            cure="Look it up in the payer's list, then decide.",
            is_known=False,
        )
    return Explanation(code=code, words=row[0], cure=row[1], is_known=True)


@cache
def _rows(table: str) -> dict[str, tuple[str, str]]:
    return {
        row.get("kind", "") + row["code"]: (row["words"], row.get("cure", ""))
        for row in read_table(_DATA / f"{table}.tsv")
    }


def is_known(table: str, code: str) -> bool:
    return code in _rows(table)


def names(table: str) -> dict[str, str]:
    """Every code of a table with its words, in the order of the table."""
    return {code: words for code, (words, _) in _rows(table).items()}
