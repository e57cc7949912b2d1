"""A submitted form, read strictly: what is missing or malformed is a `Refused` beside its field."""

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from casework.refusals import Refused
from domain.money import cents_of

Choice = TypeVar("Choice", bound=StrEnum)
TEXT_MAX = 20_000


class Form:
    """Reads the fields of one submission; each reader raises `Refused` naming the field."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values

    def as_answer(self) -> dict[str, list[str]]:
        """What was submitted, for the task's record (the page's own fields left out)."""
        own = {"csrf_token", "version", "answer"}
        return {name: list(value) for name, value in self._values.items() if name not in own}

    def text(self, name: str, *, required: str | None = None) -> str:
        """A trimmed text; `required` is the sentence shown when it is empty."""
        value = next(iter(self._values.get(name, ())), "").strip()
        if required and not value:
            raise Refused.of(name, required)
        if len(value) > TEXT_MAX:
            raise Refused.of(name, f"Write at most {TEXT_MAX} characters.")
        return value

    def has(self, name: str) -> bool:
        """Whether the form had the field at all; what it had may be empty."""
        return name in self._values

    def choice(self, name: str, kind: type[Choice]) -> Choice:
        value = self.text(name, required="Choose one.")
        try:
            return kind(value)
        except ValueError:
            raise Refused.of(name, f"{value[:40]!r} is not one of the choices.") from None

    def one_of(self, name: str, allowed: Sequence[str]) -> str:
        value = self.text(name, required="Choose one.")
        if value not in allowed:
            raise Refused.of(name, f"{value[:40]!r} is not one of the choices.")
        return value

    def date(self, name: str) -> dt.date:
        value = self.text(name, required="Give a date.")
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise Refused.of(name, f"{value[:20]!r} is not a date; write 2026-03-31.") from None

    def cents(self, name: str) -> int:
        value = self.text(name, required="Give an amount.")
        try:
            return cents_of(value.removeprefix("$").replace(",", ""))
        except ValueError as error:
            raise Refused.of(name, str(error)) from None

    def rows(self, name: str) -> list[str]:
        """The non-empty lines of a CODES or LINES field."""
        joined = "\n".join(self._values.get(name, ()))
        return [line.strip() for line in joined.splitlines() if line.strip()]

    def is_checked(self, name: str) -> bool:
        return bool(self.text(name))
