"""A cursor over foreign JSON that always knows its place, so that whatever is wrong in a file can
be named by its path. Nothing outside this module meets an unchecked JSON value."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

_COUNT_MAX = 9999


class Broken(Exception):
    """One thing in their file breaks one rule. It costs only what depends on it."""

    def __init__(self, place: str, rule: str, what_to_do: str) -> None:
        super().__init__(f"{place}: {rule}")
        self.place = place
        self.rule = rule
        self.what_to_do = what_to_do


@dataclass(frozen=True, kw_only=True)
class Element:
    value: object
    place: str

    def __getitem__(self, key: str) -> "Element":
        inner = self.value.get(key) if isinstance(self.value, dict) else None
        return Element(value=inner, place=f"{self.place}.{key}")

    def __iter__(self) -> Iterator["Element"]:
        if isinstance(self.value, list):
            for index, inner in enumerate(self.value):
                yield Element(value=inner, place=f"{self.place}[{index}]")

    def __bool__(self) -> bool:
        return self.value not in (None, "", [], {})

    @property
    def first(self) -> "Element":
        return next(iter(self), Element(value=None, place=f"{self.place}[0]"))

    @property
    def text(self) -> str:
        """The value as text, empty if there is none."""
        match self.value:
            case str(text):
                return text.strip()
            case bool():
                return ""
            case int() | float():
                return str(self.value)
            case _:
                return ""

    def needed_text(self) -> str:
        if not self.text:
            raise Broken(
                self.place,
                "a required value is missing or is not text",
                "Fill it in in the sending system and send the file again.",
            )
        return self.text

    def day(self) -> dt.date | None:
        """The calendar day as it is written; a time and its offset do not shift it."""
        if not self.value:
            return None
        try:
            return dt.date.fromisoformat(self.text[:10])
        except ValueError:
            raise self._not_a_date() from None

    def needed_day(self) -> dt.date:
        day = self.day()
        if day is None:
            self.needed_text()
            raise self._not_a_date()
        return day

    def instant(self) -> dt.datetime | None:
        if not self.value:
            return None
        try:
            moment = dt.datetime.fromisoformat(self.text)
        except ValueError:
            raise self._not_a_date() from None
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)

    def count(self, *, default: int) -> int:
        if not self:
            return default
        try:
            number = float(self.text)
        except ValueError:
            number = -1.0
        if not (number.is_integer() and 0 < number <= _COUNT_MAX):
            raise Broken(
                self.place,
                "units must be a whole number from 1 to 9999",
                "Correct the quantity in the sending system and send the file again.",
            )
        return int(number)

    def _not_a_date(self) -> Broken:
        return Broken(
            self.place,
            "a date must be a real day written YYYY-MM-DD",
            "Correct the date in the sending system and send the file again.",
        )
