"""How dates read on paper: the same words on the letter and on the statement."""

import datetime as dt


def in_words(day: dt.date) -> str:
    """December 22, 2026. English whatever the locale: `strftime` would follow the machine."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def by_words(day: dt.date, *, seen_on: dt.date) -> str:
    """December 22; with its year only when that is not the year of the paper itself."""
    return in_words(day) if day.year != seen_on.year else in_words(day).rpartition(",")[0]


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
