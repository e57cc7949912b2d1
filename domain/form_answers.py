"""The answers of a form that certifies the need, as a person types them: `4 yes`, `1B 87.5%`,
`1C 2026-03-01`, `1A left lung`. What was read is written back the same."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

from domain.claim_details import FormAnswer

HOW = "the question and its answer, for example 4 yes, 1B 87.5%, 1C 2026-03-01 or 1A left lung"
WORDS_MAX = 50
_QUESTION = re.compile(r"[0-9A-Z]{1,20}")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?)%")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YES = {"YES": True, "NO": False}


class BadAnswer(ValueError):
    """A row that answers nothing; its text quotes it and says how to write it."""


def read(rows: Sequence[str]) -> tuple[FormAnswer, ...]:
    return tuple(_answer(row.strip()) for row in rows if row.strip())


def written(answer: FormAnswer) -> str:
    if answer.yes is not None:
        return f"{answer.question} {'yes' if answer.yes else 'no'}"
    if answer.percent is not None:
        return f"{answer.question} {answer.percent}%"
    return f"{answer.question} {answer.on or answer.words or ''}"


def _answer(row: str) -> FormAnswer:
    question, _, rest = row.partition(" ")
    question, said = question.upper(), rest.strip()
    if not _QUESTION.fullmatch(question) or not said or len(said) > WORDS_MAX:
        raise BadAnswer(f"“{row[:60]}” cannot be read: write {HOW}.")
    if said.upper() in _YES:
        return FormAnswer(question=question, yes=_YES[said.upper()])
    if found := _PERCENT.fullmatch(said):
        return FormAnswer(question=question, percent=Decimal(found[1]))
    if _DAY.fullmatch(said):
        return FormAnswer(question=question, on=_day(said, row))
    return FormAnswer(question=question, words=said)


def _day(said: str, row: str) -> dt.date:
    try:
        return dt.date.fromisoformat(said)
    except ValueError:
        raise BadAnswer(f"“{row[:60]}” names no day.") from None
