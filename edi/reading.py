"""Elements in: a value that cannot be read becomes a finding with its segment, never a guess."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from domain.money import cents_of
from domain.unknown_code import UnknownCode, told, unknown
from edi.errors import Finding, about, element_name
from edi.segments import Segment, first

_Code = TypeVar("_Code", bound=StrEnum)
_NUMBER = re.compile(r"-?[0-9]{0,15}(\.[0-9]{0,6})?")
_DAY = re.compile(r"[0-9]{8}")


# The same days and quantities come again and again in a large file.
_KEPT_MAX = 4096

# Nobody who was born before is treated now, and no coverage that ends has a later end.
_FIRST_YEAR, _LAST_YEAR = 1850, 2150

# Stands beside a finding only, where a day is required and was not told.
NO_DAY = dt.date.min


class Gather:
    """Reads elements of one set and keeps what was wrong with them."""

    def __init__(self, findings: list[Finding] | None = None) -> None:
        self.findings: list[Finding] = [] if findings is None else findings

    def mind(self, segment: Segment, words: str, place: int | None = None) -> None:
        """A segment that stands for a missing one has no id: that it is missing was said before."""
        if not segment.id:
            return
        self.findings.append(about(segment, words, place))

    def doubt(self, segment: Segment, words: str, place: int | None = None) -> None:
        """What is used all the same."""
        if segment.id:
            self.findings.append(replace(about(segment, words, place), is_doubt=True))

    @property
    def aside(self) -> "Gather":
        """Reads what is told beside the answer, on which neither money nor a state hangs: what
        cannot be read there is doubted and left out, and the rest is used."""
        return _Aside(self.findings)

    def text(self, segment: Segment, place: int) -> str:
        """An element that must be there."""
        if not segment.at(place):
            self.mind(
                segment, f"{element_name(segment, place)} is empty, but it is required.", place
            )
        return segment.at(place)

    def cents(self, segment: Segment, place: int) -> int:
        """An amount that must be there."""
        return self.amount(segment, self.text(segment, place), place)

    def cents_if_any(self, segment: Segment | None, place: int) -> int | None:
        if segment is None or not segment.at(place):
            return None
        return self._amount(segment, segment.at(place), place)

    def amount(self, segment: Segment, text: str, place: int) -> int:
        return self._amount(segment, text, place) or 0 if text else 0

    def _amount(self, segment: Segment, text: str, place: int) -> int | None:
        try:
            return cents_of(text)
        except ValueError as reason:
            self.mind(segment, f"{element_name(segment, place)}: {reason}", place)
            return None

    def number_if_any(self, segment: Segment, place: int) -> Decimal | None:
        text = segment.at(place)
        if not text:
            return None
        try:
            return number_of(text)
        except ValueError:
            self.mind(segment, f"{element_name(segment, place)} is not a number.", place)
            return None

    def date(self, segment: Segment, place: int) -> dt.date | None:
        """A day that must be there."""
        return self.day(segment, self.text(segment, place), place)

    def date_if_any(self, segment: Segment | None, place: int) -> dt.date | None:
        if segment is None or not segment.at(place):
            return None
        return self.day(segment, segment.at(place), place)

    def day(self, segment: Segment, text: str, place: int) -> dt.date | None:
        """CCYYMMDD. A day that nobody can have meant is kept as it stands."""
        if not text:
            return None
        try:
            return day_of(text)
        except OddDayError as odd:
            words = f"{element_name(segment, place)} says a day of the year {odd.day.year}."
            self.doubt(segment, words, place)
            return odd.day
        except ValueError:
            words = f"{element_name(segment, place)} is not a day written CCYYMMDD."
            self.mind(segment, words, place)
            return None

    def span(self, segment: Segment | None) -> tuple[dt.date | None, dt.date | None]:
        """A DTP in D8 (the day twice) or RD8; the time of a DT is left away."""
        if segment is None:
            return None, None
        start, _, end = segment.at(3).partition("-")
        opened = self.day(segment, start[:8], 3)
        return opened, self.day(segment, end[:8], 3) if end else opened

    def code(self, segment: Segment, place: int, codes: type[_Code], otherwise: _Code) -> _Code:
        """A member of a closed set; `otherwise` stands in only beside a finding."""
        try:
            return codes(segment.at(place))
        except ValueError:
            name = element_name(segment, place)
            self.mind(segment, f"{name} says {segment.at(place)[:6]!r}, no such code.", place)
            return otherwise

    def open_code(
        self, segment: Segment, place: int, codes: type[_Code], otherwise: _Code
    ) -> _Code | UnknownCode:
        """As `code`, but what has the shape of a code is kept where it is none that we know."""
        if segment.at(place) not in set(codes) and (kept := unknown(segment.at(place))):
            return kept
        return self.code(segment, place, codes, otherwise)

    def need(self, segments: Sequence[Segment], *elements: str) -> Segment | None:
        """The first such segment, which must be there."""
        found = first(segments, *elements)
        if found is None and segments:
            self.mind(segments[0], f"{'*'.join(elements)} is missing; it is required below here.")
        return found


class _Aside(Gather):
    def mind(self, segment: Segment, words: str, place: int | None = None) -> None:
        self.doubt(segment, words, place)


def unread(segment: Segment, place: int, code: str) -> tuple[str, ...]:
    """In words, where it is a code that we do not know."""
    if not isinstance(code, UnknownCode):
        return ()
    return (told(element_name(segment, place), code, segment.number),)


@lru_cache(maxsize=_KEPT_MAX)
def number_of(text: str) -> Decimal:
    """A quantity; ValueError when it is none."""
    if _NUMBER.fullmatch(text) is None or not any(each.isdigit() for each in text):
        raise ValueError(text)
    return Decimal(text)


class OddDayError(ValueError):
    """A day, but none on which anybody was born or paid."""

    def __init__(self, day: dt.date) -> None:
        super().__init__(f"{day} cannot be meant")
        self.day = day


@lru_cache(maxsize=_KEPT_MAX)
def day_of(text: str) -> dt.date:
    """A day written CCYYMMDD; ValueError when it is none, or none that can be meant."""
    if _DAY.fullmatch(text) is None:
        raise ValueError(text)
    day = dt.date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise OddDayError(day)
    return day
