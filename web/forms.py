"""Forms that are not tasks, read strictly: what is missing or malformed is refused beside its
field, all problems of a form at once."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import urlsplit

from casework.refusals import Problem, Refused
from domain.money import cents_of

TEXT_MAX = 500
DAYS_MAX = 3_650
_DECIMAL = re.compile(r"[0-9]{1,7}(\.[0-9]{1,3})?", re.ASCII)


def date_of(form: Mapping[str, str], name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(form.get(name, "").strip())
    except ValueError:
        raise Refused.of(name, "Give a date, as 2026-03-31.") from None


def own_path(target: str | None) -> str | None:
    """Only a path of ours: a link elsewhere must not borrow our door."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def typed_amount(cents: int | None) -> str | None:
    """An amount as a person types it."""
    return None if cents is None else f"{cents // 100}.{cents % 100:02d}"


class Reader:
    """Gathers what is wrong with each field; `done` raises when anything was."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self.form = form
        self.problems: dict[str, Problem] = {}

    def done(self) -> None:
        if self.problems:
            raise Refused(self.problems)

    def refuse(self, name: str, words: str, suggestion: str | None = None) -> None:
        self.problems.setdefault(name, Problem(words=words, suggestion=suggestion))

    def text(self, name: str, words: str | None = None, *, most: int = TEXT_MAX) -> str:
        """A trimmed text; `words` refuse an empty one."""
        value = self.form.get(name, "").strip()
        if words and not value:
            self.refuse(name, words)
        if len(value) > most:
            self.refuse(name, f"Write at most {most} characters.")
        return value

    def one_of(self, name: str, allowed: Mapping[str, object]) -> str:
        value = self.form.get(name, "")
        if value not in allowed:
            self.refuse(name, "Choose one of the list.")
        return value

    def one_of_if_any(self, name: str, allowed: Mapping[str, object]) -> str | None:
        return self.one_of(name, allowed) if self.form.get(name) else None

    def number(self, name: str, *, least: int, most: int) -> int:
        value = self.form.get(name, "").strip()
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            self.refuse(name, f"Give a whole number from {least} to {most}.")
            return least
        return int(value)

    def cents(self, name: str) -> int:
        value = self.form.get(name, "").strip().removeprefix("$").replace(",", "")
        try:
            cents = cents_of(value)
        except ValueError:
            self.refuse(name, "Give an amount, as 25.00.")
            return 0
        if cents <= 0:
            self.refuse(name, "Give an amount above zero.")
        return cents

    def cents_if_any(self, name: str, words: str = "Give an amount, as 25.00.") -> int | None:
        """None when nothing was typed; nothing at all is an amount here."""
        value = self.text(name, most=12).removeprefix("$").replace(",", "")
        if not value:
            return None
        try:
            return cents_of(value)
        except ValueError:
            self.refuse(name, words)
            return None

    def decimal(self, name: str, words: str) -> Decimal | None:
        """None when nothing was typed; `words` refuse what is no number, as `NaN` is none."""
        value = self.form.get(name, "").strip()
        if value and _DECIMAL.fullmatch(value) is None:
            self.refuse(name, words)
            return None
        return Decimal(value) if value else None

    def decimal_needed(self, name: str, words: str) -> Decimal:
        found = self.decimal(name, words)
        if found is None:
            self.refuse(name, words)
            return Decimal(1)  # Never used: `done` raises first.
        return found

    def date_if_any(self, name: str) -> dt.date | None:
        return self.date(name, "Give a date") if self.text(name) else None

    def date(self, name: str, words: str) -> dt.date:
        try:
            return dt.date.fromisoformat(self.form.get(name, "").strip())
        except ValueError:
            self.refuse(name, f"{words}, as 2026-03-31.")
            return dt.date.min  # Never used: `done` raises first.
