"""How dates and cents read on paper: the same words on the letter and on the statement."""

import datetime as dt

MINUS = "\N{MINUS SIGN}"


def in_words(day: dt.date) -> str:
    """December 22, 2026. English whatever the locale: `strftime` would follow the machine."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def by_words(day: dt.date, *, seen_on: dt.date) -> str:
    """December 22; with its year only when that is not the year of the paper itself."""
    return in_words(day) if day.year != seen_on.year else in_words(day).rpartition(",")[0]


def amount(cents: int) -> str:
    """1,140.00, with a true minus sign so that columns line up."""
    sign = MINUS if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02}"


def dollars(cents: int) -> str:
    return f"${amount(cents)}" if cents >= 0 else f"{MINUS}${amount(-cents)}"


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
